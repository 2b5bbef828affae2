/** Factors by which values change when their unit does. */

interface Unit {
  readonly factor: number;
  /** From the larger unit to the smaller one, such as `hours to minutes`. */
  readonly unit?: string;
  /** How far off it may be, as the logarithm of one by the other; absent: by the size of the factor. */
  readonly tolerance?: number;
}

/** Powers of ten are told by themselves. */
const units: readonly Unit[] = [
  { factor: 2.54, unit: 'inches to centimetres' },
  { factor: 25.4, unit: 'inches to millimetres' },
  { factor: 3.28084, unit: 'metres to feet' },
  { factor: 1.609344, unit: 'miles to kilometres' },
  { factor: 2.204623, unit: 'kilograms to pounds' },
  { factor: 28.349523, unit: 'ounces to grams' },
  { factor: 60, unit: 'minutes to seconds' },
  { factor: 3600, unit: 'hours to seconds' },
  { factor: 24, unit: 'days to hours' },
  { factor: 1440, unit: 'days to minutes' },
  { factor: 86_400, unit: 'days to seconds' },
  { factor: 1024, tolerance: 0.01, unit: 'kibibytes to bytes' },
  { factor: 1024 ** 2, tolerance: 0.01, unit: 'mebibytes to bytes' },
  { factor: 1024 ** 3, tolerance: 0.01, unit: 'gibibytes to bytes' },
  { factor: 57.29578, unit: 'radians to degrees' },
  ...Array.from({ length: 9 }, (_, power) => ({ factor: 10 ** (power + 1) })),
];

/** Other rows of a column have other quantiles: large factors may be so far off, small ones must be nearly exact. */
const TOLERANCE = { large: 0.1, small: 0.02 };
const LARGE = 10;
/** How far ratios of quantiles may be from each other, as the logarithm of one by the other. */
const SPREAD = 0.15;
/** Nearer to 0 than this share of the distance between the outer two, a quantile tells no factor. */
const NEAR_ZERO = 0.1;
/** Quantiles that tell a factor: one alone may have moved by chance. */
const LEAST = 3;

/**
 * The known factor that all quantiles have grown or shrunk by; undefined where they have not, or by another one, as by
 * a drift of the values.
 */
export function knownFactor(before: readonly number[], after: readonly number[]): Unit | undefined {
  const spread = (before.at(-1) ?? 0) - (before[0] ?? 0);
  if (!(spread > 0)) return undefined;
  const telling = before.map((value) => Math.abs(value) > NEAR_ZERO * spread);
  const ratios = before
    .map((value, index) => (after[index] ?? 0) / value)
    .filter((_, index) => telling[index])
    .toSorted((a, b) => a - b);
  const middle = ratios[Math.floor(ratios.length / 2)] ?? 0;
  if (ratios.length < LEAST || !((ratios[0] ?? 0) > 0) || !Number.isFinite(middle)) return undefined;
  if (ratios.some((ratio) => Math.abs(Math.log(ratio / middle)) > SPREAD)) return undefined;
  const isOff = (value: number, index: number) => Math.abs((after[index] ?? 0) / middle - value) > NEAR_ZERO * spread;
  if (before.some((value, index) => !telling[index] && isOff(value, index))) return undefined;
  const grown = middle >= 1;
  const size = grown ? middle : 1 / middle;
  const distance = ({ factor }: Unit) => Math.abs(Math.log(size / factor));
  const fitting = units.filter((unit) => distance(unit) <= toleranceOf(unit));
  const [nearest] = fitting.toSorted((a, b) => distance(a) - distance(b));
  if (!nearest) return undefined;
  if (grown) return nearest;
  const { factor, unit } = nearest;
  const [from, to] = unit?.split(' to ') ?? [];
  return { factor: 1 / factor, ...(from !== undefined && to !== undefined && { unit: `${to} to ${from}` }) };
}

function toleranceOf({ factor, tolerance }: Unit): number {
  return tolerance ?? (factor >= LARGE ? TOLERANCE.large : TOLERANCE.small);
}
