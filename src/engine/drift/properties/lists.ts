/** What lists are like: how many elements they have, and what those are, where they are no lists or objects themselves. */
import { literal, type Database } from '../../duckdb';
import { columnTypeOf, type StageColumn } from '../../schema';
import { elementTypeOf, isJson, kindOf } from '../../statistics';
import type { ColumnPair } from '../pairs';
import type { DriftRows } from '../rows';
import { numbers, valuesOf, type VariableGroup, type Side, type Variable, type Values } from '../variable';

/** Elements that are looked at: of more, those of the lists whose hashes come first. */
const MOST_ELEMENTS = 200_000;

/** SQL of how many elements a list has; NULL for a text that is none. */
export function lengthOf(column: StageColumn): string {
  const { id } = column;
  return isJson(column) ? `CASE WHEN json_valid(${id}) THEN json_array_length(${id}) END` : `len(${id})`;
}

export function listLength({ baseline, current }: ColumnPair): Variable {
  const length = (column: StageColumn) => numbers(`CAST(${lengthOf(column)} AS DOUBLE)`, { integer: true });
  return { property: 'length', column: current.name, baseline: length(baseline), current: length(current) };
}

/** Undefined where elements cannot be held against each other. */
export async function elementGroup(
  database: Database,
  name: string,
  pair: ColumnPair,
  rows: { readonly [Each in Side]: DriftRows },
): Promise<VariableGroup | undefined> {
  const [baseline, current] = await Promise.all(
    (['baseline', 'current'] as const).map((side) => elementsOf(database, pair[side], rows[side])),
  );
  if (!baseline || !current || baseline.values.kind !== current.values.kind) return undefined;
  const lists = { baseline, current };
  const table = (side: Side) => `${name}_${side}`;
  return {
    variables: [
      { property: 'elements', column: pair.current.name, baseline: baseline.values, current: current.values },
    ],
    look: async (side, { relation }) => {
      const { id } = pair[side];
      const { n } = await database.row(`SELECT coalesce(sum(${lengthOf(pair[side])}), 0) AS n FROM ${relation}`);
      const oneIn = Math.max(1, Math.ceil(Number(n) / MOST_ELEMENTS));
      await database.run(
        `CREATE OR REPLACE TEMP TABLE ${table(side)} AS SELECT ${lists[side].element} AS e FROM ${relation} ` +
          `WHERE ${lengthOf(pair[side])} > 0${oneIn > 1 ? ` AND hash(${id}) % ${literal(oneIn)} = 0` : ''}`,
      );
      const { count } = await database.row(`SELECT count(*) AS count FROM ${table(side)}`);
      return { relation: table(side), rows: Number(count), ...(oneIn > 1 && { of: Number(n) }) };
    },
    release: async () => {
      for (const side of ['baseline', 'current'] as const) await database.run(`DROP TABLE IF EXISTS ${table(side)}`);
    },
  };
}

interface Elements {
  /** SQL of the elements of a list, each in a row of its own. */
  readonly element: string;
  /** Over `e`. */
  readonly values: Values;
}

async function elementsOf(
  database: Database,
  column: StageColumn,
  { relation }: DriftRows,
): Promise<Elements | undefined> {
  const { id, physicalType } = column;
  if (!isJson(column)) {
    const type = elementTypeOf(physicalType) ?? '';
    const values = scalar(type);
    return values && { element: `unnest(CAST(${id} AS ${type}[]))`, values };
  }
  const element = `unnest(CASE WHEN json_valid(${id}) THEN json_extract_string(${id}, '$[*]') END)`;
  const { count, numeric, nested } = await database.row(
    `SELECT count(e) AS count, count(TRY_CAST(e AS DOUBLE)) AS numeric, count(CASE WHEN e[1] IN ('{', '[') THEN 1 END) AS nested ` +
      `FROM (SELECT ${element} AS e FROM ${relation})`,
  );
  if (Number(nested) > 0 || Number(count) === 0) return undefined;
  const type = count === numeric ? 'DOUBLE' : 'VARCHAR';
  const values = scalar(type);
  return values && { element: type === 'DOUBLE' ? `CAST(${element} AS DOUBLE)` : element, values };
}

function scalar(physicalType: string): Values | undefined {
  const element: StageColumn = { name: 'e', id: 'e', type: columnTypeOf(physicalType), physicalType, spec: {} };
  return physicalType === '' || kindOf(element) === 'list' ? undefined : valuesOf(element);
}
