/** A first look at values: how many there are of each sort, and between which bounds. */
import type { Database } from '../duckdb';
import { askAll, type Aggregates } from './ask';
import { finiteOf, type Numbers, type Seen, type Values } from './variable';

export interface Look {
  /** Rows with a value, NaN and infinite ones among them. */
  readonly present: number;
  /** Of numbers; of categories as many as there are. */
  readonly finite: number;
  readonly nan: number;
  readonly infinity: number;
  readonly negativeInfinity: number;
  /** Of finite numbers; NaN where there are none. */
  readonly min: number;
  readonly max: number;
  /** Different ones, as the engine's sketch (HyperLogLog) has it; NaN where nobody asked. */
  readonly distinct: number;
  /** Of texts, in characters. */
  readonly meanLength: number;
  readonly maxLength: number;
}

/** @param sketch whether to count different values */
export async function lookAt(
  database: Database,
  { relation }: Pick<Seen, 'relation'>,
  values: readonly Values[],
  sketch: boolean,
): Promise<Look[]> {
  const rows = await askAll(
    database,
    relation,
    values.map((each) => (each.kind === 'numbers' ? ofNumbers(each, sketch) : ofTexts(each, sketch))),
  );
  return rows.map((row) => {
    const present = Number(row['present']);
    return {
      present,
      finite: Number(row['finite'] ?? present),
      nan: Number(row['nan'] ?? 0),
      infinity: Number(row['infinity'] ?? 0),
      negativeInfinity: Number(row['negative'] ?? 0),
      min: Number(row['min'] ?? NaN),
      max: Number(row['max'] ?? NaN),
      distinct: Number(row['distinct'] ?? NaN),
      meanLength: present > 0 ? Number(row['length'] ?? 0) / present : 0,
      maxLength: Number(row['longest'] ?? 0),
    };
  });
}

function ofNumbers(values: Numbers, sketch: boolean): Aggregates {
  const { sql, floating } = values;
  const finite = finiteOf(values);
  return {
    present: `count(${sql})`,
    min: `min(${finite})`,
    max: `max(${finite})`,
    ...(sketch && { distinct: `approx_count_distinct(${finite})` }),
    ...(floating && {
      finite: `count(${finite})`,
      nan: `count(CASE WHEN isnan(${sql}) THEN 1 END)`,
      infinity: `count(CASE WHEN ${sql} = 'infinity'::DOUBLE THEN 1 END)`,
      negative: `count(CASE WHEN ${sql} = '-infinity'::DOUBLE THEN 1 END)`,
    }),
  };
}

function ofTexts({ sql }: Values, sketch: boolean): Aggregates {
  return {
    present: `count(${sql})`,
    ...(sketch && {
      distinct: `approx_count_distinct(${sql})`,
      length: `sum(length(${sql}))`,
      longest: `max(length(${sql}))`,
    }),
  };
}
