/** What an engine type of numbers means for how they are counted. */
import { double } from '../duckdb';
import { digitsOf } from '../schema';

export interface NumberType {
  readonly physical: string;
  /** Whether all values are whole numbers. */
  readonly integer: boolean;
  /** Whether values may be NaN or infinite. */
  readonly floating: boolean;
  /** All digits of exact numbers, and those after the point; of floating numbers, none. */
  readonly digits: number;
  readonly decimals: number;
  /** The engine type that they are counted in: a double, where that keeps every value apart. */
  readonly held: string;
}

export function numberTypeOf(physical: string): NumberType {
  const digits = digitsOf(physical);
  const integer = digits?.fraction === 0;
  const all = digits ? digits.whole + digits.fraction : 0;
  const asDouble = !digits || (!integer && all <= 15);
  return {
    physical,
    integer,
    floating: !digits,
    digits: all,
    decimals: digits?.fraction ?? 0,
    held: asDouble ? 'DOUBLE' : physical,
  };
}

/** SQL of a counted value as the text of the column's own type. */
export function textOf({ physical }: NumberType): string {
  return `CAST(CAST(v AS ${physical}) AS VARCHAR)`;
}

/** The number as a whole number of its last digits: `1.50` → 150. */
export function unitsOf(text: string): bigint {
  return BigInt(text.replace('.', ''));
}

/** Whether a double says the same as the text of an exact number. */
export function isDouble(text: string, { decimals }: NumberType): boolean {
  const value = Number(text);
  return Math.abs(value) < 1e21 && value.toFixed(decimals) === text;
}

/** Beyond these, a double skips whole numbers. */
const SAFE = 2n ** 53n;
/** What a difference of two may be, in the widest types of the engine. */
const WIDEST = 10n ** 38n;

export interface Coordinate {
  /** SQL: how far `v` is from the centre, in units of `scale`; within −2 and 2. */
  readonly deviation: string;
  /** A power of two, so that dividing by it loses nothing. */
  readonly scale: number;
  /** Where the median is. */
  readonly median: number;
}

/** A number in both forms: a double, and the engine's text, which has all digits of exact ones. */
export interface Known {
  readonly value: number;
  readonly text: string;
}

/** The outermost values, and the two neighbours in the middle: the same one twice, where the number of values is odd. */
export interface Landmarks {
  readonly min: Known;
  readonly max: Known;
  readonly middle: readonly [Known, Known];
}

/**
 * How differences from the middle are calculated: with powers of numbers about 1, so that none overflows; and of exact
 * numbers that a double would round, before they become doubles.
 */
export function coordinateOf(
  type: NumberType,
  median: number,
  { min, max, middle: [low, high] }: Landmarks,
): Coordinate {
  if (!type.floating && type.held !== 'DOUBLE') {
    const [lowest, below, above, highest] = [
      unitsOf(min.text),
      unitsOf(low.text),
      unitsOf(high.text),
      unitsOf(max.text),
    ];
    const isWide = highest > SAFE || lowest < -SAFE;
    const reach = [highest - below, below - lowest].reduce((a, b) => (a > b ? a : b));
    if (isWide && reach < WIDEST) {
      const unit = 10 ** -type.decimals;
      const scale = powerOfTwo(Number(reach) * unit);
      const wider = type.integer ? 'HUGEINT' : `DECIMAL(38,${type.decimals})`;
      const difference = `CAST(v AS ${wider}) - CAST('${low.text}' AS ${wider})`;
      return {
        deviation: `CAST(${difference} AS DOUBLE) / ${double(scale)}`,
        scale,
        median: (Number(above - below) * unit) / 2 / scale,
      };
    }
  }
  const scale = powerOfTwo(Math.max(Math.abs(min.value), Math.abs(max.value)));
  return { deviation: `(v::DOUBLE / ${double(scale)} - ${double(median / scale)})`, scale, median: 0 };
}

/** The largest one that is not above the size; 1 for nothing. */
export function powerOfTwo(size: number): number {
  return size > 0 ? 2 ** Math.floor(Math.log2(size)) : 1;
}
