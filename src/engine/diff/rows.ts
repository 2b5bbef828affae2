/** Which rows were added, removed and changed: by the primary key, or as whole rows where there is none. */
import type { Database, Row } from '../duckdb';
import { asVarchar } from '../schema';
import type { DiffRows, Manifest } from '../../protocol';
import { compared, type CommonColumn } from './compare';
import type { SideTable } from './side';

interface Tables {
  readonly before: SideTable;
  readonly after: SideTable;
  readonly common: readonly CommonColumn[];
}

type Sample = DiffRows['samples'][number];

/** Columns of a sample of a row that only one build has. */
const SHOWN_COLUMNS = 20;

/** @param samples how many of each kind */
export async function rowChanges(
  database: Database,
  tables: Tables,
  manifests: { readonly before: Manifest; readonly after: Manifest },
  samples: number,
): Promise<DiffRows> {
  const names = manifests.after.config.schema.primaryKey;
  const key = names.flatMap((name) => tables.common.filter((column) => column.name === name));
  const because = await whyNoKey(database, tables, key, manifests);
  return because === undefined ? byKey(database, tables, key, samples) : byWholeRow(database, tables, because, samples);
}

async function whyNoKey(
  database: Database,
  { before, after }: Tables,
  key: readonly CommonColumn[],
  manifests: { readonly before: Manifest; readonly after: Manifest },
): Promise<DiffRows['because']> {
  const [was, is] = [manifests.before.config.schema.primaryKey, manifests.after.config.schema.primaryKey];
  if (was.length + is.length === 0) return 'no-key';
  if (JSON.stringify(was) !== JSON.stringify(is)) return 'other-key';
  if (key.length < is.length) return 'missing-key';
  for (const side of ['before', 'after'] as const) {
    const { name } = side === 'before' ? before : after;
    const ids = key.map((column) => column[side].id);
    const row = await database.row(
      `SELECT EXISTS (FROM ${name} WHERE ${ids.map((id) => `${id} IS NULL`).join(' OR ')}) OR ` +
        `EXISTS (SELECT 1 FROM ${name} GROUP BY ${ids.join(', ')} HAVING count(*) > 1) AS repeated`,
    );
    if (row['repeated'] === true) return 'repeated-key';
  }
  return undefined;
}

/** The rows that are not the same on both sides, by their places, and in which columns. */
const CHANGED = 'changed_rows';

async function byKey(
  database: Database,
  { before, after, common }: Tables,
  key: readonly CommonColumn[],
  samples: number,
): Promise<DiffRows> {
  const values = common.filter((column) => !key.includes(column));
  const sides = ({ before: was, after: is, by }: CommonColumn) => [compared('b', was, by), compared('a', is, by)];
  const flags = values.map((column, index) => `${sides(column).join(' IS DISTINCT FROM ')} AS d${index}`);
  const anyFlag = values.length > 0 ? values.map((_, index) => `d${index}`).join(' OR ') : 'false';
  await database.run(
    `CREATE TABLE ${CHANGED} AS SELECT *, was IS NOT NULL AND "is" IS NOT NULL AND (${anyFlag}) AS changed FROM (` +
      `SELECT ${['b.rowid AS was', 'a.rowid AS "is"', 'a.split <> b.split AS moved', ...flags].join(', ')} ` +
      `FROM ${before.name} AS b FULL JOIN ${after.name} AS a ON ${key.map((column) => sides(column).join(' = ')).join(' AND ')}) ` +
      `WHERE was IS NULL OR "is" IS NULL OR moved OR ${anyFlag}`,
  );
  const counts = values.map((_, index) => `count(*) FILTER (WHERE changed AND d${index}) AS n${index}`);
  const row = await database.row(
    `SELECT ${['count(*) FILTER (WHERE was IS NULL) AS added', 'count(*) FILTER (WHERE "is" IS NULL) AS removed', 'count(*) FILTER (WHERE changed) AS changed', 'count(*) FILTER (WHERE moved) AS moved', ...counts].join(', ')} FROM ${CHANGED}`,
  );
  return {
    by: 'primaryKey',
    key: key.map(({ name }) => name),
    added: Number(row['added']),
    removed: Number(row['removed']),
    changed: Number(row['changed']),
    moved: Number(row['moved']),
    columns: values.map(({ name }, index) => ({ name, rows: Number(row[`n${index}`]) })).filter(({ rows }) => rows > 0),
    asText: common.filter(({ by }) => by === 'text').map(({ name }) => name),
    samples: [
      ...(await oneSided(database, before, key, 'removed', samples)),
      ...(await oneSided(database, after, key, 'added', samples)),
      ...(await changedSamples(database, { before, after, common: values }, key, samples)),
    ],
  };
}

