/**
 * The constraints of a schema as SQL: each is a condition that a good value meets, counted in one scan with all the
 * others. Validation uses the same fragments.
 */
import { text, type Database } from '../duckdb';
import { comparison } from './literals';
import { formatWords, hasFormat } from './formats';
import { isNested } from './types';
import { MAX_SAMPLES, type ColumnSpec, type ConfigPath, type TableSchema } from '../../protocol';

/** A column of the table under check: its name, its constraints, and where it lives. */
export interface CheckedColumn {
  readonly name: string;
  /** SQL for the value. */
  readonly expression: string;
  readonly physicalType: string;
  readonly spec: ColumnSpec;
}

/** A row-wise constraint. */
interface Constraint {
  readonly code: string;
  readonly column: CheckedColumn;
  /** The key of the schema it comes from. */
  readonly key: keyof ColumnSpec;
  /** SQL that is true for a row that breaks it. */
  readonly broken: string;
  /** What is wrong with such values, after "3 values of Age ". */
  readonly complaint: string;
  readonly suggestion: string;
  readonly expected: string;
  /** SQL over the rows that break it: how far they go. Without it the first of their values says what is there. */
  readonly furthest?: string;
}

/** Breaches of one constraint. */
export interface Breach {
  readonly code: string;
  readonly column: string;
  readonly count: number;
  readonly message: string;
  readonly suggestion: string;
  /** What is asked for and what is there, for screens that show them beside each other. */
  readonly expected: string;
  readonly actual: string;
  readonly configPath: ConfigPath;
  /** The first rows that break it, in the order of the table. */
  readonly rows: readonly { readonly id: bigint; readonly value: string | null }[];
}

/** Every breach of the schema in `table`, whose rows are identified and ordered by `id`. */
export async function findBreaches(
  database: Database,
  table: string,
  columns: readonly CheckedColumn[],
  schema: Pick<TableSchema, 'primaryKey'>,
): Promise<Breach[]> {
  const constraints = columns.flatMap(constraintsOf);
  const breaches = await rowBreaches(database, table, constraints);
  for (const key of uniqueKeys(columns, schema.primaryKey)) breaches.push(...(await keyBreaches(database, table, key)));
  return breaches;
}

