/** What cannot be kept as it is in a format: counted, and said. */
import type { Database } from '../duckdb';
import { isNested, ZONED } from '../schema';
import { MldataError, type ExportFormat, type Finding } from '../../protocol';
import { changedBy, countedLosses, type Concern } from './countedLosses';
import type { ExportedColumn } from './exported';
import { asBase64, finiteOnly, inForm, uuidAsText, type Form } from './forms';

/** Something a format does to values of some types. */
interface Loss {
  readonly formats: readonly ExportFormat[];
  /** SQL condition that holds for a row whose value is concerned; undefined: the column is not concerned. */
  readonly rows: (column: ExportedColumn, columns: number) => string | undefined;
  readonly severity: 'warning' | 'info';
  /** @param values such as `3 values of a` @param one whether it is one value */
  readonly message: (values: string, one: boolean, where: string) => string;
  readonly suggestion: string;
}

const JSON_FORMATS = ['json', 'jsonl'] as const;
const TEXT_FORMATS = ['csv', ...JSON_FORMATS] as const;

/** Readers of JSON take numbers for doubles, which hold those of fifteen digits as they are. */
const asDouble: Form = (value, type) => {
  const digits = /^DECIMAL\((\d+),\d+\)$/.exec(type)?.[1];
  const wide = digits === undefined ? /^U?(BIG|HUGE)INT$/.test(type) : Number(digits) > 15;
  return wide ? `try_cast(CAST(${value} AS DOUBLE) AS ${type})` : undefined;
};

/** Of a form whose values have another type. */
const present = (concerns: (physicalType: string, column: ExportedColumn) => boolean) => (column: ExportedColumn) =>
  concerns(column.physicalType, column) ? `${column.id} IS NOT NULL` : undefined;

const holds = (form: Form) => present((physicalType, { id }) => inForm(id, physicalType, form) !== undefined);
const keep = 'Export Parquet too, which keeps them as they are.';

