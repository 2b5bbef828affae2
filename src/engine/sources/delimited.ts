/** CSV and TSV: the dialect is sniffed once by us and then fixed for the reader, which guesses nothing. */
import { pathLiteral, struct, text, textList } from '../duckdb';
import { mixedNewlines, sniffDialect, type Dialect } from '../text';
import type { ColumnType, Encoding } from '../../protocol';
import { evenNewlines } from './newlines';
import type { SourceFile } from './local';
import { freeName, USUAL_RECORD_BYTES, wholeMebibytes, type OpenContext, type OpenSource } from './source';

export interface TextInput {
  readonly file: SourceFile;
  readonly format: 'csv' | 'tsv' | 'json' | 'jsonl';
  /** The UTF-8 text. */
  readonly path: string;
  readonly head: Buffer;
  /** What the original was written in. */
  readonly encoding: Encoding;
}

/** What the reader does with records it cannot take. */
export const keepRejects = 'store_rejects = true, rejects_limit = 0';
export const passOverRejects = 'ignore_errors = true';

const LF = 10;

/** What the reader parses exactly as the schema would, but for overflow. */
const parsedByReader: Partial<Record<ColumnType, string>> = { number: 'DOUBLE', boolean: 'BOOLEAN' };

export async function openDelimited(input: TextInput, context: OpenContext): Promise<OpenSource> {
  const { file, head } = input;
  const format = input.format === 'tsv' ? 'tsv' : 'csv';
  const { dialect, findings: sniffed } = sniffDialect(head, file.options, {
    path: file.name,
    format,
    complete: head.length < 1 << 20,
  });
  const kinds = context.mixedNewlines.get(file.path);
  const findings =
    kinds === undefined
      ? sniffed
      : [...sniffed.filter(({ code }) => code !== 'mixed-newlines'), mixedNewlines(kinds, file.name)];
  const mixed = findings.some(({ code }) => code === 'mixed-newlines');
  const path = mixed ? await evenNewlines(input, dialect, context) : input.path;
  const facts = { format, encoding: input.encoding, dialect, lineBytes: head.length / countLines(head) } as const;
  return { ...sourceOf(file, path, facts, context), findings };
}

/** What there is to find out about a file of delimited text before its rows are read. */
export interface DelimitedFacts {
  readonly format: 'csv' | 'tsv';
  /** What the original was written in. */
  readonly encoding: Encoding;
  readonly dialect: Dialect;
  /** How long its lines are, by the first of them. */
  readonly lineBytes: number;
}

/** A file of which everything was found out before, from the same content. */
export function openKnown(
  file: SourceFile,
  { findings, ...facts }: DelimitedFacts & Pick<OpenSource, 'findings'>,
  context: OpenContext,
): OpenSource {
  return { ...sourceOf(file, file.path, facts, context), findings };
}

function sourceOf(file: SourceFile, path: string, facts: DelimitedFacts, context: OpenContext): OpenSource {
  const { dialect, encoding, format } = facts;
  const nullValues = ['', ...(file.options.nullValues ?? [])];
  // Positional names: those of the header may be anything and reach SQL only when the output is written.
  const columns = dialect.columns.map((given, index) => {
    const name = given === '' ? freeName(`column${index + 1}`, dialect.columns) : given;
    const parsed = context.parseValues ? parsedByReader[context.declared.get(name) ?? 'any'] : undefined;
    return { name, expression: `c${index}`, type: parsed ?? 'text' };
  });
  const options = [
    'auto_detect = false',
    // Else a plain file with `.gz` in its name would be taken for a compressed one, and a folder `k=v` for a column.
    "compression = 'uncompressed'",
    'hive_partitioning = false',
    'strict_mode = true',
    `delim = ${text(dialect.delimiter)}`,
    `quote = ${text(dialect.quote)}`,
    `escape = ${text(dialect.quote === '' ? '' : dialect.escape)}`,
    `header = ${dialect.header}`,
    `skip = ${dialect.skipLines}`,
    `nullstr = ${textList(nullValues)}`,
    ...(file.quotedIsText ? ['allow_quoted_nulls = false'] : []),
    // Said without need, it makes the reader cut its buffers into small pieces, whatever their size.
    ...(context.maxRecordBytes === USUAL_RECORD_BYTES ? [] : [`max_line_size = ${context.maxRecordBytes}`]),
    `columns = ${struct(columns.map(({ expression, type }) => [expression, text(type === 'text' ? 'VARCHAR' : type)]))}`,
  ];
  const buffer = (bytes: number) => `buffer_size = ${bytes}`;
  const reading = buffer(readingBuffer(facts.lineBytes, file.bytes, context));
  return {
    file,
    format,
    relation: readCsv([path], [...options, reading, keepRejects]),
    glance: readCsv([path], [...options, reading, passOverRejects]),
    // A buffer is parsed whole, however few rows are asked for.
    head: readCsv([path], [...options, buffer(wholeMebibytes(context.maxRecordBytes)), passOverRejects]),
    columns,
    reader: [...options, reading].join(', '),
    text: { path, dialect, normalized: path !== file.path },
    ...(path === file.path && { facts }),
    options: {
      delimiter: dialect.delimiter,
      header: dialect.header,
      quote: dialect.quote,
      ...(dialect.escape !== dialect.quote && { escape: dialect.escape }),
      encoding,
      ...(dialect.skipLines > 0 && { skipLines: dialect.skipLines }),
      ...(file.options.nullValues && { nullValues: file.options.nullValues }),
    },
    findings: [],
  };
}

/** Files read by one statement with the same options. */
export function readCsv(paths: readonly string[], options: readonly string[]): string {
  return `read_csv([${paths.map(pathLiteral).join(', ')}], ${options.join(', ')})`;
}

/** As many as the engine's tables put together. */
const TABLE_GROUP_ROWS = 122_880;
const LONGEST_BUFFER_BYTES = 32 << 20;

/**
 * What a thread reads at a time, bytes. Rows that fill a group of the table are kept as they are; fewer are copied once
 * more to be put together, which costs as much as parsing them. Yet every thread should have some of the file.
 */
function readingBuffer(lineBytes: number, fileBytes: number, { database, maxRecordBytes }: OpenContext): number {
  const group = 1.05 * TABLE_GROUP_ROWS * lineBytes;
  const { threads } = database;
  // Each thread has as many of them as any other: the last one is waited for.
  const rounds = Math.max(2, Math.floor(fileBytes / (threads * group)));
  const share = fileBytes / (rounds * threads);
  return wholeMebibytes(Math.max(4 * maxRecordBytes, Math.min(share, LONGEST_BUFFER_BYTES)));
}

function countLines(text: Buffer): number {
  let lines = 1;
  for (let at = text.indexOf(LF); at !== -1; at = text.indexOf(LF, at + 1)) lines++;
  return lines;
}
