/** What every strategy of splitting takes and gives. */
import type { Database } from '../../duckdb';
import type { Finding, SplitName, SplitRecord, SplitSpec } from '../../../protocol';
import type { StageColumn } from '../../schema';
import type { Stage } from '../stage';

export interface SplitContext {
  readonly database: Database;
  readonly dataset: string;
  readonly stage: Stage;
  readonly split: SplitSpec;
  /** Absolute path of the file of indices, where the split follows one. */
  readonly indicesPath?: string;
}

export interface SplitPart extends SplitRecord {
  readonly name: SplitName;
  /** SQL of a relation with the kept rows' columns, in no particular order. */
  readonly relation: string;
}

export interface SplitResult {
  readonly parts: readonly SplitPart[];
  readonly findings: readonly Finding[];
}

/** How many classes a record of a split lists. */
export const LISTED_CLASSES = 100;

/** Class counts per split, for strategies that do not plan them. */
export async function countClasses(
  database: Database,
  relation: string,
  column: StageColumn,
): Promise<SplitRecord['classes']> {
  const rows = await database.rows(
    `SELECT CAST(${column.id} AS VARCHAR) AS value, count(*) AS rows FROM ${relation} GROUP BY ALL ORDER BY value NULLS LAST LIMIT ${LISTED_CLASSES}`,
  );
  return rows.map((row) => ({ value: row['value'] as string | null, rows: Number(row['rows']) }));
}
