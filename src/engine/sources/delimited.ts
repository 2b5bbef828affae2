/** CSV and TSV: the dialect is sniffed once by us and then fixed for the reader, which guesses nothing. */
import { pathLiteral, struct, text, textList } from '../duckdb';
import { mixedNewlines, sniffDialect } from '../text';
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
  const { dialect, findings: sniffed } = sniffDialect(head, file.options, {
    path: file.name,
    format: input.format === 'tsv' ? 'tsv' : 'csv',
    complete: head.length < 1 << 20,
  });
  const kinds = context.mixedNewlines.get(file.path);
  const findings =
    kinds === undefined
      ? sniffed
      : [...sniffed.filter(({ code }) => code !== 'mixed-newlines'), mixedNewlines(kinds, file.name)];
  const mixed = findings.some(({ code }) => code === 'mixed-newlines');
  const path = mixed ? await evenNewlines(input, dialect, context) : input.path;
  const nullValues = ['', ...(file.options.nullValues ?? [])];
  // Positional names: those of the header may be anything and reach SQL only when the output is written.
  const columns = dialect.columns.map((given, index) => {
    const name = given === '' ? freeName(`column${index + 1}`, dialect.columns) : given;
    const parsed = context.parseValues ? parsedByReader[context.declared.get(name) ?? 'any'] : undefined;
    return { name, expression: `c${index}`, type: parsed ?? 'text' };
  });
  const options = [
    pathLiteral(path),
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
    // Said without need, it makes the reader cut its buffers into small pieces, whatever their size.
    ...(context.maxRecordBytes === USUAL_RECORD_BYTES ? [] : [`max_line_size = ${context.maxRecordBytes}`]),
    `columns = ${struct(columns.map(({ expression, type }) => [expression, text(type === 'text' ? 'VARCHAR' : type)]))}`,
  ];
  const buffer = (bytes: number) => `buffer_size = ${bytes}`;
  const reading = buffer(readingBuffer(head, file.bytes, context));
  return {
    file,
    format: input.format,
    relation: `read_csv(${[...options, keepRejects, reading].join(', ')})`,
    glance: `read_csv(${[...options, passOverRejects, reading].join(', ')})`,
    // A buffer is parsed whole, however few rows are asked for.
    head: `read_csv(${[...options, passOverRejects, buffer(wholeMebibytes(context.maxRecordBytes))].join(', ')})`,
    columns,
    text: { path, dialect, normalized: path !== file.path },
    options: {
      delimiter: dialect.delimiter,
      header: dialect.header,
      quote: dialect.quote,
      ...(dialect.escape !== dialect.quote && { escape: dialect.escape }),
      encoding: input.encoding,
      ...(dialect.skipLines > 0 && { skipLines: dialect.skipLines }),
      ...(file.options.nullValues && { nullValues: file.options.nullValues }),
    },
    findings,
  };
}

/** As many as the engine's tables put together. */
const TABLE_GROUP_ROWS = 122_880;
const LONGEST_BUFFER_BYTES = 32 << 20;

/**
 * What a thread reads at a time, bytes. Rows that fill a group of the table are kept as they are; fewer are copied once
 * more to be put together, which costs as much as parsing them. Yet every thread should have some of the file.
 */
function readingBuffer(head: Buffer, fileBytes: number, { database, maxRecordBytes }: OpenContext): number {
  const group = (1.05 * TABLE_GROUP_ROWS * head.length) / countLines(head);
  const share = fileBytes / (2 * database.threads);
  return wholeMebibytes(Math.max(4 * maxRecordBytes, Math.min(group, share, LONGEST_BUFFER_BYTES)));
}

function countLines(text: Buffer): number {
  let lines = 1;
  for (let at = text.indexOf(LF); at !== -1; at = text.indexOf(LF, at + 1)) lines++;
  return lines;
}
