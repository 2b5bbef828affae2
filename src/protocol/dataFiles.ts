/** The names of data files, for whoever lists or offers them. What a file really is, its content says. */

/** Text, which may also be compressed: `a.csv.gz`. */
export const TEXT_EXTENSIONS = ['csv', 'tsv', 'tab', 'json', 'jsonl', 'ndjson'] as const;
export const COMPRESSION_EXTENSIONS = ['gz', 'gzip', 'zst', 'zstd'] as const;
/** Without the dot. */
export const DATA_EXTENSIONS = [
  ...TEXT_EXTENSIONS,
  ...['parquet', 'parq', 'pq', 'pqt', 'arrow', 'arrows', 'feather', 'ipc'],
] as const;
