/** Where data comes from. */
import type { ConfigPath, ReadOptions, SourceSpec } from '../protocol';
import { datasetSource, isDatasetPath } from './dependencies';
import { checkPath } from './paths';
import type { Report } from './problem';
import { asList } from './shorthands';
import { shorten } from './wording';
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
    } else if (isDatasetPath(path)) {
      checkDatasetSource(item, itemAt, report);
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

/** The name itself is looked up once all datasets are known. */
function checkDatasetSource(item: WrittenSource, at: ConfigPath, report: Report): void {
  const path = typeof item === 'string' ? item : item.path;
  if (datasetSource(path) === undefined) {
    report({
      code: 'invalid-value',
      severity: 'error',
      message: `Expected \`dataset://\` and the name of a dataset, found \`${shorten(path)}\`.`,
      suggestion: 'Behind the name, `/train`, `/validation` or `/test` takes one split only.',
      path: typeof item === 'string' ? at : [...at, 'path'],
      part: 'value',
    });
  }
  if (typeof item === 'string') return;
  for (const key of ['format', 'options'] as const) {
    if (item[key] === undefined) continue;
    report({
      code: 'invalid-value',
      severity: 'error',
      message: `A dataset is read as it was written: \`${key}\` says nothing about it.`,
      suggestion: `Remove \`${key}\`.`,
      path: [...at, key],
      part: 'key',
    });
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
