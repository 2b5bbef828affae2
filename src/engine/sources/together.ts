/** Many small files are read by one statement: one for each of them would take longer than its rows. */
import { readCsv, type keepRejects, type passOverRejects } from './delimited';
import type { OpenSource } from './source';

/** The rows of files with the same `reader`, one file after the other; `file_index` says which it is, from 0. */
export function readTogether(
  sources: readonly OpenSource[],
  rejects: typeof keepRejects | typeof passOverRejects,
): string {
  const [first] = sources;
  const paths = sources.map(({ text: textFile, file }) => textFile?.path ?? file.path);
  return readCsv(paths, [...(first?.reader === undefined ? [] : [first.reader]), rejects]);
}

/** Files beyond this keep the machine busy by themselves. */
const SMALL_BYTES = 4 << 20;
/** Of one statement: what the person who waits hears of, and what is read again when one of the files is odd. */
export const MOST_FILES = 64;
const MOST_BYTES = 32 << 20;
/** With more columns the statement is what takes its time, not the file. */
const MOST_COLUMNS = 150;

/** Cuts files into runs that one statement can read: neighbours with the same reader of which `kind` says the same. */
export function runsOf(sources: readonly OpenSource[], kind: (source: OpenSource) => string): OpenSource[][] {
  const runs: OpenSource[][] = [];
  let last: string | undefined;
  let bytes = 0;
  for (const source of sources) {
    const { file, reader, columns } = source;
    const alone = reader === undefined || file.bytes > SMALL_BYTES || columns.length > MOST_COLUMNS;
    const key = alone ? undefined : `${reader} ${kind(source)}`;
    const run = runs.at(-1);
    if (run && key !== undefined && key === last && run.length < MOST_FILES && bytes + file.bytes <= MOST_BYTES) {
      run.push(source);
      bytes += file.bytes;
    } else {
      runs.push([source]);
      bytes = file.bytes;
    }
    last = key;
  }
  return runs;
}
