/** What SQL needs to know of one opened file. */
import { join } from 'node:path';
import { MldataError, type ColumnType, type Finding, type Input, type SourceFormat } from '../../protocol';
import type { Database } from '../duckdb';
import type { Dialect } from '../text';
import type { DelimitedFacts } from './delimited';
import type { SourceFile } from './local';

/** A column as the file has it. */
export interface SourceColumn {
  readonly name: string;
  /** SQL for the value, over the source's relation. */
  readonly expression: string;
  /** `text`: still to be cast; else the engine's type. */
  readonly type: string;
}

export interface OpenSource {
  readonly file: SourceFile;
  readonly format: SourceFormat;
  /** SQL that stands after FROM; rows come in the order of the file. */
  readonly relation: string;
  /**
   * The same rows for a first look: it passes over what the reader rejects, where `relation` keeps an account, which
   * the engine cannot where a limit cuts a character in two.
   */
  readonly glance: string;
  /** The same, where taking its first rows alone is cheaper so. */
  readonly head?: string;
  readonly columns: readonly SourceColumn[];
  /** The options of its reader: files that have the same ones can be read by one statement ({@link readTogether}). */
  readonly reader?: string;
  /** What was found out about it, where it is delimited text that is read as it stands. */
  readonly facts?: DelimitedFacts;
  /** SQL condition that is false for a record that cannot be read at all. */
  readonly readable?: string;
  /** SQL for the whole record as text, where the format is text. */
  readonly rawText?: string;
  /** For text formats whose records can be counted and located: the UTF-8 file and how it is cut into records. */
  readonly text?: { readonly path: string; readonly dialect: Dialect | 'lines'; readonly normalized: boolean };
  /** Where it is read as Parquet: from these files. */
  readonly parquet?: readonly string[];
  readonly options?: Input['options'];
  readonly findings: readonly Finding[];
}

export interface OpenContext {
  readonly database: Database;
  readonly dataset: string;
  /** Where converted copies go; removed by whoever made it. */
  readonly scratch: string;
  /** Types of the declared columns. */
  readonly declared: ReadonlyMap<string, ColumnType>;
  /**
   * Let the reader itself parse numbers and booleans, which is faster but says of a bad cell only that the record is
   * bad, and turns an overflow into infinity. Callers read again without it when either happens.
   */
  readonly parseValues: boolean;
  readonly signal: AbortSignal;
  /** Records longer than this are rejected by the reader, bytes: {@link USUAL_RECORD_BYTES}, or whole mebibytes. */
  readonly maxRecordBytes: number;
  /** Files known to mix line ends, by absolute path, with the kinds that were found. */
  readonly mixedNewlines: ReadonlyMap<string, string>;
}

/** The error of a file that is no use, with what to do about it. */
export function unreadable(
  file: SourceFile,
  code: string,
  message: string,
  suggestion: string,
  cause?: unknown,
): MldataError {
  const finding: Finding = { code, severity: 'error', message, locations: [{ file: file.name }], suggestion };
  return new MldataError('buildFailed', code, `${file.name}: ${message} ${suggestion}`, [finding], { cause });
}

/** Throws `duplicate-column`: columns that differ only in letter case are one column to most readers of Parquet. */
export function refuseTwins(names: readonly string[], file: SourceFile, dataset: string): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    if (twin !== undefined) {
      const finding: Finding = {
        code: 'duplicate-column',
        severity: 'error',
        message:
          twin === name
            ? `The column ${name} stands twice.`
            : `The columns ${twin} and ${name} differ only in letter case.`,
        dataset,
        column: name,
        locations: [{ file: file.name, line: 1 }],
        suggestion: 'Rename one of them in the file.',
      };
      throw new MldataError('buildFailed', finding.code, `${file.name}: ${finding.message}`, [finding]);
    }
    seen.set(name.toLowerCase(), name);
  }
}

/** A name like this one that no other column has. */
export function freeName(name: string, taken: readonly string[]): string {
  return taken.some((other) => other.toLowerCase() === name.toLowerCase()) ? freeName(`${name}_`, taken) : name;
}

/** What a reader that knows only paths threw, in terms of the file as the config names it. */
export function named(file: SourceFile, error: unknown): unknown {
  if (!(error instanceof MldataError) || error.kind === 'cancelled') return error;
  const findings = error.findings.map((finding) => ({
    ...finding,
    message: finding.message.replaceAll(file.path, file.name),
    ...(finding.locations && { locations: finding.locations.map((location) => ({ ...location, file: file.name })) }),
  }));
  const message = error.message.replaceAll(file.path, file.name);
  return new MldataError(error.kind, error.code, message, findings, { cause: error });
}

/** The longest record that the reader of delimited text takes by itself. */
export const USUAL_RECORD_BYTES = 2_000_000;

/** Buffers of other sizes can make that reader lose rows where they meet, or give up. */
export function wholeMebibytes(bytes: number): number {
  return Math.ceil(bytes / (1 << 20)) * (1 << 20);
}

let copies = 0;

/** A path in the scratch folder that nothing has yet. */
export function scratchPath(scratch: string, extension = ''): string {
  return join(scratch, `copy-${++copies}${extension}`);
}
