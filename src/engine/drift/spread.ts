/** Mean, deviation, bounds and median of numbers, the same for any order of the rows. */
import { double, type Database } from '../duckdb';
import { powerOfTwo } from '../statistics';
import type { DriftProperty } from '../../protocol';
import { askAll } from './ask';
import type { Look } from './look';
import { finiteOf, type Numbers, type Seen } from './variable';

export type Spread = NonNullable<DriftProperty['summary']>['baseline'];

const none: Spread = { mean: null, stddev: null, min: null, median: null, max: null };

export interface SpreadAsked {
  readonly values: Numbers;
  readonly look: Look;
  readonly median: number;
}

/** From compensated sums of distances from the median in units about 1, so that neither size nor order matters. */
export async function spreadsOf(
  database: Database,
  { relation }: Pick<Seen, 'relation'>,
  asked: readonly SpreadAsked[],
): Promise<Spread[]> {
  const rows = await askAll(
    database,
    relation,
    asked.map((each) => {
      const distance = `((${finiteOf(each.values)} - ${double(centreOf(each))}) / ${double(scaleOf(each))})`;
      return { sum: `fsum(${distance})`, squares: `fsum(${distance} * ${distance})` };
    }),
  );
  return rows.map((row, index) => {
    const each = asked[index];
    if (!each || each.look.finite === 0) return none;
    const { finite: count, min, max } = each.look;
    const [sum, squares] = [Number(row['sum']), Number(row['squares'])];
    const scale = scaleOf(each);
    const variance = count > 1 ? Math.max(0, squares - (sum * sum) / count) / (count - 1) : NaN;
    return {
      mean: figure(centreOf(each) + (sum / count) * scale),
      stddev: figure(Math.sqrt(variance) * scale),
      min: figure(min),
      median: figure(each.median),
      max: figure(max),
    };
  });
}

function centreOf({ median }: SpreadAsked): number {
  return Number.isFinite(median) ? median : 0;
}

function scaleOf(asked: SpreadAsked): number {
  const { min, max } = asked.look;
  const reach = Math.max(Math.abs(max - centreOf(asked)), Math.abs(min - centreOf(asked)));
  return Number.isFinite(reach) ? powerOfTwo(reach) : 2 ** 1023;
}

/** Without the last digits, in which the order of a sum may show. */
function figure(value: number): number | null {
  return Number.isFinite(value) ? Number(value.toPrecision(13)) : null;
}
