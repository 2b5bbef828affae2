/** Where data comes from. */
import type { ConfigPath, FetchSpec, ReadOptions, SourceSpec } from '../protocol';
import { kindOfAddress, schemeOf } from './addresses';
import { checkAddress, faultsOfKeys } from './checkAddress';
import { datasetSource, isDatasetPath } from './dependencies';
import { checkPath } from './paths';
import type { Report } from './problem';
import { asList, parseDuration } from './shorthands';
import { shorten } from './wording';
import type { WrittenDataset, WrittenSource } from './written';

/** So long a query may take unless it is said. */
const QUERY_SECONDS = 600;

/** Reports paths and addresses that the build can't follow; `at` is where `source` is written. */
export function checkSource(source: NonNullable<WrittenDataset['source']>, at: ConfigPath, report: Report): void {
  const items = asList<WrittenSource>(source);
  for (const [index, item] of items.entries()) {
    const itemAt = Array.isArray(source) ? [...at, index] : at;
    if (typeof item === 'string') checkText(item, itemAt, report);
    else checkEntry(item, itemAt, report);
  }
}

type SourceEntry = Exclude<WrittenSource, string>;

function checkText(path: string, at: ConfigPath, report: Report): void {
  if (isDatasetPath(path)) checkDatasetSource(path, at, report);
  else if (schemeOf(path) === undefined) checkPath(path, at, report);
  else checkAddress(path, {}, { at, addressAt: at }, report);
}

function checkEntry(item: SourceEntry, at: ConfigPath, report: Report): void {
  const { path, uri } = item;
  const fault = (
    code: 'invalid-value' | 'missing-key',
    key: string | undefined,
    message: string,
    suggestion: string,
  ) => {
    const part = key === undefined ? 'key' : 'value';
    report({ code, severity: 'error', message, suggestion, path: key === undefined ? at : [...at, key], part });
  };
  if (path === undefined && uri === undefined) {
    const suggestion = 'Add `path` with a file, folder or glob, or `uri` with an address.';
    fault('missing-key', undefined, 'The key `path` is missing.', suggestion);
  } else if (path !== undefined && uri !== undefined) {
    fault('invalid-value', 'uri', 'A source has a `path` or a `uri`, not both.', 'Make two entries of a list of it.');
  } else if (uri !== undefined) {
    checkAddress(uri, item, { at, addressAt: [...at, 'uri'] }, report);
  } else if (path !== undefined) {
    faultsOfKeys(item, 'path', at, report);
    if (isDatasetPath(path)) {
      checkDatasetSource(path, [...at, 'path'], report);
      refuseReading(item, at, report);
    } else if (schemeOf(path) === undefined) checkPath(path, [...at, 'path'], report);
    else fault('invalid-value', 'path', '`path` names files of this disk, not an address.', 'Write it under `uri`.');
  }
}

/** The name itself is looked up once all datasets are known. */
function checkDatasetSource(path: string, at: ConfigPath, report: Report): void {
  if (datasetSource(path) !== undefined) return;
  report({
    code: 'invalid-value',
    severity: 'error',
    message: `Expected \`dataset://\` and the name of a dataset, found \`${shorten(path)}\`.`,
    suggestion: 'Behind the name, `/train`, `/validation` or `/test` takes one split only.',
    path: at,
    part: 'value',
  });
}

function refuseReading(item: SourceEntry, at: ConfigPath, report: Report): void {
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
    const entry: SourceEntry = typeof item === 'string' ? { path: item } : item;
    const { nullValues, ...options } = entry.options ?? {};
    const resolved: ReadOptions = { ...options, ...(nullValues !== undefined && { nullValues: asList(nullValues) }) };
    const path = entry.uri ?? entry.path ?? '';
    const fetch = fetchOf(path, entry);
    return {
      path,
      ...(entry.format !== undefined && { format: entry.format }),
      options: resolved,
      ...(fetch && { fetch }),
    };
  });
}

function fetchOf(address: string, entry: SourceEntry): FetchSpec | undefined {
  const { sha256, md5, members, headers, endpoint, region, profile, anonymous, query, table, incremental, timeout } =
    entry;
  const wanted = {
    ...(sha256 !== undefined && { sha256: sha256.toLowerCase() }),
    ...(md5 !== undefined && { md5: md5.toLowerCase() }),
    ...(members !== undefined && { members: asList(members) }),
  };
  switch (kindOfAddress(address)) {
    case 'file':
      return {
        ...{ of: 'file', ...wanted },
        ...(headers && {
          headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])),
        }),
      };
    case 'store':
      return {
        ...{ of: 'store', ...wanted },
        ...(endpoint !== undefined && { endpoint }),
        ...(region !== undefined && { region }),
        ...(profile !== undefined && { profile }),
        ...(anonymous && { anonymous }),
      };
    case 'rows':
      return {
        of: 'rows',
        ...(query !== undefined && { query }),
        ...(table !== undefined && { table }),
        ...(incremental && { incremental: { column: incremental.column } }),
        timeoutSeconds: (timeout === undefined ? undefined : parseDuration(timeout)) ?? QUERY_SECONDS,
      };
    case undefined:
      return undefined;
  }
}
