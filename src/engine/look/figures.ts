/** What the columns of a table hold: how much of it there is, between what, and the values where they are few. */
import type { Database } from '../duckdb';
import { inBatches } from '../inBatches';
import { asVarchar, isNested, type StageColumn } from '../schema';
import type { LookedColumn, ValueCount } from '../../protocol';

/** As many different values as a person would look through. */
const FEW = 50;
/** Characters of a value that is shown. */
const SHOWN = 200;
/** The planner's time grows with the square of the number of expressions. */
const COLUMNS_AT_ONCE = 50;

/** @param table has the columns by their ids */
export async function figuresOf(
  database: Database,
  table: string,
  columns: readonly StageColumn[],
): Promise<LookedColumn[]> {
  const looked: LookedColumn[] = [];
  for (const batch of inBatches(columns, COLUMNS_AT_ONCE)) {
    const counts = await countsOf(database, table, batch);
    const few = batch.filter((_, index) => isFew(counts[index]));
    const values = await valuesOf(database, table, few);
    for (const [index, { id, name, type }] of batch.entries()) {
      const listed = values.get(id);
      looked.push({ name, type, ...(counts[index] ?? nothing), ...(listed && { values: listed }) });
    }
  }
  return looked;
}

type Counts = Pick<LookedColumn, 'nulls' | 'distinct' | 'min' | 'max'>;
const nothing: Counts = { nulls: 0, distinct: 0 };

function isFew(counts: Counts | undefined): boolean {
  return counts !== undefined && counts.distinct > 0 && counts.distinct <= FEW;
}

async function countsOf(database: Database, table: string, columns: readonly StageColumn[]): Promise<Counts[]> {
  const figures = columns.flatMap((column) => {
    const { id, physicalType } = column;
    const ends = isNested(physicalType)
      ? []
      : [`${shown(`min(${id})`, physicalType)} AS l${id}`, `${shown(`max(${id})`, physicalType)} AS h${id}`];
    return [`count(*) - count(${id}) AS n${id}`, `count(DISTINCT ${id}) AS d${id}`, ...ends];
  });
  const row = await database.row(`SELECT ${figures.join(', ')} FROM ${table}`);
  return columns.map(({ id }) => {
    const [min, max] = [row[`l${id}`], row[`h${id}`]];
    return {
      nulls: Number(row[`n${id}`]),
      distinct: Number(row[`d${id}`]),
      ...(typeof min === 'string' && { min }),
      ...(typeof max === 'string' && { max }),
    };
  });
}

/** By the ids of the columns. */
async function valuesOf(
  database: Database,
  table: string,
  columns: readonly StageColumn[],
): Promise<Map<string, ValueCount[]>> {
  const found = new Map<string, ValueCount[]>();
  if (columns.length === 0) return found;
  const groups = columns.map(
    ({ id, physicalType }, place) =>
      `(SELECT ${place} AS place, ${shown(id, physicalType)} AS value, count(*) AS count, ` +
      `bool_or(length(${asVarchar(id, physicalType)}) > ${SHOWN}) AS isCut ` +
      `FROM ${table} WHERE ${id} IS NOT NULL GROUP BY ${id})`,
  );
  const rows = await database.rows(`SELECT * FROM (${groups.join(' UNION ALL ')}) ORDER BY place, count DESC, value`);
  // A value that is cut is not the value: nobody should write it into a config.
  const cut = new Set(rows.filter(({ isCut }) => isCut === true).map(({ place }) => place));
  for (const row of rows) {
    const { id } = columns[Number(row['place'])] ?? {};
    if (id === undefined || cut.has(row['place'])) continue;
    found.set(id, [...(found.get(id) ?? []), { value: String(row['value']), count: Number(row['count']) }]);
  }
  return found;
}

function shown(expression: string, physicalType: string): string {
  return `left(${asVarchar(expression, physicalType)}, ${SHOWN})`;
}
