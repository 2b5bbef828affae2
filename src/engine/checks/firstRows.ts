/** The rows that a finding shows. */
import { MAX_SAMPLES, type Finding } from '../../protocol';
import type { CheckContext } from './check';

/**
 * Where the first rows are that meet a condition, and what they hold.
 * @param condition SQL over the ids of the columns
 * @param value SQL of what is shown of a row; absent: its place alone
 */
export async function firstRows(
  { database, relation, locate }: Pick<CheckContext, 'database' | 'relation' | 'locate'>,
  condition: string,
  value?: string,
): Promise<Pick<Finding, 'locations' | 'samples'>> {
  const shown = value === undefined ? 'NULL' : `left(CAST(${value} AS VARCHAR), 200)`;
  const rows = await database.rows(
    `SELECT __row, ${shown} AS value FROM ${relation} WHERE ${condition} ORDER BY __row LIMIT ${MAX_SAMPLES}`,
  );
  const texts = rows.map((row) => row['value'] as string | null);
  const locations = await locate(
    rows.map((row) => row['__row'] as bigint),
    texts,
  );
  const samples = [...new Set(texts.flatMap((text) => text ?? []))];
  return { ...(locations.length > 0 && { locations }), ...(samples.length > 0 && { samples }) };
}
