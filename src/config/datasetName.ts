/** What a dataset may be called, after what it is made from. */
import { datasetNamePattern, type NewSource } from '../protocol';
import { databaseSchemes, schemeOf } from './addresses';

/** The name of the file, folder, table or repository, with a number where that is taken. */
export function datasetNameFor(source: NewSource, taken: readonly string[]): string {
  const stem = wordOf(source)
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const name = datasetNamePattern.test(stem) ? stem : 'dataset';
  let free = name;
  for (let number = 2; taken.includes(free); number++) free = `${name}-${number}`;
  return free;
}

function wordOf({ place, table }: NewSource): string {
  if (table !== undefined) return /([^."]+)"?$/.exec(table)?.[1] ?? '';
  const scheme = schemeOf(place);
  const [path = ''] = scheme === undefined || scheme === 's3' ? [place] : place.split(/[?#]/);
  // Of `hf://datasets/owner/name@revision/path`, the name says most.
  const repository = /^hf:\/\/datasets\/[^/]+\/([^/@]+)/i.exec(path)?.[1];
  if (repository !== undefined) return repository;
  const parts = path
    .replace(/^(sqlite|duckdb):/i, '')
    .split(/[\\/]/)
    .filter((part) => part !== '');
  // Of an address without a path, its scheme and host.
  const own = scheme === undefined || scheme in databaseSchemes ? parts : parts.slice(2);
  const stems = own.map((part) => part.replace(/(\.[a-z0-9]+){1,2}$/i, ''));
  return stems.filter((stem) => /[A-Za-z0-9]/.test(stem)).at(-1) ?? '';
}
