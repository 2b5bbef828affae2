/** Where the bins of times begin and end: at whole seconds, hours, days, months and years. */
import { binsFor } from '../numbers/edges';

/** Times as whole numbers since 1970, or since midnight. */
export interface Ticks {
  readonly min: bigint;
  readonly max: bigint;
  readonly values: number;
  readonly distinct: number;
  readonly ticksPerDay: bigint;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const seconds = [
  ...[1, 2, 5, 10, 15, 30],
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
  ...[1, 2, 7].map((n) => n * DAY),
];
const months = [
  1,
  2,
  3,
  6,
  ...[1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000].map((n) => n * 12),
];

/** The Monday from which weeks are counted: 5 January 1970. */
const FIRST_MONDAY = 4n;

/** From the bin of the smallest to that of the largest; all hold their lower edge only. One bin where no unit suits. */
export function timeEdges(ticks: Ticks): bigint[] {
  const { min, max, values, distinct, ticksPerDay } = ticks;
  const most = binsFor(values, distinct);
  for (const step of evenSteps(ticksPerDay)) {
    const origin = step === 7n * ticksPerDay ? FIRST_MONDAY * ticksPerDay : 0n;
    const from = floorDivide(min - origin, step);
    const bins = floorDivide(max - origin, step) - from + 1n;
    if (bins <= most) return Array.from({ length: Number(bins) + 1 }, (_, i) => origin + (from + BigInt(i)) * step);
  }
  const [first, last] = [monthOf(min, ticksPerDay), monthOf(max, ticksPerDay)];
  if (first === undefined || last === undefined) return [min, max];
  for (const step of months) {
    const from = Math.floor(first / step);
    const bins = Math.floor(last / step) - from + 1;
    if (bins > most) continue;
    const days = Array.from({ length: bins + 1 }, (_, i) => dayOfMonth((from + i) * step));
    return days.every(Number.isFinite) ? days.map((day) => BigInt(day) * ticksPerDay) : [min, max];
  }
  return [min, max];
}

/** Steps of the same length, the shortest first: parts of a second in decimals, then the units of clocks up to a week. */
function evenSteps(ticksPerDay: bigint): bigint[] {
  const day = BigInt(DAY);
  const perSecond = ticksPerDay / day;
  const parts: bigint[] = [];
  for (let size = 1n; size < perSecond; size *= 10n) parts.push(size, 2n * size, 5n * size);
  return [
    ...parts,
    ...seconds.map(BigInt).flatMap((each) => ((each * ticksPerDay) % day === 0n ? [(each * ticksPerDay) / day] : [])),
  ];
}

function floorDivide(a: bigint, b: bigint): bigint {
  const quotient = a / b;
  return a % b < 0n ? quotient - 1n : quotient;
}

/** Months since the beginning of the year 0; undefined for days beyond the calendar of the language. */
function monthOf(ticks: bigint, ticksPerDay: bigint): number | undefined {
  const date = new Date(Number(floorDivide(ticks, ticksPerDay)) * DAY * 1000);
  return Number.isNaN(date.getTime()) ? undefined : date.getUTCFullYear() * 12 + date.getUTCMonth();
}

/** Days since 1970 of the first of a month; NaN beyond the calendar of the language. */
function dayOfMonth(month: number): number {
  const date = new Date(0);
  // Unlike `Date.UTC`, this does not take 70 for 1970.
  date.setUTCFullYear(Math.floor(month / 12), ((month % 12) + 12) % 12, 1);
  return date.getTime() / (DAY * 1000);
}
