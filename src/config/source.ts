/** Where data comes from. */
import type { ConfigPath, ReadOptions, SourceSpec } from '../protocol';
import { checkPath } from './paths';
import type { Report } from './problem';
import { asList } from './shorthands';
import type { WrittenDataset, WrittenSource } from './written';

/** Reports paths that the build can't follow; `at` is where `source` is written. */
export function checkSource(source: NonNullable<WrittenDataset['source']>, at: ConfigPath, report: Report): void {
  const items = asList<WrittenSource>(source);
  for (const [index, item] of items.entries()) {
    const itemAt = Array.isArray(source) ? [...at, index] : at;
    const path = typeof item === 'string' ? item : item.path;
    const pathAt = typeof item === 'string' ? itemAt : [...itemAt, 'path'];
    const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(path)?.[1];
    if (scheme === undefined) {
      checkPath(path, pathAt, report);
    } else {
      report({
        code: 'not-supported-yet',
        severity: 'error',
        message: `A source on the network (\`${scheme}://\`) is not supported yet.`,
        suggestion: 'Download the data into the workspace and write its path.',
        path: pathAt,
        part: 'value',
      });
    }
  }
}

export function resolveSource(source: NonNullable<WrittenDataset['source']>): SourceSpec[] {
  return asList<WrittenSource>(source).map((item) => {
    if (typeof item === 'string') return { path: item, options: {} };
    const { nullValues, ...options } = item.options ?? {};
    const resolved: ReadOptions = { ...options, ...(nullValues !== undefined && { nullValues: asList(nullValues) }) };
    return { path: item.path, ...(item.format !== undefined && { format: item.format }), options: resolved };
  });
}
