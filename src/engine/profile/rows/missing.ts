/** Which values are missing, and which of them together in a row. */
import type { MissingProfile } from '../../../protocol';
import type { DescribedColumn, ProfileContext } from '../context';
import { inBatches } from '../../inBatches';

/** Patterns that are listed; of the others it is said how many they are. */
const MAX_PATTERNS = 20;
/** Columns whose being missing stands in one number, a bit each. */
const BITS = 60;

/** A missing value is one that is not there; NaN is a value. */
export async function missingOf(context: ProfileContext, columns: readonly DescribedColumn[]): Promise<MissingProfile> {
  const { database, relation, rows } = context;
  const cells = columns.reduce((sum, { figures }) => sum + figures.nulls, 0);
  const whole = rows * columns.length;
  const base = { cells, cellRatio: whole === 0 ? 0 : cells / whole };
  const partly = columns.filter(({ figures }) => figures.nulls > 0).map(({ column }) => column);
  if (partly.length === 0) return { ...base, completeRows: rows, patterns: [], otherPatterns: 0, otherRows: 0 };
  const words = [...inBatches(partly, BITS)].map((batch, index) => {
    const bits = batch.map(({ id }, bit) => `((${id} IS NULL)::BIGINT << ${bit})`);
    return { name: `w${index}`, value: bits.join(' | ') };
  });
  const names = words.map(({ name }) => name).join(', ');
  const found = await database.rows(
    `SELECT *, count(*) OVER () AS patterns, sum(rows) OVER ()::BIGINT AS total FROM ` +
      `(SELECT ${names}, count(*) AS rows FROM (SELECT ${words.map(({ name, value }) => `${value} AS ${name}`).join(', ')} FROM ${relation}) ` +
      `GROUP BY ALL) WHERE ${words.map(({ name }) => `${name} != 0`).join(' OR ')} ` +
      `ORDER BY rows DESC, ${names} LIMIT ${MAX_PATTERNS}`,
  );
  const patterns = found.map((row) => ({
    columns: partly
      .filter((_, index) => {
        const word = BigInt(String(row[`w${Math.floor(index / BITS)}`]));
        return ((word >> BigInt(index % BITS)) & 1n) === 1n;
      })
      .map(({ name }) => name),
    rows: Number(row['rows']),
  }));
  const incomplete = Number(found[0]?.['total'] ?? 0);
  return {
    ...base,
    completeRows: rows - incomplete,
    patterns,
    otherPatterns: Number(found[0]?.['patterns'] ?? 0) - patterns.length,
    otherRows: incomplete - patterns.reduce((sum, pattern) => sum + pattern.rows, 0),
  };
}
