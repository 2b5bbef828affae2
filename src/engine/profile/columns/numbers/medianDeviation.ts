/** The median absolute deviation from the median (MAD). */
import { double } from '../../../duckdb';
import type { ColumnContext } from '../../context';
import type { Frequencies } from '../frequencies';
import type { Coordinate } from '../../../statistics';

/** Room for the neighbours of the quartiles, and for rounding. */
const SLACK = 1e-3;
/** So many different values are in order before the range is found. */
const FEW = 10_000;

/**
 * Half of the values lie between the quartiles, so the deviation that half of them do not exceed lies between the
 * distances of the two quartiles from the median. Only deviations in that range need to be put in order.
 * @param quartiles how far they are from the median, in units of the coordinate's scale
 */
export async function medianDeviation(
  { database }: ColumnContext,
  { table, values, distinct }: Frequencies,
  { deviation, median, scale }: Coordinate,
  quartiles: readonly [number, number],
): Promise<number> {
  if (distinct === 1) return 0;
  const deviations = `(SELECT abs(${deviation} - ${double(median)}) AS d, n FROM ${table})`;
  const ranks = [Math.floor((values - 1) / 2), Math.ceil((values - 1) / 2)] as const;
  const bracket = async (): Promise<[string, number]> => {
    const [low, high] = [Math.min(...quartiles) * (1 - SLACK), Math.max(...quartiles) * (1 + SLACK)];
    const counted = await database.row(
      `SELECT coalesce(sum(n) FILTER (WHERE d < ${double(low)}), 0)::BIGINT AS below, ` +
        `coalesce(sum(n) FILTER (WHERE d <= ${double(high)}), 0)::BIGINT AS within FROM ${deviations}`,
    );
    const below = Number(counted['below']);
    // The quartiles of very few values are apart from all of them.
    const bracketed = below <= ranks[0] && Number(counted['within']) > ranks[1];
    return bracketed ? [`WHERE d BETWEEN ${double(low)} AND ${double(high)}`, below] : ['', 0];
  };
  const [from, before] = distinct > FEW ? await bracket() : ['', 0];
  const row = await database.row(
    `SELECT ${ranks.map((rank, i) => `min(d) FILTER (WHERE upto > ${rank - before}) AS d${i}`).join(', ')} ` +
      `FROM (SELECT d, sum(n) OVER (ORDER BY d) AS upto FROM ${deviations} ${from})`,
  );
  return ((Number(row['d0']) + Number(row['d1'])) / 2) * scale;
}
