/** The figures of a column of dates, times, or both. */
import { ZONED } from '../../../schema';
import type { TemporalProfile } from '../../../../protocol';
import { timeEdges } from './calendar';
import type { ColumnContext } from '../../context';
import { countsBefore, placesOfRanks, type Frequencies, type Values } from '../frequencies';
import { binCounts } from '../numbers/histogram';

/** How an engine type of times is counted. */
export interface TimeType {
  /** SQL of a value as a whole number: days, or parts of a second, since 1970 or midnight. */
  readonly ticks: (id: string) => string;
  /** SQL condition that there is a time: the engine has infinite ones. */
  readonly where: (id: string) => string;
  readonly ticksPerDay: bigint;
  /** SQL of such a number as text in ISO 8601, and as a value of which the engine tells the hour. */
  readonly text: string;
  readonly time: string;
  readonly hasDay: boolean;
  readonly hasHour: boolean;
}

const MICROSECONDS = 86_400_000_000n;
const present = (id: string) => `${id} IS NOT NULL`;
const finite = (id: string) => `isfinite(${id})`;

/** The engine puts a space between day and hour, where ISO 8601 has a T. */
const iso = (time: string, zone = '') =>
  `regexp_replace(CAST(${time} AS VARCHAR), ' ([0-9]{2}:)', 'T\\1')${zone === '' ? '' : ` || '${zone}'`}`;

export function timeTypeOf(physical: string): TimeType {
  if (physical === 'DATE') {
    const time = "(DATE '1970-01-01' + CAST(v AS INTEGER))";
    return {
      ticks: (id) => `CAST(${id} - DATE '1970-01-01' AS BIGINT)`,
      where: finite,
      ticksPerDay: 1n,
      text: `CAST(${time} AS VARCHAR)`,
      time,
      hasDay: true,
      hasHour: false,
    };
  }
  if (physical.startsWith('TIMESTAMP')) {
    const fine = physical === 'TIMESTAMP_NS';
    const time = fine ? 'make_timestamp_ns(v)' : 'make_timestamp(v)';
    return {
      ticks: (id) => (fine ? `epoch_ns(${id})` : `epoch_us(${physical === ZONED ? id : `CAST(${id} AS TIMESTAMP)`})`),
      where: finite,
      ticksPerDay: MICROSECONDS * (fine ? 1000n : 1n),
      text: iso(time, physical === ZONED ? 'Z' : ''),
      time,
      hasDay: true,
      hasHour: true,
    };
  }
  const time = "(TIME '00:00:00' + to_microseconds(v))";
  return {
    ticks: (id) => `epoch_us(CAST(${id} AS TIME))`,
    where: present,
    ticksPerDay: MICROSECONDS,
    text: `CAST(${time} AS VARCHAR)`,
    time,
    hasDay: false,
    hasHour: true,
  };
}

/** How many of the longest gaps are listed. */
const GAPS = 5;

/** Those that are estimates where the frequencies are of a sample; gaps are left out then. */
export const sampledTemporal = ['quantiles', 'histogram', 'weekdays', 'hours'] as const;

/**
 * @param frequencies in order, of ticks
 * @param bounds the smallest and the largest of all, in ticks
 */
export async function temporalFigures(
  context: ColumnContext,
  type: TimeType,
  values: Values,
  bounds: { readonly min: bigint; readonly max: bigint },
  order: TemporalProfile['order'],
  frequencies: Frequencies,
): Promise<TemporalProfile> {
  const { table, distinct } = frequencies;
  const span = bounds.max - bounds.min;
  const gaps = values.oneIn === 1 && distinct > 1 ? await gapsOf(context, type, table, span) : undefined;
  const edges = timeEdges({ ...bounds, ...type, values: values.count, distinct });
  const inside = edges.slice(1, -1).map((edge) => `v >= ${edge}`);
  const [below] = await countsBefore(context, frequencies, inside);
  const counts = binCounts(below, frequencies);
  const quantiles = await quantileTicks(context, frequencies);
  const ends = gaps?.longest.flatMap(({ from, to }) => [from, to]) ?? [];
  const [min = '', max = '', q1 = '', q2 = '', q3 = '', ...others] = await textsOf(context, type, [
    bounds.min,
    bounds.max,
    ...quantiles,
    ...ends,
    ...edges,
  ]);
  return {
    min,
    max,
    spanSeconds: secondsOf(span, type),
    quantiles: { '0.25': q1, '0.5': q2, '0.75': q3 },
    histogram: { edges: others.slice(ends.length), counts },
    ...(gaps && {
      gaps: {
        medianSeconds: gaps.medianSeconds,
        longest: gaps.longest.map(({ from, to }, index) => ({
          ...{ from: others[2 * index] ?? '', to: others[2 * index + 1] ?? '' },
          seconds: secondsOf(to - from, type),
        })),
      },
    }),
    ...(await hoursAndDays(context, type, frequencies)),
    ...(order && { order }),
  };
}

