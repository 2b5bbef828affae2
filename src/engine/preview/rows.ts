/** Rows as they were before the steps and as they are after them, side by side. */
import { rowStatuses, type Preview, type PreviewRow, type RowStatus } from '../../protocol';
import type { Database } from '../duckdb';
import type { StageColumn } from '../schema';
import type { Table } from '../transforms';
import { differs, sharedColumns } from './changes';
import type { Origins } from './origins';

const SHOWN_ROWS = 200;
/** However many columns there are, a screen gets no more cells than that, and some rows all the same. */
const SHOWN_CELLS = 40_000;
const FEWEST_ROWS = 10;
const LONGEST_VALUE = 200;

const PAIRS = 'paired_rows';
const CHANGED = 'changed_rows';
const ALL = 'compared_rows';
const CHOSEN = 'shown_rows';

/**
 * What became of every row, counted, and some of them in full: of each kind the first ones, so that none is missing, then
 * more from the beginning. They are in the order of the rows before; what steps added stands behind the row it was made
 * of, or at the end.
 */
export async function comparedRows(
  database: Database,
  before: Table,
  after: Table,
  origins: Origins,
): Promise<Pick<Preview, 'changes' | 'rows'>> {
  const shared = sharedColumns(before, after);
  const placed = ({ relation }: Table) => `(SELECT id, row_number() OVER (ORDER BY id) AS place FROM ${relation})`;
  // One row may have become several: the first of them is it, the others are new.
  const kept = `SELECT id, was, row_number() OVER (PARTITION BY was ORDER BY id) = 1 AS itself FROM ${origins}`;
  await database.run(
    `CREATE TABLE ${PAIRS} AS SELECT b.id AS b, a.id AS a, b.place AS before_place, a.place AS after_place, ` +
      `coalesce(b.id, o.was) AS beside FROM ${placed(after)} AS a LEFT JOIN (${kept}) AS o ON o.id = a.id ` +
      `FULL JOIN ${placed(before)} AS b ON b.id = o.was AND o.itself`,
  );
  const sides = `JOIN ${before.relation} AS before ON before.id = p.b JOIN ${after.relation} AS after ON after.id = p.a`;
  await database.run(`CREATE TABLE ${CHANGED} (b BIGINT)`);
  for (const some of groups(shared))
    await database.run(
      `INSERT INTO ${CHANGED} SELECT p.b FROM ${PAIRS} AS p ${sides} WHERE list_contains(${conditions(some)}, true)`,
    );
  await database.run(
    `CREATE VIEW ${ALL} AS SELECT *, CASE WHEN b IS NULL THEN 'added' WHEN a IS NULL THEN 'removed' ` +
      `WHEN b IN (SELECT b FROM ${CHANGED}) THEN 'changed' ELSE 'same' END AS status FROM ${PAIRS}`,
  );
  const counted = await database.rows(`SELECT status, count(*) AS rows FROM ${ALL} GROUP BY status`);
  const counts = new Map(counted.map(({ status, rows }) => [status as RowStatus, Number(rows)]));
  await choose(database, before.columns.length + after.columns.length);
  const chosen = await database.rows(`SELECT status, before_place, after_place FROM ${CHOSEN} ORDER BY place`);
  const [was, is] = [await values(database, before, 'b'), await values(database, after, 'a')];
  const differing = await lists<boolean, (typeof shared)[number]>(database, shared, (some) => ({
    list: conditions(some),
    from: `${CHOSEN} AS p LEFT JOIN ${before.relation} AS before ON before.id = p.b LEFT JOIN ${after.relation} AS after ON after.id = p.a`,
  }));
  return {
    changes: Object.fromEntries(rowStatuses.map((status) => [status, counts.get(status) ?? 0])) as Preview['changes'],
    rows: chosen.map(({ status, before_place, after_place }, index): PreviewRow => {
      const changed = status === 'changed' ? shared.filter((_, column) => differing[index]?.[column]) : [];
      return {
        status: status as RowStatus,
        ...(before_place !== null && { before: { row: Number(before_place), values: was[index] ?? [] } }),
        ...(after_place !== null && { after: { row: Number(after_place), values: is[index] ?? [] } }),
        changed: changed.map(([{ name }]) => name),
      };
    }),
  };
}

function conditions(shared: readonly (readonly [StageColumn, StageColumn])[]): string {
  return `[${shared.map(([old, now]) => differs(old, now)).join(', ')}]`;
}

/** Thousands of columns in one statement would take more memory than there may be. */
const COLUMNS_AT_ONCE = 250;

function groups<T>(all: readonly T[]): (readonly T[])[] {
  const starts = Array.from({ length: Math.ceil(all.length / COLUMNS_AT_ONCE) }, (_, index) => index * COLUMNS_AT_ONCE);
  return starts.map((start) => all.slice(start, start + COLUMNS_AT_ONCE));
}

/** One value for each column, for each chosen row in its order. */
async function lists<T, C>(
  database: Database,
  columns: readonly C[],
  query: (some: readonly C[]) => { readonly list: string; readonly from: string },
): Promise<T[][]> {
  const made: T[][] = [];
  for (const some of groups(columns)) {
    const { list, from } = query(some);
    const rows = await database.rows(`SELECT CAST(to_json(${list}) AS VARCHAR) AS list FROM ${from} ORDER BY p.place`);
    rows.forEach((row, index) => (made[index] ??= []).push(...(JSON.parse(String(row['list'])) as T[])));
  }
  return made;
}

async function choose(database: Database, columns: number): Promise<void> {
  const limit = Math.max(FEWEST_ROWS, Math.min(SHOWN_ROWS, Math.floor(SHOWN_CELLS / Math.max(1, columns))));
  const share = Math.floor(limit / rowStatuses.length);
  const ranked = `SELECT *, row_number() OVER (PARTITION BY status ORDER BY beside NULLS LAST, a) AS rank FROM ${ALL}`;
  const first = `SELECT * FROM (${ranked}) ORDER BY rank > ${share}, beside NULLS LAST, a LIMIT ${limit}`;
  await database.run(
    `CREATE TABLE ${CHOSEN} AS SELECT *, row_number() OVER (ORDER BY beside NULLS LAST, a NULLS FIRST) AS place FROM (${first})`,
  );
}

/** Every value as text, no longer than a screen can use. */
function values(database: Database, { relation, columns }: Table, id: 'b' | 'a'): Promise<(string | null)[][]> {
  return lists<string | null, StageColumn>(database, columns, (some) => ({
    list: `[${some.map(shortText).join(', ')}]`,
    from: `${CHOSEN} AS p LEFT JOIN ${relation} AS t ON t.id = p.${id}`,
  }));
}

function shortText({ id }: StageColumn): string {
  const whole = `CAST(t.${id} AS VARCHAR)`;
  return `CASE WHEN length(${whole}) > ${LONGEST_VALUE} THEN left(${whole}, ${LONGEST_VALUE - 1}) || '…' ELSE ${whole} END`;
}
