/** How the text of a value becomes a value, and which form a whole column has. */
import { identifier, type Database } from '../duckdb';
import type { Finding } from '../../protocol';

/** SQL made from SQL for the text of a value, which is never NULL there. */
type OfText = (text: string) => string;

export interface Form {
  /** Of the engine. */
  readonly type: string;
  readonly value: OfText;
  /** Condition that holds for a text that has this form; absent: all have. */
  readonly fits?: OfText;
  /** Condition that holds for a text that stands for no value, though it is no NULL. */
  readonly empty?: OfText;
}

/** `decimal`: as many digits as the values have. */
export type Forms = readonly (Form | 'decimal')[];

/** A column as a server describes it. */
export interface ServerColumn {
  readonly name: string;
  /** As the server calls it. */
  readonly sourceType: string;
  /** The first that fits all values is taken; the last one fits any. */
  readonly forms: Forms;
}

/** A column as it is written. */
export interface SnapshotColumn {
  readonly name: string;
  readonly sourceType: string;
  /** Of the engine. */
  readonly type: string;
}

export interface ReadColumn extends SnapshotColumn {
  /** SQL over the rows that were fetched. */
  readonly value: string;
}

export function plain(type: string): Form {
  return { type, value: (text) => `CAST(${text} AS ${type})` };
}

/** Of a type that holds more at the server than here: it fits where every value can be cast. */
export function checked(form: Form): Form {
  const { value, empty } = form;
  return {
    ...form,
    fits: (text) => `(${text} IS NULL OR ${empty ? `${empty(text)} OR ` : ''}TRY(${value(text)}) IS NOT NULL)`,
  };
}

export const asText: Form = { type: 'VARCHAR', value: (text) => text };
const json: Form = plain('JSON');
/** Half of a surrogate pair, which scraped texts hold, is JSON to servers. */
export const asJson: Forms = [checked(json), asText];
/** Bytes arrive as hex digits. */
export const asBytes: Form = { type: 'BLOB', value: (text) => `unhex(${text})` };

const DIGITS = "'^-?[0-9]+(\\.[0-9]+)?$'";
const MOST_DIGITS = 38;

/** Numbers of declared digits; those beyond what the engine can hold, and NaN, are kept as text. */
export function decimalForms(precision: number, scale: number): Forms {
  if (precision > MOST_DIGITS || scale < 0 || scale > precision) return ['decimal', asText];
  return [{ ...plain(`DECIMAL(${precision},${scale})`), fits: isDecimal }, asText];
}

function isDecimal(text: string): string {
  return `regexp_matches(${text}, ${DIGITS})`;
}

const tried = (column: number, form: number): string => `c${column}_${form}`;

/**
 * Looks at all values once and chooses the form of each column.
 * @param before types that columns had, which decimals do not fall short of
 */
export async function chooseForms(
  database: Database,
  relation: string,
  columns: readonly ServerColumn[],
  before: ReadonlyMap<string, string>,
): Promise<{ columns: ReadColumn[]; findings: Finding[] }> {
  const measures = columns.flatMap(({ forms }, index) => measuresOf(`c${index}`, index, forms));
  const measured = measures.length === 0 ? {} : await database.row(`SELECT ${measures.join(', ')} FROM ${relation}`);
  const findings: Finding[] = [];
  const read = columns.map(({ name, sourceType, forms }, index): ReadColumn => {
    const taken = forms.findIndex((form, at) => fitsAll(form, measured[tried(index, at)], before.get(name)));
    const form = forms[taken];
    const { type, value, empty } =
      form === 'decimal' ? decimalOf(measured[tried(index, taken)], before.get(name)) : (form ?? asText);
    const wasEmpty = Number(measured[`c${index}_empty`] ?? 0);
    if (taken > 0 && /\bVARCHAR\b/.test(type)) findings.push(keptAsText(name, sourceType));
    if (empty && wasEmpty > 0) findings.push(zeroDates(name, sourceType, wasEmpty));
    const text = identifier(`c${index}`);
    const cast = empty ? `CASE WHEN ${empty(text)} THEN NULL ELSE ${value(text)} END` : value(text);
    return { name, sourceType, type, value: cast === text && type === sourceType ? text : `CAST(${cast} AS ${type})` };
  });
  return { columns: read, findings };
}

/** What is asked of the values of a column: of the last form nothing, since it takes what is left. */
function measuresOf(column: string, index: number, forms: Forms): string[] {
  const text = identifier(column);
  const asked = forms.slice(0, -1).map((form, at) => {
    const name = identifier(tried(index, at));
    if (form !== 'decimal') return `coalesce(bool_and(${form.fits?.(text) ?? 'true'}), true) AS ${name}`;
    const whole = `max(length(ltrim(regexp_extract(${text}, '[0-9]+'), '0')))`;
    const fraction = `max(length(regexp_extract(${text}, '\\.([0-9]+)', 1)))`;
    return (
      `CASE WHEN coalesce(bool_and(${isDecimal(text)}), true) ` +
      `THEN concat(coalesce(${whole}, 0), ',', coalesce(${fraction}, 0)) END AS ${name}`
    );
  });
  const empties = forms.flatMap((form) => (form !== 'decimal' && form.empty ? [form.empty(text)] : []));
  return [...asked, ...empties.slice(0, 1).map((empty) => `count(*) FILTER (WHERE ${empty}) AS ${column}_empty`)];
}

function fitsAll(form: Form | 'decimal', measured: unknown, before: string | undefined): boolean {
  if (form === 'decimal') return typeof measured === 'string' && digitsOf(measured, before).precision <= MOST_DIGITS;
  return measured !== false;
}

function decimalOf(measured: unknown, before: string | undefined): Form {
  const { precision, scale } = digitsOf(String(measured), before);
  return plain(`DECIMAL(${precision},${scale})`);
}

function digitsOf(measured: string, before = ''): { precision: number; scale: number } {
  const [whole = 0, fraction = 0] = measured.split(',').map(Number);
  const [, precision = 0, scale = 0] = (/^DECIMAL\((\d+),(\d+)\)$/.exec(before) ?? []).map(Number);
  const digits = Math.max(fraction, scale);
  return { precision: Math.max(1, Math.max(whole, precision - scale) + digits), scale: digits };
}

function keptAsText(column: string, sourceType: string): Finding {
  return {
    code: 'kept-as-text',
    severity: 'warning',
    message: `The column ${column} (${sourceType}) holds values that no column of numbers, times or JSON can, and is kept as text.`,
    column,
    suggestion: 'Cast it in the query, or leave out what cannot be cast, such as NaN.',
  };
}

function zeroDates(column: string, sourceType: string, count: number): Finding {
  return {
    code: 'zero-dates',
    severity: 'warning',
    message: `The column ${column} (${sourceType}) holds ${count === 1 ? 'a date' : `${count} dates`} with a zero for year, month or day. No such day exists; ${count === 1 ? 'it is' : 'they are'} missing in the snapshot.`,
    column,
    count,
    suggestion: 'Correct them in the database, or say in the query what they mean.',
  };
}