async function quantileTicks(context: ColumnContext, frequencies: Frequencies): Promise<bigint[]> {
  const positions = [0.25, 0.5, 0.75].map((share) => share * (frequencies.values - 1));
  const ranks = positions.flatMap((position) => [Math.floor(position), Math.ceil(position)]);
  const found = await placesOfRanks(context, frequencies, ranks);
  const ticks = found.map((place) => BigInt(place?.text ?? 0));
  return positions.map((position, i) => {
    const [low = 0n, high = 0n] = ticks.slice(2 * i, 2 * i + 2);
    return low + BigInt(Math.floor(Number(high - low) * (position % 1)));
  });
}

/** Beyond the years that the engine can write, the last one that it can. */
async function textsOf({ database }: ColumnContext, { text }: TimeType, ticks: readonly bigint[]): Promise<string[]> {
  const rows = await database.rows(
    `SELECT TRY(${text}) AS t FROM (SELECT i, try_cast(tick AS BIGINT) AS v ` +
      `FROM (SELECT unnest(range(${ticks.length})) AS i, unnest([${ticks.join(', ')}]::HUGEINT[]) AS tick)) ORDER BY i`,
  );
  const texts: string[] = [];
  for (const { t } of rows) texts.push(typeof t === 'string' ? t : (texts.at(-1) ?? ''));
  return texts;
}

/** The longest are told in ticks. */
async function gapsOf(
  { database }: ColumnContext,
  type: TimeType,
  table: string,
  span: bigint,
): Promise<{ medianSeconds: number; longest: readonly { readonly from: bigint; readonly to: bigint }[] }> {
  // From the first to the last time of the engine there are more parts of a second than it counts in one number.
  const next = span < 2n ** 63n ? 'next' : 'CAST(next AS HUGEINT)';
  const gaps =
    `(SELECT v AS start, next, ${next} - v AS gap ` +
    `FROM (SELECT v, lead(v) OVER () AS next FROM ${table}) WHERE next IS NOT NULL)`;
  const { half } = await database.row(`SELECT quantile_cont(gap::DOUBLE, 0.5) AS half FROM ${gaps}`);
  const longest = await database.rows(
    `SELECT CAST(start AS VARCHAR) AS start, CAST(next AS VARCHAR) AS next FROM ${gaps} ORDER BY gap DESC, start LIMIT ${GAPS}`,
  );
  return {
    medianSeconds: Number(half) * secondsOf(1n, type),
    longest: longest.map((row) => ({ from: BigInt(String(row['start'])), to: BigInt(String(row['next'])) })),
  };
}

async function hoursAndDays(
  { database }: ColumnContext,
  { time, hasDay, hasHour }: TimeType,
  { table, weight }: Frequencies,
): Promise<Pick<TemporalProfile, 'weekdays' | 'hours'>> {
  const day = hasDay ? `isodow(${time}) - 1` : '0';
  const hour = hasHour ? `hour(${time})` : '0';
  const rows = await database.rows(
    `SELECT ${day} AS day, ${hour} AS hour, CAST(sum(n) AS BIGINT) AS n FROM ${table} GROUP BY ALL`,
  );
  const along = (key: 'day' | 'hour', length: number) => {
    const counts = new Array<number>(length).fill(0);
    for (const row of rows) counts[Number(row[key])] = (counts[Number(row[key])] ?? 0) + Number(row['n']);
    return counts.map((count) => Math.round(count * weight));
  };
  return { ...(hasDay && { weekdays: along('day', 7) }), ...(hasHour && { hours: along('hour', 24) }) };
}

function secondsOf(ticks: bigint, { ticksPerDay }: TimeType): number {
  return ticksPerDay === 1n ? Number(ticks) * 86_400 : Number(ticks) / Number(ticksPerDay / 86_400n);
}
