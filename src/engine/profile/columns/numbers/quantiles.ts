/** Quantiles of type 7 of Hyndman and Fan: between the two neighbours of a position among the sorted values. */
import { quantileKeys, type Quantiles } from '../../../../protocol';
import type { ProfileContext } from '../../context';
import { placesOfRanks, type Frequencies } from '../frequencies';
import { textOf, unitsOf, type Known, type NumberType } from './numberType';

export interface Quantile {
  readonly low: Known;
  readonly high: Known;
  /** How far it is from the one to the other, 0–1. */
  readonly share: number;
  readonly value: number;
}

export type Found = Readonly<Record<keyof Quantiles, Quantile>>;

/** Undefined where there is no value. */
export async function quantilesOf(
  context: ProfileContext,
  type: NumberType,
  frequencies: Frequencies,
): Promise<Found | undefined> {
  const positions = quantileKeys.map((key) => Number(key) * (frequencies.values - 1));
  const ranks = positions.flatMap((position) => [Math.floor(position), Math.ceil(position)]);
  const neighbours = await placesOfRanks(context, frequencies, ranks, textOf(type));
  const found = quantileKeys.flatMap((key, i): [string, Quantile][] => {
    const [low, high] = neighbours.slice(2 * i, 2 * i + 2);
    if (!low || !high) return [];
    const share = (positions[i] ?? 0) % 1;
    return [[key, { low, high, share, value: between(low.value, high.value, share) }]];
  });
  return found.length === quantileKeys.length ? (Object.fromEntries(found) as Found) : undefined;
}

/** As NumPy interpolates, from the nearer end; where the distance is beyond a double, from both. */
function between(low: number, high: number, share: number): number {
  const distance = high - low;
  if (!Number.isFinite(distance)) return low * (1 - share) + high * share;
  return share < 0.5 ? low + distance * share : high - distance * (1 - share);
}

/** From one quantile to another; of exact numbers, before they are rounded to doubles. */
export function distance(from: Quantile, to: Quantile, type: NumberType): number {
  if (type.held === 'DOUBLE') return to.value - from.value;
  const exactly = (a: Known, b: Known) => Number(unitsOf(b.text) - unitsOf(a.text)) / 10 ** type.decimals;
  return exactly(from.low, to.low) + to.share * exactly(to.low, to.high) - from.share * exactly(from.low, from.high);
}
