/** Paths inside a config: forward slashes on every system. */
import { posix } from 'node:path';
import type { ConfigPath } from '../protocol';
import type { Report } from './problem';

/** Warns about backslashes, which separate nothing but on Windows. */
export function checkPath(path: string, at: ConfigPath, report: Report): void {
  const absolute = /^([A-Za-z]:|\\)\\/.test(path);
  if (!path.includes('\\') || absolute) return;
  report({
    code: 'backslash-path',
    severity: 'warning',
    message: 'Paths in a config are written with forward slashes; a backslash is taken as part of a name.',
    suggestion: `Write \`${path.replaceAll('\\', '/')}\`.`,
    path: at,
    part: 'value',
  });
}

/** The same folder always the same text: `./a//b/../c/` is `a/c`, the config's own folder is empty. */
export function normalizeFolder(path: string): string {
  const normal = posix.normalize(path).replace(/(.)\/+$/, '$1');
  return normal === '.' ? '' : normal;
}
