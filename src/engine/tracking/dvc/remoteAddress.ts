/** Addresses of remotes: what kind they are of, how they stand in a config, and how they are shown. */
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MldataError } from '../../../protocol';
import { pathSetting, type DvcSetting } from './config';
import { remoteKinds, type RemoteKind } from './remoteKinds';

/** As DVC tells an address from a path. */
const SCHEME = /^(\w+):\/\//;

/** Names of parameters in an address that let whoever has it in. */
const TELLING = /^(sig|.*(token|secret|password|passwd|credential|signature|api_?key|access_?key).*)$/i;

/** Throws `remote-url` for an address that DVC would not understand, and one that has a password in it. */
export function kindOfAddress(url: string): RemoteKind {
  const scheme = SCHEME.exec(url)?.[1];
  if (scheme === undefined) {
    if (url.trim() === '' || hasControl(url)) throw wrong(url, 'it names no place');
    if (/^(s3|gs|azure|ssh|https?):/i.test(url)) throw wrong(url, 'two slashes are missing after the colon');
    return local;
  }
  const kind = scheme === 'file' ? local : remoteKinds[scheme];
  if (kind === undefined) {
    throw wrong(
      shownAddress(url),
      `mldata adds remotes at a local path and at s3://, gs://, azure://, ssh://, http:// and https://. \`dvc remote add\` knows further ones`,
    );
  }
  const rest = url.slice(scheme.length + 3);
  if (rest === '' || (scheme !== 'file' && rest.startsWith('/')) || hasControl(url)) {
    throw wrong(shownAddress(url), 'it names no host or bucket');
  }
  if (shownAddress(url) !== url) {
    throw wrong(
      shownAddress(url),
      `it has credentials in it, and the config of the repository is in git. Leave them out of the address, and give them as secrets (such as \`password\`), which are kept in \`.dvc/config.local\``,
    );
  }
  return kind;
}

/** Without what lets somebody in: the password, and parameters such as a signature. */
export function shownAddress(url: string): string {
  const [, head, user = '', path = '', query] = /^(\w+:\/\/)([^/?#]*@)?([^?]*)(?:\?(.*))?$/s.exec(url) ?? [];
  if (head === undefined) return url;
  const kept = query?.split('&').filter((part) => !TELLING.test(part.split('=', 1)[0] ?? ''));
  return `${head}${user.replace(/:.*@/s, '@')}${path}${kept && kept.length > 0 ? `?${kept.join('&')}` : ''}`;
}

/**
 * How a path that is relative to `from` stands in a config file in `folder`, as DVC writes it: addresses, absolute paths
 * and those of somebody's home stay what they are.
 */
export function writtenPath(path: string, from: string, folder: string): string {
  if (SCHEME.test(path) || isAbsolute(path) || /^~(?=$|[/\\])/.test(path)) return path.split(sep).join('/');
  return relative(folder, resolve(from, path)).split(sep).join('/') || '.';
}

/** The folder that the address of a remote stands for on this machine; undefined: it is elsewhere. */
export function localFolder(url: DvcSetting): string | undefined {
  if (!SCHEME.test(url.value)) return pathSetting(url);
  try {
    return url.value.startsWith('file://') ? fileURLToPath(url.value) : undefined;
  } catch {
    return undefined;
  }
}

const local: RemoteKind = remoteKinds[''] ?? { settings: {}, secrets: [] };

function hasControl(text: string): boolean {
  return /\p{Cc}/u.test(text);
}

function wrong(url: string, why: string): MldataError {
  return new MldataError('usage', 'remote-url', `${url || 'The address'} cannot be a remote: ${why}.`);
}
