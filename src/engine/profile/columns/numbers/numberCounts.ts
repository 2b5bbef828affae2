/** What one pass over a column of numbers tells. */
import type { Row } from '../../../duckdb';
import type { ColumnContext } from '../../context';
import type { FirstPass } from '../firstPass';
import { firstLook, type Values } from '../frequencies';
import { unitsOf, type Known, type NumberType } from '../../../statistics';

export interface NumberCounts {
  /** Values that are not missing, and those of them that are finite numbers. */
  readonly present: number;
  readonly count: number;
  /** Absent where there is no finite number. */
  readonly bounds?: { readonly min: Known; readonly max: Known };
  readonly zeros: number;
  readonly negatives: number;
  readonly nans: number;
  readonly infinities: number;
  readonly negativeInfinities: number;
  /** With all digits, of exact numbers whose sum the engine can hold. */
  readonly sum?: string;
  /** Of floating numbers, where that was counted for a sample; infinite where a double does not hold it. */
  readonly total?: number;
}

/** Of exact numbers with so many digits the engine can hold any sum. */
const SAFE_DIGITS = 20;

/** @param values SQL of a value, and the condition that it is a finite number */
export function numbersPass(
  context: ColumnContext,
  id: string,
  { value, where }: Pick<Values, 'value' | 'where'>,
  type: NumberType,
): FirstPass {
  const [c, v] = [`c_${id}`, `v_${id}`];
  const textOf = (value: string) => `CAST(CAST(${value} AS ${type.physical}) AS VARCHAR)`;
  return {
    inputs: { [c]: id, [v]: type.floating ? `CASE WHEN ${where} THEN ${value} END` : value },
    figures: {
      present: `count(${c})`,
      count: `count(${v})`,
      ...firstLook(context, v, id),
      min: `CAST(min(${v}) AS DOUBLE)`,
      max: `CAST(max(${v}) AS DOUBLE)`,
      min_text: textOf(`min(${v})`),
      max_text: textOf(`max(${v})`),
      zeros: `count_if(${v} = 0)`,
      negatives: `count_if(${v} < 0)`,
      ...(!type.floating && type.digits <= SAFE_DIGITS && { sum: `CAST(sum(${c}) AS VARCHAR)` }),
      ...(type.floating && context.fast && { total: `fsum(${v})` }),
    },
  };
}

/** @param row what the pass found */
export async function numberCounts(
  context: ColumnContext,
  id: string,
  type: NumberType,
  row: Row,
): Promise<NumberCounts> {
  const { database, relation } = context;
  const [present, count] = [Number(row['present']), Number(row['count'])];
  const known = (name: string): Known => ({ value: Number(row[name]), text: String(row[`${name}_text`]) });
  const counts = {
    present,
    count,
    ...(count > 0 && { bounds: { min: known('min'), max: known('max') } }),
    zeros: Number(row['zeros']),
    negatives: Number(row['negatives']),
    ...(row['total'] !== undefined && { total: Number(row['total']) }),
    ...(count < present ? await specialCounts(context, id) : noSpecials),
  };
  if (type.floating || !counts.bounds) return counts;
  if (row['sum'] !== undefined) return { ...counts, sum: String(row['sum']) };
  const [low, high] = [unitsOf(counts.bounds.min.text), unitsOf(counts.bounds.max.text)];
  const largest = high > -low ? high : -low;
  // The engine's sum of its widest integers starts again at the bottom, unnoticed.
  if (largest * BigInt(count) >= 10n ** 38n) return counts;
  const wide = type.integer ? `CAST(${id} AS HUGEINT)` : id;
  const { sum } = await database.row(`SELECT CAST(sum(${wide}) AS VARCHAR) AS sum FROM ${relation}`);
  return { ...counts, sum: String(sum) };
}

type Specials = Pick<NumberCounts, 'nans' | 'infinities' | 'negativeInfinities'>;

const noSpecials: Specials = { nans: 0, infinities: 0, negativeInfinities: 0 };

async function specialCounts({ database, relation }: ColumnContext, id: string): Promise<Specials> {
  const row = await database.row(
    `SELECT count(*) FILTER (WHERE isnan(${id})) AS nans, count(*) FILTER (WHERE isinf(${id}) AND ${id} > 0) AS positive, ` +
      `count(*) FILTER (WHERE isinf(${id}) AND ${id} < 0) AS negative FROM ${relation} WHERE NOT isfinite(${id})`,
  );
  return {
    nans: Number(row['nans']),
    infinities: Number(row['positive']),
    negativeInfinities: Number(row['negative']),
  };
}
