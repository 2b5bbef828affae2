/** The quantiles that a profile has of every column of numbers. */
import { quantileKeys, type Quantiles } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import { placesOfRanks, type Frequencies } from '../frequencies';
import { placeOfQuantile, quantileBetween, textOf, type NumberType, type Quantile } from '../../../statistics';

export type Found = Readonly<Record<keyof Quantiles, Quantile>>;

/** Undefined where there is no value. */
export async function quantilesOf(
  context: ColumnContext,
  type: NumberType,
  frequencies: Frequencies,
): Promise<Found | undefined> {
  const places = quantileKeys.map((key) => placeOfQuantile(Number(key), frequencies.values));
  const ranks = places.flatMap(({ low, high }) => [low, high]);
  const neighbours = await placesOfRanks(context, frequencies, ranks, textOf(type));
  const found = quantileKeys.flatMap((key, i): [string, Quantile][] => {
    const [low, high] = neighbours.slice(2 * i, 2 * i + 2);
    return low && high ? [[key, quantileBetween(low, high, places[i]?.share ?? 0)]] : [];
  });
  return found.length === quantileKeys.length ? (Object.fromEntries(found) as Found) : undefined;
}