async function oneSided(
  database: Database,
  { name, columns }: SideTable,
  key: readonly CommonColumn[],
  how: 'added' | 'removed',
  samples: number,
): Promise<Sample[]> {
  const [side, here, there] =
    how === 'removed' ? (['before', 'was', '"is"'] as const) : (['after', '"is"', 'was'] as const);
  const keys = key.map((column) => column[side]);
  const others = columns.filter((column) => !keys.includes(column)).slice(0, SHOWN_COLUMNS);
  const rows = await database.rows(
    `SELECT ${[...keys, ...others].map(({ id, physicalType }) => `${asVarchar(`t.${id}`, physicalType)} AS ${id}`).join(', ')} ` +
      `FROM ${CHANGED} JOIN ${name} AS t ON t.rowid = ${here} WHERE ${there} IS NULL ` +
      `ORDER BY ${keys.map(({ id }) => `t.${id}`).join(', ')} LIMIT ${samples}`,
  );
  return rows.map((row) => ({
    how,
    key: keys.map(({ name: column, id }) => ({ column, value: textOf(row, id) })),
    values: others.map(({ name: column, id }) => ({ column, [side]: textOf(row, id) })),
  }));
}

async function changedSamples(
  database: Database,
  { before, after, common: values }: Tables,
  key: readonly CommonColumn[],
  samples: number,
): Promise<Sample[]> {
  const keys = key.map(
    (column, index) => `${asVarchar(`a.${column.after.id}`, column.after.physicalType)} AS k${index}`,
  );
  const texts = values.flatMap(({ before: was, after: is }, index) => [
    `d${index}`,
    `${asVarchar(`b.${was.id}`, was.physicalType)} AS b${index}`,
    `${asVarchar(`a.${is.id}`, is.physicalType)} AS a${index}`,
  ]);
  const rows = await database.rows(
    `SELECT ${[...keys, ...texts].join(', ')} FROM ${CHANGED} JOIN ${before.name} AS b ON b.rowid = was ` +
      `JOIN ${after.name} AS a ON a.rowid = "is" WHERE changed ` +
      `ORDER BY ${key.map((column) => `a.${column.after.id}`).join(', ')} LIMIT ${samples}`,
  );
  return rows.map((row) => ({
    how: 'changed',
    key: key.map(({ name: column }, index) => ({ column, value: textOf(row, `k${index}`) })),
    values: values.flatMap(({ name: column }, index) =>
      row[`d${index}`] === true ? [{ column, before: textOf(row, `b${index}`), after: textOf(row, `a${index}`) }] : [],
    ),
  }));
}

/** Rows as a bag: one that stands twice on one side and once on the other is once more there. */
async function byWholeRow(
  database: Database,
  { before, after, common }: Tables,
  because: DiffRows['because'],
  samples: number,
): Promise<DiffRows> {
  const list = (side: 'before' | 'after') =>
    ['1 AS one', ...common.map((column, index) => `${compared('t', column[side], column.by)} AS v${index}`)].join(', ');
  const was = `SELECT ${list('before')} FROM ${before.name} AS t`;
  const is = `SELECT ${list('after')} FROM ${after.name} AS t`;
  await database.run(`CREATE TABLE removed_rows AS ${was} EXCEPT ALL ${is}`);
  await database.run(`CREATE TABLE added_rows AS ${is} EXCEPT ALL ${was}`);
  const row = await database.row(
    'SELECT (SELECT count(*) FROM removed_rows) AS removed, (SELECT count(*) FROM added_rows) AS added',
  );
  const shown = common.slice(0, SHOWN_COLUMNS);
  const sample = async (how: 'added' | 'removed'): Promise<Sample[]> => {
    const side = how === 'added' ? 'after' : 'before';
    const texts = shown.map((column, index) => {
      const { physicalType } = column[side];
      return `${asVarchar(`v${index}`, column.by === 'values' ? physicalType : 'VARCHAR')} AS t${index}`;
    });
    const rows = await database.rows(
      `SELECT ${['one', ...texts].join(', ')} FROM (FROM ${how}_rows ORDER BY ALL LIMIT ${samples})`,
    );
    return rows.map((each) => ({
      how,
      key: [],
      values: shown.map(({ name: column }, index) => ({ column, [side]: textOf(each, `t${index}`) })),
    }));
  };
  return {
    by: 'wholeRow',
    key: [],
    ...(because !== undefined && { because }),
    added: Number(row['added']),
    removed: Number(row['removed']),
    changed: 0,
    moved: 0,
    columns: [],
    asText: common.filter(({ by }) => by === 'text').map(({ name }) => name),
    samples: [...(await sample('removed')), ...(await sample('added'))],
  };
}

function textOf(row: Row, key: string): string | null {
  const value = row[key];
  return typeof value === 'string' ? value : null;
}
