/** Which numbers stand for which texts: categories of features, and the classes of the target. */
import { textList } from '../../duckdb';
import { columnTypeOf } from '../../schema';
import type { ColumnType, Finding, MldataError } from '../../../protocol';
import { EXPORTED, type ExportedColumn, type ReadData } from '../exported';
import type { EncodersDocument } from './documents';
import { holdsAsDeclared } from './kinds';
import { askColumns } from './passes';
import { refusal } from './target';
import { textOf, trainingOf } from './values';

export type Category = EncodersDocument['categories'][number];
export type Classes = NonNullable<EncodersDocument['classes']>;

/** Where a text has no `enum`, it is a category as long as there are no more of them, each in so many rows on average. */
const MOST_CATEGORIES = 1000;
const ROWS_OF_EACH = 2;
/** Whole numbers that are no more than these are classes. */
const MOST_NUMBERED_CLASSES = 20;
/** The engine's estimate may be off by some hundredths. */
const ESTIMATE = 1.2;

interface Counted {
  readonly values: readonly string[];
  readonly rows: readonly number[];
}

/** The categories of those of the columns that have some; all others are texts. */
export async function categoriesOf(data: ReadData, columns: readonly ExportedColumn[]): Promise<Category[]> {
  const { relation } = trainingOf(data);
  const looks = await askColumns(data.database, relation, columns, (column) => ({
    distinct: `approx_count_distinct(${textOf(column)})`,
    present: `count(${column.id})`,
  }));
  const categories: Category[] = [];
  for (const [index, column] of columns.entries()) {
    const declared = column.spec.enum !== undefined && holdsAsDeclared(column, data);
    const { distinct, present } = looks[index] ?? {};
    const most = Math.min(MOST_CATEGORIES, Number(present) / ROWS_OF_EACH);
    if (!declared && Number(distinct) > most * ESTIMATE + 1) continue;
    const { values, rows } = await count(data, relation, column);
    if (declared || values.length <= most)
      categories.push({ column: column.name, values: [...values], rows: [...rows] });
  }
  return categories;
}

/** In the order of the values; texts by code points. */
async function count({ database }: ReadData, relation: string, column: ExportedColumn): Promise<Counted> {
  const found = await database.rows(
    `SELECT ${textOf(column)} AS value, count(*) AS rows, min(${column.id}) AS first FROM ${relation} ` +
      `GROUP BY value HAVING value IS NOT NULL ORDER BY first, value`,
  );
  return { values: found.map(({ value }) => String(value)), rows: found.map(({ rows }) => Number(rows)) };
}

/**
 * The classes of a target; undefined where it is a number to come close to. Throws `target-type` for texts that are no
 * classes. Training rows alone say how frequent a class is, but one that only others have is still a class.
 */
export async function classesOf(
  data: ReadData,
  target: ExportedColumn,
): Promise<{ readonly classes?: Classes; readonly findings: readonly Finding[] }> {
  const type = columnTypeOf(target.physicalType);
  const declared = target.spec.enum !== undefined && holdsAsDeclared(target, data) ? await listed(data, target) : [];
  const { relation } = trainingOf(data);
  const [look = {}] = await askColumns(data.database, relation, [target], (column) => ({
    distinct: `approx_count_distinct(${textOf(column)})`,
    present: `count(${column.id})`,
  }));
  const [distinct, present] = [Number(look.distinct), Number(look.present)];
  if (declared.length === 0) {
    if (type === 'number') return { findings: [] };
    const few = Math.min(MOST_NUMBERED_CLASSES, present / ROWS_OF_EACH);
    if (type === 'integer' && distinct > few * ESTIMATE + 1) return { findings: [] };
    if (type === 'string' && distinct > MOST_CATEGORIES && distinct > present / ROWS_OF_EACH)
      throw noClasses(data, target);
    if (type === 'integer' && (await count(data, relation, target)).values.length > few) return { findings: [] };
  }
  const trained = await count(data, relation, target);
  const all = (await count(data, EXPORTED, target)).values;
  const values = [...new Set([...declared, ...trained.values, ...all])];
  const rows = values.map((value) => trained.rows[trained.values.indexOf(value)] ?? 0);
  const unseen = all.filter((value) => !trained.values.includes(value));
  return {
    classes: { type: valueTypeOf(type), values, rows, weights: weightsOf(rows) },
    findings: unseen.length === 0 ? [] : [unseenFinding(data, target, unseen)],
  };
}

/** As scikit-learn's `balanced`; a class without training rows weighs nothing. */
export function weightsOf(rows: readonly number[]): number[] {
  const total = rows.reduce((sum, each) => sum + each, 0);
  const some = rows.filter((each) => each > 0).length;
  return rows.map((each) => (each === 0 ? 0 : total / (some * each)));
}

/** The values of the `enum` as texts of the column's values: the number 1 is `1.0` there. */
async function listed({ database }: ReadData, column: ExportedColumn): Promise<string[]> {
  const written = (column.spec.enum ?? []).map(String);
  const own = textOf({ id: 'value', physicalType: column.physicalType });
  const found = await database.rows(
    `SELECT ${own} AS value FROM (SELECT place, try_cast(item AS ${column.physicalType}) AS value FROM ` +
      `(SELECT unnest(${textList(written)}) AS item, generate_subscripts(${textList(written)}, 1) AS place)) ORDER BY place`,
  );
  return found.flatMap(({ value }) => (value === null ? [] : [String(value)]));
}

function valueTypeOf(type: ColumnType): Classes['type'] {
  return type === 'integer' || type === 'number' || type === 'boolean' ? type : 'string';
}

function noClasses(data: ReadData, { name: column }: ExportedColumn): MldataError {
  return refusal(data, {
    ...{ code: 'target-type', column },
    message: `The target \`${column}\` is text that hardly repeats, so it is no class.`,
    suggestion: 'Predict another column.',
  });
}

function unseenFinding({ name }: ReadData, target: ExportedColumn, unseen: readonly string[]): Finding {
  return {
    code: 'target-unseen',
    severity: 'warning',
    message: `No training row has ${unseen.length === 1 ? 'the class' : 'the classes'} ${unseen
      .slice(0, 5)
      .map((value) => `\`${value}\``)
      .join(', ')} of the target \`${target.name}\`, which other splits have.`,
    dataset: name,
    column: target.name,
    count: unseen.length,
    samples: unseen.slice(0, 10),
    suggestion: 'Divide the rows with `stratify`, so that every split has every class.',
  };
}
