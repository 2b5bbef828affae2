/** What one pass over a column of numbers tells. */
import type { ProfileContext } from '../../context';
import { firstLook, isFew, type Values } from '../frequencies';
import { unitsOf, type Known, type NumberType } from './numberType';

export interface NumberCounts {
  /** Values that are not missing, and those of them that are finite numbers. */
  readonly present: number;
  readonly count: number;
  /** As a first look has it: see {@link Values}. */
  readonly few: boolean;
  /** Absent where there is no finite number. */
  readonly bounds?: { readonly min: Known; readonly max: Known };
  readonly zeros: number;
  readonly negatives: number;
  readonly nans: number;
  readonly infinities: number;
  readonly negativeInfinities: number;
  /** With all digits, of exact numbers whose sum the engine can hold. */
  readonly sum?: string;
}

/** Of exact numbers with so many digits the engine can hold any sum. */
const SAFE_DIGITS = 20;

/** @param values SQL of a value, and the condition that it is a finite number */
export async function numberCounts(
  context: ProfileContext,
  id: string,
  { value, where }: Pick<Values, 'value' | 'where'>,
  type: NumberType,
): Promise<NumberCounts> {
  const { database, relation } = context;
  const row = await database.row(
    `SELECT count(c) AS present, count(v) AS count, ${firstLook(context, 'v')}, ` +
      'CAST(min(v) AS DOUBLE) AS min, CAST(max(v) AS DOUBLE) AS max, ' +
      `CAST(CAST(min(v) AS ${type.physical}) AS VARCHAR) AS min_text, CAST(CAST(max(v) AS ${type.physical}) AS VARCHAR) AS max_text, ` +
      'count(*) FILTER (WHERE v = 0) AS zeros, count(*) FILTER (WHERE v < 0) AS negatives' +
      (!type.floating && type.digits <= SAFE_DIGITS ? ', CAST(sum(c) AS VARCHAR) AS sum' : '') +
      ` FROM (SELECT __row, ${id} AS c, ${type.floating ? `CASE WHEN ${where} THEN ${value} END` : value} AS v FROM ${relation})`,
  );
  const [present, count] = [Number(row['present']), Number(row['count'])];
  const known = (name: string): Known => ({ value: Number(row[name]), text: String(row[`${name}_text`]) });
  const counts = {
    present,
    count,
    few: isFew(row),
    ...(count > 0 && { bounds: { min: known('min'), max: known('max') } }),
    zeros: Number(row['zeros']),
    negatives: Number(row['negatives']),
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

async function specialCounts({ database, relation }: ProfileContext, id: string): Promise<Specials> {
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
