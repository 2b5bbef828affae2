/** Only the columns that are compared, where reading all of them again and again would take long. */
import { text } from '../duckdb';
import type { ColumnPair } from './pairs';
import type { DriftRows } from './rows';
import type { Side } from './variable';
import type { TimeWindows } from './windows';

/** To take in a statement over a relation of more columns takes longer than to answer it. */
const WIDE = 200;

type Sides = { readonly [Each in Side]: DriftRows };

/**
 * Columns of very wide sides, and those that are looked at in windows, are held in tables meanwhile.
 * @param work given the rows of each window too
 */
export async function withNarrow<T>(
  sides: Sides,
  pairs: readonly ColumnPair[],
  windows: TimeWindows | undefined,
  work: (rows: Sides, windows: readonly DriftRows[]) => Promise<T>,
): Promise<T> {
  const isWide = Object.values(sides).some(({ columns }) => columns.length > WIDE);
  const { database } = sides.current;
  const held: string[] = [];
  const narrow = async (side: Side, more: string): Promise<string> => {
    const table = `drift_${side}`;
    const ids = pairs.map((pair) => pair[side].id);
    await database.run(
      `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${[...ids, ...(more === '' ? [] : [more])].join(', ')} FROM ${sides[side].relation}`,
    );
    held.push(table);
    return table;
  };
  try {
    const baseline = isWide ? await narrow('baseline', '') : sides.baseline.relation;
    const current =
      isWide || windows
        ? await narrow('current', windows ? `${windows.start} AS __window` : '')
        : sides.current.relation;
    return await work(
      { baseline: { ...sides.baseline, relation: baseline }, current: { ...sides.current, relation: current } },
      (windows?.all ?? []).map(({ from, rows }) => ({
        ...sides.current,
        relation: `(SELECT * FROM ${current} WHERE __window = ${text(from)}::DATE)`,
        rows,
      })),
    );
  } finally {
    for (const table of held) await database.run(`DROP TABLE ${table}`);
  }
}