function constraintsOf(column: CheckedColumn): Constraint[] {
  const { spec, expression: value } = column;
  const typed = { type: spec.type ?? 'string', physicalType: column.physicalType } as const;
  const constraints: Constraint[] = [];
  const add = (
    key: keyof ColumnSpec,
    broken: string,
    complaint: string,
    suggestion: string,
    said: Pick<Constraint, 'expected' | 'furthest'>,
  ) => {
    constraints.push({ code: `constraint-${kebab(key)}`, column, key, broken, complaint, suggestion, ...said });
  };
  if (spec.required) {
    add('required', `${value} IS NULL`, 'are missing', 'Fill the values, or remove `required` from the column.', {
      expected: 'no missing values',
      furthest: `count(*) || ' missing'`,
    });
  }
  if (spec.enum) {
    const compared = comparison(value, typed, spec.enum, false);
    add(
      'enum',
      `${compared.value} NOT IN (${compared.literals.join(', ')})`,
      `are none of ${spec.enum.join(', ')}`,
      'Correct the values, or add them to `enum`.',
      { expected: `one of ${spec.enum.join(', ')}` },
    );
  }
  const bounds = [
    ['minimum', '<', 'are below', 'at least', 'min'],
    ['maximum', '>', 'are above', 'at most', 'max'],
    ['exclusiveMinimum', '<=', 'are not above', 'above', 'min'],
    ['exclusiveMaximum', '>=', 'are not below', 'below', 'max'],
  ] as const;
  for (const [key, operator, complaint, asked, furthest] of bounds) {
    const bound = spec[key];
    if (bound === undefined) continue;
    // NaN compares as the greatest value in the engine; it lies within no bounds.
    const nan = /^(DOUBLE|FLOAT)$/.test(column.physicalType) ? ` OR isnan(${value})` : '';
    const compared = comparison(value, typed, [bound], true);
    add(
      key,
      `(${compared.value} ${operator} ${compared.literals.join('')}${nan})`,
      `${complaint} ${bound}`,
      `Correct the values, or widen \`${key}\`.`,
      { expected: `${asked} ${bound}`, furthest: `${furthest}(${value})` },
    );
  }
  const length = /\[\d*\]$/.test(column.physicalType) ? `len(${value})` : `length(CAST(${value} AS VARCHAR))`;
  if (spec.minLength !== undefined) {
    add(
      'minLength',
      `${length} < ${spec.minLength}`,
      `are shorter than ${spec.minLength}`,
      'Correct the values, or lower `minLength`.',
      { expected: `a length of at least ${spec.minLength}`, furthest: `min(${length})` },
    );
  }
  if (spec.maxLength !== undefined) {
    add(
      'maxLength',
      `${length} > ${spec.maxLength}`,
      `are longer than ${spec.maxLength}`,
      'Correct the values, or raise `maxLength`.',
      { expected: `a length of at most ${spec.maxLength}`, furthest: `max(${length})` },
    );
  }
  if (spec.pattern !== undefined) {
    const matches = `regexp_full_match(CAST(${value} AS VARCHAR), ${text(spec.pattern)})`;
    add(
      'pattern',
      `NOT ${matches}`,
      `do not match ${spec.pattern}`,
      'Correct the values, or the `pattern`, which matches the whole value.',
      { expected: `a match of ${spec.pattern}` },
    );
  }
  if (spec.format !== undefined) {
    add(
      'format',
      `NOT ${hasFormat(`CAST(${value} AS VARCHAR)`, spec.format)}`,
      `do not look like ${formatWords[spec.format]}`,
      'Correct the values, or remove `format` from the column.',
      { expected: formatWords[spec.format] },
    );
  }
  return constraints;
}

async function rowBreaches(database: Database, table: string, constraints: readonly Constraint[]): Promise<Breach[]> {
  if (constraints.length === 0) return [];
  const counts = constraints.map(({ broken }, index) => `count_if(${broken}) AS f${index}`);
  const row = await database.row(`SELECT ${counts.join(', ')} FROM ${table}`);
  const breaches: Breach[] = [];
  for (const [index, constraint] of constraints.entries()) {
    const count = Number(row[`f${index}`]);
    if (count === 0) continue;
    const { name, expression } = constraint.column;
    const rows = await samples(database, table, constraint.broken, expression);
    breaches.push({
      code: constraint.code,
      column: name,
      count,
      message: `${values(count)} of ${name} ${count === 1 ? ofOne(constraint.complaint) : constraint.complaint}.`,
      suggestion: constraint.suggestion,
      expected: constraint.expected,
      actual: (await furthestOf(database, table, constraint)) ?? rows[0]?.value ?? '',
      configPath: ['schema', 'columns', name, constraint.key],
      rows,
    });
  }
  return breaches;
}

/** How far the rows go that break a constraint, as text. */
async function furthestOf(
  database: Database,
  table: string,
  { furthest, broken }: Constraint,
): Promise<string | undefined> {
  if (furthest === undefined) return undefined;
  const row = await database.row(`SELECT CAST(${furthest} AS VARCHAR) AS value FROM ${table} WHERE ${broken}`);
  return typeof row['value'] === 'string' ? row['value'].replace(/\.0$/, '') : undefined;
}

function ofOne(complaint: string): string {
  return complaint.replace(/^are\b/, 'is').replace(/^do\b/, 'does');
}

interface Key {
  readonly columns: readonly CheckedColumn[];
  readonly primary: boolean;
}

function uniqueKeys(columns: readonly CheckedColumn[], primaryKey: readonly string[]): Key[] {
  const keys: Key[] = columns
    .filter(({ spec }) => spec.unique)
    .map((column) => ({ columns: [column], primary: false }));
  const members = primaryKey.map((name) => columns.find((column) => column.name === name));
  const known = members.filter((column) => column !== undefined);
  if (known.length > 0 && known.length === members.length) keys.push({ columns: known, primary: true });
  return keys;
}

