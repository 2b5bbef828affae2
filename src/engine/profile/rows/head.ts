/** The first rows as they are shown. */
import { inBatches } from '../../inBatches';
import { asVarchar, type StageColumn } from '../../schema';
import type { ProfileContext } from '../context';

const HEAD_ROWS = 20;
const HEAD_CHARACTERS = 200;
/** Of one statement: the planner's time grows faster than their number. */
const COLUMNS_AT_ONCE = 500;

/**
 * Values as text, shortened, by the position of their column; null: missing.
 * @param readable those of the columns that can be read
 */
export async function headOf(
  { database, relation }: ProfileContext,
  columns: readonly StageColumn[],
  readable: ReadonlySet<StageColumn>,
): Promise<(string | null)[][]> {
  const positions = await database.rows(`SELECT __row FROM ${relation} ORDER BY __row LIMIT ${HEAD_ROWS}`);
  if (positions.length === 0) return [];
  const picked = positions.map((row) => String(row['__row'])).join(', ');
  const last = String(positions.at(-1)?.['__row']);
  const head: (string | null)[][] = positions.map(() => []);
  for (const some of inBatches(columns, COLUMNS_AT_ONCE)) {
    const texts = some.map((column) => {
      const { id, physicalType } = column;
      return `${readable.has(column) ? `left(${asVarchar(id, physicalType)}, ${HEAD_CHARACTERS})` : 'NULL'} AS ${id}`;
    });
    const rows = await database.rows(
      `SELECT ${texts.join(', ')} FROM ${relation} WHERE __row <= ${last} AND __row IN (${picked}) ORDER BY __row`,
    );
    rows.forEach((row, index) => head[index]?.push(...some.map(({ id }) => row[id] as string | null)));
  }
  return head;
}