const losses: readonly Loss[] = [
  {
    formats: JSON_FORMATS,
    rows: changedBy(finiteOnly),
    severity: 'warning',
    message: (values, one, where) =>
      `${values} ${one ? 'is' : 'are'} or ${one ? 'holds' : 'hold'} NaN or infinity, which JSON cannot say; null is written to ${where}.`,
    suggestion: keep,
  },
  {
    formats: JSON_FORMATS,
    rows: changedBy(asDouble),
    severity: 'warning',
    message: (values, one, where) =>
      `${values} ${one ? 'has' : 'have'} more digits than most readers of JSON keep. All digits are written to ${where}, but what takes numbers for doubles rounds them.`,
    suggestion: 'Export Parquet too, or read them as text.',
  },
  {
    formats: ['csv'],
    rows: (column) => (isNested(column.physicalType) ? changedBy(finiteOnly)(column) : undefined),
    severity: 'warning',
    message: (values, one) =>
      `${values} ${one ? 'holds' : 'hold'} NaN or infinity, which JSON inside of CSV cannot say; null is written.`,
    suggestion: keep,
  },
  {
    formats: ['csv'],
    rows: (column) => (isNested(column.physicalType) ? undefined : changedBy(finiteOnly)(column)),
    severity: 'warning',
    message: (values, one) =>
      `${values} ${one ? 'is' : 'are'} NaN or infinite, written to CSV as nan, inf and -inf, which some readers take for text or for missing.`,
    suggestion: keep,
  },
  {
    formats: ['csv'],
    rows: present(isNested),
    severity: 'info',
    message: (values, one) =>
      `${values} ${one ? 'is a list or object' : 'are lists or objects'}, written to CSV as JSON text.`,
    suggestion: keep,
  },
  {
    formats: ['csv'],
    rows: ({ id, physicalType, nulls }) => (physicalType === 'VARCHAR' && nulls > 0 ? `${id} = ''` : undefined),
    severity: 'info',
    message: (values, one) =>
      `${values} ${one ? 'is an empty text' : 'are empty texts'}, written to CSV as "" beside missing values, written as nothing. Many readers take both for missing.`,
    suggestion: keep,
  },
  {
    formats: ['csv'],
    rows: ({ id, nulls }, columns) => (columns === 1 && nulls > 0 ? `${id} IS NULL` : undefined),
    severity: 'warning',
    message: (values, one) =>
      `${values} ${one ? 'is' : 'are'} missing, written to CSV as ${one ? 'an empty line' : 'empty lines'}, since there is no other column. Many readers skip ${one ? 'it' : 'them'}.`,
    suggestion: keep,
  },
  {
    formats: TEXT_FORMATS,
    rows: holds(asBase64),
    severity: 'info',
    message: (values, one, where) => `${values} ${one ? 'is' : 'are'} binary, written to ${where} as base64.`,
    suggestion: keep,
  },
  {
    formats: TEXT_FORMATS,
    rows: present((type) => type === ZONED),
    severity: 'info',
    message: (values, one, where) => `${values} ${one ? 'is an instant' : 'are instants'}, written to ${where} in UTC.`,
    suggestion: keep,
  },
  {
    formats: JSON_FORMATS,
    rows: present((type) => /\bMAP\(/.test(type)),
    severity: 'info',
    message: (values, one, where) =>
      `${values} ${one ? 'is a map' : 'are maps'}, whose keys are written to ${where} as texts.`,
    suggestion: keep,
  },
  {
    formats: ['arrow'],
    rows: holds(uuidAsText),
    severity: 'info',
    message: (values, one) => `${values} ${one ? 'is a UUID' : 'are UUIDs'}, written to Arrow as text.`,
    suggestion: keep,
  },
  {
    formats: ['parquet', 'arrow', ...TEXT_FORMATS],
    rows: present((type) => type.startsWith('ENUM(')),
    severity: 'info',
    message: (values, one, where) =>
      `${values} ${one ? 'is of' : 'are of'} a list of categories, which is not written to ${where}: they are texts there.`,
    suggestion: 'Declare the categories of the column as its `enum`.',
  },
];

/** What each column loses in these formats, in the order of the columns. */
export async function lossesOf(
  database: Database,
  dataset: string,
  columns: readonly ExportedColumn[],
  formats: readonly ExportFormat[],
): Promise<Finding[]> {
  const isKept = formats.includes('parquet');
  const concerned = columns.flatMap((column) =>
    losses.flatMap(({ rows: rowsOf, formats: those, message, severity, suggestion }): Concern[] => {
      const where = those.filter((format) => formats.includes(format));
      const rows = where.length > 0 ? rowsOf(column, columns.length) : undefined;
      if (rows === undefined) return [];
      const said = (values: string, one: boolean) => message(values, one, wordsOf(where));
      return [{ column, rows, severity, message: said, ...(!isKept && { suggestion }) }];
    }),
  );
  return countedLosses(database, dataset, concerned);
}

/** Throws `output-type` for a column that the format cannot hold at all. */
export function refuseUnfit(dataset: string, columns: readonly ExportedColumn[], format: ExportFormat): void {
  if (format !== 'arrow') return;
  const interval = columns.find(({ physicalType }) => physicalType.includes('INTERVAL'));
  if (!interval) return;
  const finding: Finding = {
    code: 'output-type',
    severity: 'error',
    message: `${interval.name} holds intervals, which Arrow output cannot keep.`,
    dataset,
    column: interval.name,
    suggestion: 'Leave the column out with --columns, or export Parquet.',
  };
  throw new MldataError('buildFailed', finding.code, `${finding.message} ${finding.suggestion}`, [finding]);
}

const names: Readonly<Record<ExportFormat, string>> = {
  parquet: 'Parquet',
  csv: 'CSV',
  jsonl: 'JSON Lines',
  arrow: 'Arrow',
  json: 'JSON',
};

/** `CSV, JSON Lines and JSON`. */
function wordsOf(formats: readonly ExportFormat[]): string {
  const words = formats.map((format) => names[format]);
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}` : words.join('');
}