/** Duplicates of a key, and missing parts of a primary key. */
async function keyBreaches(database: Database, table: string, { columns, primary }: Key): Promise<Breach[]> {
  const expressions = columns.map(({ expression }) => expression);
  const present = expressions.map((expression) => `${expression} IS NOT NULL`).join(' AND ');
  const key = expressions.length === 1 ? `${expressions[0]}` : `(${expressions.join(', ')})`;
  const [only, ...others] = columns;
  if (only && others.length === 0 && !isNested(only.physicalType) && (await rises(database, table, key))) return [];
  const row = await database.row(
    `SELECT count(*) AS rows, count(*) FILTER (WHERE ${present}) AS present, ` +
      `count(DISTINCT ${key}) FILTER (WHERE ${present}) AS different FROM ${table}`,
  );
  const name = columns.map((column) => column.name).join(', ');
  const configPath: ConfigPath = primary ? ['schema', 'primaryKey'] : ['schema', 'columns', name, 'unique'];
  const breaches: Breach[] = [];
  const missing = Number(row['rows']) - Number(row['present']);
  if (primary && missing > 0) {
    breaches.push({
      code: 'constraint-primary-key',
      column: name,
      count: missing,
      message: `${missing === 1 ? '1 row has' : `${missing} rows have`} no complete primary key (${name}).`,
      suggestion: 'Fill the key, or choose other columns as `primaryKey`.',
      expected: 'a complete key in every row',
      actual: `${missing} without one`,
      configPath,
      rows: await samples(database, table, `NOT (${present})`, key),
    });
  }
  const surplus = Number(row['present']) - Number(row['different']);
  if (surplus > 0) {
    const repeated = `${key} IN (SELECT ${key} FROM ${table} WHERE ${present} GROUP BY ALL HAVING count(*) > 1)`;
    breaches.push({
      code: primary ? 'constraint-primary-key' : 'constraint-unique',
      column: name,
      count: surplus,
      message: `${values(surplus)} of ${name} ${surplus === 1 ? 'repeats' : 'repeat'} an earlier one, but ${primary ? 'it is the primary key' : 'the column is unique'}.`,
      suggestion: primary
        ? 'Remove the repeated rows, or choose another `primaryKey`.'
        : 'Remove the repeated rows, or `unique`.',
      expected: 'no repeated values',
      actual: `${surplus} repeated`,
      configPath,
      rows: await samples(database, table, repeated, key),
    });
  }
  return breaches;
}

/** So many rows tell of most keys that they do not rise. */
const FIRST_ROWS = 10_000;

/**
 * Whether no value of a key is missing and each is greater than the one that is read before it, as numbers given in
 * turn are. None is there twice then, which takes a tenth of the time to see that counting them takes.
 */
async function rises(database: Database, table: string, key: string): Promise<boolean> {
  for (const relation of [`(SELECT * FROM ${table} LIMIT ${FIRST_ROWS})`, table]) {
    const row = await database.row(
      `SELECT count(*) FILTER (WHERE last IS NULL) <= 1 AND coalesce(bool_and(value > last), true) AND count(value) = count(*) AS rises ` +
        `FROM (SELECT ${key} AS value, lag(${key}) OVER () AS last FROM ${relation})`,
    );
    if (row['rises'] !== true) return false;
  }
  return true;
}

async function samples(database: Database, table: string, condition: string, expression: string) {
  const rows = await database.rows(
    `SELECT id, left(CAST(${expression} AS VARCHAR), 200) AS value FROM ${table} WHERE ${condition} ` +
      `ORDER BY id LIMIT ${MAX_SAMPLES}`,
  );
  return rows.map((row) => ({ id: row['id'] as bigint, value: row['value'] as string | null }));
}

function values(count: number): string {
  return count === 1 ? '1 value' : `${count} values`;
}

function kebab(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
