/**
 * What the rows of a part come to, whatever order they stand in and whatever their file is made of: the sum of one hash
 * per row. Two builds by different versions of the engine are compared by it, where their bytes may differ.
 *
 * The hash is the engine's own, many times faster than md5, and no version of it promises the next one the same. So each
 * digest begins with what the hash makes of a few fixed values: where that differs, digests say nothing about each other.
 */
import { createHash } from 'node:crypto';
import type { Database } from '../duckdb';
import { asVarchar, type StageColumn } from '../schema';
import { countPresent } from '../statistics';
import type { Digests } from '../../protocol';
import { KEPT } from '../staging';
import type { Part } from './write';

/** Names the way of digesting. */
const METHOD = 'rows1';

/** One value of every type that is hashed as it is; a text is hashed in two ways, by its length. */
const KNOWN = [
  ...['true', "'a text'", "'a text of more than twelve bytes'", 'NULL', "DATE '1969-12-31'", "TIME '01:02:03'"],
  ...['TINYINT', 'SMALLINT', 'INTEGER', 'BIGINT', 'FLOAT', 'DOUBLE'].map((type) => `(-3)::${type}`),
  ...['UTINYINT', 'USMALLINT', 'UINTEGER', 'UBIGINT'].map((type) => `200::${type}`),
  ...['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMPTZ'].map(
    (type) => `'2020-01-02 03:04:05+00'::${type}`,
  ),
];

/** Whether two builds digested the same way, so that other digests mean other rows. */
export function areComparable(before: Digests | undefined, after: Digests | undefined): before is Digests {
  const ways = new Set([before, after].flatMap((digests) => Object.values(digests ?? {}).map(wayOf)));
  return before !== undefined && after !== undefined && ways.size <= 1;
}

const wayOf = (digest: string): string => digest.slice(0, digest.indexOf(':'));

export interface Digested {
  readonly digests: Digests;
  /** How many rows of all parts have no value, by the ids of the columns. */
  readonly missing: ReadonlyMap<string, number>;
}

/** @param columns as they stand in the parts, in their order */
export function digestParts(
  database: Database,
  parts: readonly Part[],
  columns: readonly StageColumn[],
): Promise<Digested> {
  // While the parts are written: what that leaves idle is enough.
  return database.onePerSession(async () => {
    const session = await database.connect();
    try {
      const known = await session.row(`SELECT hash(${KNOWN.join(', ')})::VARCHAR AS hash`);
      const way = `${METHOD}-${BigInt(String(known['hash'])).toString(16)}`;
      for (const { prepare } of parts) if (prepare !== undefined) await session.run(prepare);
      const { sums, present } = await sumsOf(session, parts, columns);
      const digests = sums.map((sum) => [sum.name, `${way}:${digestOf(sum, columns)}`]);
      const uncounted = columns.filter(({ id }) => !present.has(id));
      const total = parts.reduce((sum, { rows }) => sum + rows, 0);
      const missing = [...present, ...(await presentIn(session, parts, uncounted))].map(
        ([id, count]) => [id, total - count] as const,
      );
      return { digests: Object.fromEntries(digests) as Digests, missing: new Map(missing) };
    } finally {
      session.close();
    }
  });
}

interface Sum {
  /** Of the part. */
  readonly name: string;
  readonly rows: number;
  readonly hashes: bigint;
}

/** So many columns are counted while their rows are hashed: planning takes a time that grows with their number. */
const COUNTED_AT_ONCE = 500;

interface Sums {
  readonly sums: readonly Sum[];
  /** How many rows of all parts have a value, by the ids of the columns that were counted as well. */
  readonly present: ReadonlyMap<string, number>;
}

/** In one pass over all rows, which nearly always are those of all parts. The parts are prepared. */
async function sumsOf(session: Database, parts: readonly Part[], columns: readonly StageColumn[]): Promise<Sums> {
  const cases = parts.map(({ condition = 'true' }, index) => `WHEN ${condition} THEN ${index}`);
  const values = columns.map(({ id, physicalType }) => hashed(id, physicalType));
  const counted = columns.slice(0, COUNTED_AT_ONCE).map(({ id }) => id);
  // Not by groups, in each of which every column would be counted: that takes longer than to hash them.
  const sums = parts.map(
    (_, index) =>
      `count(*) FILTER (part = ${index}) AS rows${index}, (sum(hash) FILTER (part = ${index}))::VARCHAR AS hashes${index}`,
  );
  const counts = counted.map((id) => `count(${id}) AS n${id}`);
  const row = await session.row(
    `SELECT ${[...sums, ...counts, 'count(*) AS all_rows'].join(', ')} ` +
      `FROM (SELECT ${[`CASE ${cases.join(' ')} END AS part`, `hash(${values.join(', ')}) AS hash`, ...counted].join(', ')} FROM ${KEPT})`,
  );
  const found = parts.map(({ name }, index) => ({
    name,
    rows: Number(row[`rows${index}`]),
    hashes: BigInt(String(row[`hashes${index}`] ?? 0)),
  }));
  const isAll = found.reduce((sum, { rows }) => sum + rows, 0) === Number(row['all_rows']);
  return { sums: found, present: new Map(isAll ? counted.map((id) => [id, Number(row[`n${id}`])]) : []) };
}

/** The parts are prepared. */
function presentIn(
  session: Database,
  parts: readonly Part[],
  columns: readonly StageColumn[],
): Promise<ReadonlyMap<string, number>> {
  const within = parts.map(({ condition = 'true' }) => `(${condition})`).join(' OR ');
  return countPresent(session, `${KEPT} WHERE ${within === '' ? 'false' : within}`, columns);
}

function digestOf({ rows, hashes }: Sum, columns: readonly StageColumn[]): string {
  const schema = columns.map(({ name, type, physicalType }) => [name, type, physicalType]);
  const content = JSON.stringify([schema, String(rows), String(hashes)]);
  return createHash('sha256').update(content).digest('hex');
}

const PLAIN =
  /^(BOOLEAN|VARCHAR|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DATE|TIME|TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?)$/;

/** SQL of what is hashed: the engine's hash takes [] for null and [1], [2] for [1, 2], []; JSON tells them apart. */
function hashed(id: string, physicalType: string): string {
  if (PLAIN.test(physicalType)) return id;
  if (physicalType === 'BLOB') return `hex(${id})`;
  return asVarchar(id, physicalType);
}
