/** How values follow each other in the order of the rows. */
import type { orders } from '../../../protocol';
import type { ProfileContext } from '../context';

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

/**
 * Of the values for which `where` holds; undefined where they go up and down, or there are fewer than two.
 * @param value SQL of it
 */
export async function orderOf(context: ProfileContext, value: string, where: string): Promise<Following | undefined> {
  const { database, relation } = context;
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
  const look = await follow(`__row < ${LOOK}`, 'ORDER BY __row');
  if (look.up > 0 && look.down > 0) return undefined;
  // As they come, which is mostly the order of the rows, and costs no sorting.
  const asTheyCome = await follow('true', '');
  const inPlace = Number(asTheyCome.astray) === 0;
  const { up, down, level } = inPlace ? asTheyCome : await follow('true', 'ORDER BY __row');
  if (up > 0 && down > 0) return undefined;
  if (up > 0) return { order: level > 0 ? 'increasing' : 'strictlyIncreasing', inPlace };
  if (down > 0) return { order: level > 0 ? 'decreasing' : 'strictlyDecreasing', inPlace };
  return level > 0 ? { order: 'constant', inPlace } : undefined;
}
