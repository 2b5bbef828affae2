/** What the names of files say: which format, and whether compressed. What a file really is, its content says. */
import type { SourceFormat } from '../protocol';

const formats: ReadonlyMap<string, SourceFormat> = new Map([
  ['csv', 'csv'],
  ['tsv', 'tsv'],
  ['tab', 'tsv'],
  ['json', 'json'],
  ['jsonl', 'jsonl'],
  ['ndjson', 'jsonl'],
  ['parquet', 'parquet'],
  ['parq', 'parquet'],
  ['pq', 'parquet'],
  ['pqt', 'parquet'],
  ['arrow', 'arrow'],
  ['arrows', 'arrow'],
  ['feather', 'arrow'],
  ['ipc', 'arrow'],
]);

const codecs: ReadonlyMap<string, 'gzip' | 'zstd'> = new Map([
  ['gz', 'gzip'],
  ['gzip', 'gzip'],
  ['zst', 'zstd'],
  ['zstd', 'zstd'],
]);

/** Without the dot. */
export const DATA_EXTENSIONS: readonly string[] = [...formats.keys()];
/** Of text, which may also be compressed: `a.csv.gz`. */
export const COMPRESSION_EXTENSIONS: readonly string[] = [...codecs.keys()];

/** The format that a name tells; a compression in it is looked through. */
export function formatOfName(path: string): SourceFormat | undefined {
  const bare = codecOfName(path) ? path.slice(0, path.lastIndexOf('.')) : path;
  return formats.get(lastPart(bare));
}

/** The compression that a name tells. */
export function codecOfName(path: string): 'gzip' | 'zstd' | undefined {
  return path.includes('.') ? codecs.get(lastPart(path)) : undefined;
}

/** Whether the name is that of a data file: of a known format, and compressed only if that is text. */
export function isDataFile(path: string): boolean {
  const format = formatOfName(path);
  if (format === undefined) return false;
  return codecOfName(path) === undefined || (format !== 'parquet' && format !== 'arrow');
}

function lastPart(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1).toLowerCase();
}
