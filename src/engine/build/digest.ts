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
      const { sums, present } = await sumsOf(session, parts, columns);
      const digests = parts.map(({ name }, index) => [name, `${way}:${digestOf(sums.get(index) ?? NO_ROWS, columns)}`]);
      const rest = await presentIn(session, parts, columns.slice(COUNTED_AT_ONCE));
      const total = parts.reduce((sum, { rows }) => sum + rows, 0);
      const missing = [...present, ...rest].map(([id, count]) => [id, total - count] as const);
      return { digests: Object.fromEntries(digests) as Digests, missing: new Map(missing) };
    } finally {
      session.close();
    }
  });
}

interface Sum {
  readonly rows: string;
  readonly hashes: bigint;
}

const NO_ROWS: Sum = { rows: '0', hashes: 0n };

/** So many columns are counted while their rows are hashed: planning takes a time that grows with their number. */
const COUNTED_AT_ONCE = 500;

interface Sums {
  /** By the place of each part that has rows. */
  readonly sums: ReadonlyMap<number, Sum>;
  /** How many rows of all parts have a value, by the ids of the first columns. */
  readonly present: ReadonlyMap<string, number>;
}

/** In one pass over all parts. */
async function sumsOf(session: Database, parts: readonly Part[], columns: readonly StageColumn[]): Promise<Sums> {
  for (const { prepare } of parts) if (prepare !== undefined) await session.run(prepare);
  const cases = parts.map(({ condition = 'true' }, index) => `WHEN ${condition} THEN ${index}`);
  const values = columns.map(({ id, physicalType }) => hashed(id, physicalType));
  const counted = columns.slice(0, COUNTED_AT_ONCE).map(({ id }) => id);
  const rows = await session.rows(
    `SELECT part, count(*)::VARCHAR AS rows, sum(hash)::VARCHAR AS hashes${counted.map((id) => `, count(${id}) AS n${id}`).join('')} ` +
      `FROM (SELECT CASE ${cases.join(' ')} END AS part, hash(${values.join(', ')}) AS hash${counted.map((id) => `, ${id}`).join('')} FROM ${KEPT}) ` +
      `WHERE part IS NOT NULL GROUP BY part`,
  );
  return {
    sums: new Map(
      rows.map((row) => [Number(row['part']), { rows: String(row['rows']), hashes: BigInt(String(row['hashes'])) }]),
    ),
    present: new Map(counted.map((id) => [id, rows.reduce((sum, row) => sum + Number(row[`n${id}`]), 0)])),
  };
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
  const content = JSON.stringify([schema, rows, String(hashes)]);
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
