/** How values follow each other in the order of the rows. */
import type { orders } from '../../../protocol';
import type { ColumnContext } from '../context';

export interface Following {
  readonly order: (typeof orders)[number];
  /** Whether the relation has them in the order of the rows as it is read. */
  readonly inPlace: boolean;
}

/** Rows of a first look, which most columns do not get past. */
const LOOK = 1000;

/** Whether each value is greater than the one before as the relation is read. */
export function isRising(following: Following | undefined): boolean {
  return following?.order === 'strictlyIncreasing' && following.inPlace;
}

/** What is put in order. */
export interface Ordered {
  readonly id: string;
  /** SQL of a value, and condition that there is one. */
  readonly value: string;
  readonly where: string;
}

/** The columns whose first rows go up and down, in one statement. */
export async function unorderedAmong(
  { database, relation }: ColumnContext,
  columns: readonly Ordered[],
): Promise<ReadonlySet<string>> {
  if (columns.length === 0) return new Set();
  const values = columns.map(({ id, value, where }) => `CASE WHEN ${where} THEN ${value} END AS ${id}`);
  const before = columns.map(({ id }) => `${id}, lag(${id} IGNORE NULLS) OVER (ORDER BY __row) AS b_${id}`);
  const both = columns.map(({ id }) => `count_if(${id} > b_${id}) > 0 AND count_if(${id} < b_${id}) > 0 AS ${id}`);
  const row = await database.row(
    `SELECT ${both.join(', ')} FROM (SELECT ${before.join(', ')} ` +
      `FROM (SELECT __row, ${values.join(', ')} FROM ${relation} WHERE __row < ${LOOK}))`,
  );
  return new Set(columns.flatMap(({ id }) => (row[id] === true ? [id] : [])));
}

/** Undefined where the values go up and down, or there are fewer than two. */
export async function orderOf(context: ColumnContext, { id, value, where }: Ordered): Promise<Following | undefined> {
  const { database, relation, unordered } = context;
  if (unordered?.has(id)) return undefined;
  const follow = async (condition: string, over: string) => {
    const pairs =
      `SELECT __row AS r, ${value} AS v, lag(__row) OVER (${over}) AS before, lag(${value}) OVER (${over}) AS previous ` +
      `FROM ${relation} WHERE ${where} AND ${condition}`;
    const row = await database.row(
      'SELECT count(*) FILTER (WHERE v > previous) AS up, count(*) FILTER (WHERE v < previous) AS down, ' +
        `count(*) FILTER (WHERE v = previous) AS level, count(*) FILTER (WHERE r < before) AS astray FROM (${pairs})`,
    );
    return { up: Number(row['up']), down: Number(row['down']), level: Number(row['level']), astray: row['astray'] };
  };
  const look = unordered ? undefined : await follow(`__row < ${LOOK}`, 'ORDER BY __row');
  if (look && look.up > 0 && look.down > 0) return undefined;
  // As they come, which is mostly the order of the rows, and costs no sorting.
  const asTheyCome = await follow('true', '');
  const inPlace = Number(asTheyCome.astray) === 0;
  const { up, down, level } = inPlace ? asTheyCome : await follow('true', 'ORDER BY __row');
  if (up > 0 && down > 0) return undefined;
  if (up > 0) return { order: level > 0 ? 'increasing' : 'strictlyIncreasing', inPlace };
  if (down > 0) return { order: level > 0 ? 'decreasing' : 'strictlyDecreasing', inPlace };
  return level > 0 ? { order: 'constant', inPlace } : undefined;
}
