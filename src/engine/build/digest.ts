/**
 * What the rows of a part come to, whatever order they stand in and whatever their file is made of: the sum of one md5
 * per row. Two builds by different versions of the engine are compared by it, where their bytes may differ.
 *
 * The bytes of a row: the number of columns; then per column a mark, 1 for null, or 2 and the number that holds the
 * value: itself, the days of a date, the ticks of a time since 1970 in UTC, the length in bytes of a text; then the
 * texts, one after the other. Numbers are big-endian, in as many bytes as their type has, with the sign bit turned, and
 * of negative floating point numbers every bit; -0 is 0.
 */
import { createHash } from 'node:crypto';
import type { Database } from '../duckdb';
import { isNested, type StageColumn } from '../schema';
import type { Digests } from '../../protocol';
import type { Part } from './write';

/** Names the way of digesting: digests of another way say nothing about these. */
const METHOD = 'rows1';

/** @param columns as they stand in the parts, in their order */
export function digestParts(
  database: Database,
  parts: readonly Part[],
  columns: readonly StageColumn[],
): Promise<Digests> {
  // While the parts are written: what that leaves idle is enough.
  return database.onePerSession(async () => {
    const session = await database.connect();
    try {
      const digests: Digests = {};
      for (const part of parts) {
        if (part.prepare !== undefined) await session.run(part.prepare);
        digests[part.name] = digestOf(await sumOf(session, part.relation, columns), columns);
      }
      return digests;
    } finally {
      session.close();
    }
  });
}

interface Sum {
  readonly rows: bigint;
  readonly high: bigint;
  readonly low: bigint;
}

/** Both halves of the md5s summed apart: a sum of 128-bit numbers would overflow. */
async function sumOf(session: Database, relation: string, columns: readonly StageColumn[]): Promise<Sum> {
  const row = await session.row(
    `SELECT count(*)::VARCHAR AS rows, coalesce(sum((md5 >> 64)::UBIGINT), 0)::VARCHAR AS high, ` +
      `coalesce(sum((md5 & ${2n ** 64n - 1n})::UBIGINT), 0)::VARCHAR AS low ` +
      `FROM (SELECT md5_number(${bytesOf(columns)}) AS md5 FROM ${relation})`,
  );
  const [rows, high, low] = ['rows', 'high', 'low'].map((key) => BigInt(String(row[key]))) as [bigint, bigint, bigint];
  return { rows, high, low };
}

function digestOf({ rows, high, low }: Sum, columns: readonly StageColumn[]): string {
  const sums = [high, low].map((sum) => String(sum % 2n ** 64n));
  const schema = columns.map(({ name, type, physicalType }) => [name, type, physicalType]);
  const content = JSON.stringify([METHOD, schema, String(rows), ...sums]);
  return `${METHOD}:${createHash('sha256').update(content).digest('hex')}`;
}

/** SQL for the bytes of a row. The engine's sort key has just the form of the numbers; a test holds it to that. */
function bytesOf(columns: readonly StageColumn[]): string {
  const texts = columns.flatMap(({ id, physicalType }) => (isNumber(physicalType) ? [] : [textOf(id, physicalType)]));
  const numbers = columns.map(({ id, physicalType }) =>
    isNumber(physicalType) ? id : `strlen(${textOf(id, physicalType)})`,
  );
  // Of eight bytes or fewer the engine would make an integer.
  const key = [`${columns.length}::BIGINT`, ...numbers].map((each) => `${each}, 'ASC NULLS FIRST'`).join(', ');
  return `create_sort_key(${key})${texts.length > 0 ? ` || encode(concat(${texts.join(', ')}))` : ''}`;
}

const NUMBER =
  /^(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DATE|TIME|TIMESTAMP(_S|_MS|_NS| WITH TIME ZONE)?)$/;

function isNumber(physicalType: string): boolean {
  return NUMBER.test(physicalType);
}

/** The engine writes nested values as text in a form of its own, and JSON in one that others know. */
function textOf(id: string, physicalType: string): string {
  if (physicalType === 'VARCHAR') return id;
  if (physicalType === 'BLOB') return `hex(${id})`;
  return isNested(physicalType) ? `CAST(to_json(${id}) AS VARCHAR)` : `CAST(${id} AS VARCHAR)`;
}
