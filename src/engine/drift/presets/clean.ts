/** Both sides without missing values, as both tools drop them. */
import { finite, type Database } from '../../duckdb';
import type { NumbersOfSide } from '../metrics';
import type { Cleaned, CleanSide, PresetQuestion } from './preset';

export async function cleaned({ database, kind, baseline, current }: PresetQuestion): Promise<Cleaned> {
  return {
    database,
    baseline: await cleanSide(database, baseline, kind),
    current: await cleanSide(database, current, kind),
  };
}

async function cleanSide(
  database: Database,
  { relation, sql }: NumbersOfSide,
  kind: PresetQuestion['kind'],
): Promise<CleanSide> {
  const value = kind === 'numbers' ? finite(`(${sql})`) : `(${sql})`;
  const clean = `(SELECT v FROM (SELECT ${value} AS v FROM ${relation}) WHERE v IS NOT NULL)`;
  const { total, rows } = await database.row(`SELECT count(*) AS total, count(${value}) AS rows FROM ${relation}`);
  return { relation: clean, sql: 'v', rows: Number(rows), missing: Number(total) - Number(rows) };
}

/** Different values, counted no further than that. */
export async function differentUpTo(database: Database, relations: readonly string[], most: number): Promise<number> {
  const all = relations.map((relation) => `SELECT v FROM ${relation}`).join(' UNION ALL ');
  const { n } = await database.row(`SELECT count(*) AS n FROM (SELECT DISTINCT v FROM (${all}) LIMIT ${most})`);
  return Number(n);
}

/** Of the finite numbers of all of them; NaN where there are none. */
export async function boundsOf(
  database: Database,
  relations: readonly string[],
): Promise<{ readonly min: number; readonly max: number }> {
  const all = relations.map((relation) => `SELECT v FROM ${relation}`).join(' UNION ALL ');
  const { min, max } = await database.row(`SELECT min(v) AS min, max(v) AS max FROM (${all})`);
  return { min: Number(min ?? NaN), max: Number(max ?? NaN) };
}
