/** What is lost is said of each column, with how many of its values it befalls. */
import type { Database } from '../duckdb';
import { inBatches } from '../inBatches';
import type { Finding } from '../../protocol';
import { EXPORTED, type ExportedColumn } from './exported';
import { inForm, type Form } from './forms';

/** A column that may lose something. */
export interface Concern {
  readonly column: ExportedColumn;
  /** SQL condition that holds for a row whose value is concerned. */
  readonly rows: string;
  readonly severity: 'warning' | 'info';
  /** @param values such as `3 values of a` @param one whether it is one value */
  readonly message: (values: string, one: boolean) => string;
  readonly suggestion?: string;
}

/** SQL condition for rows whose value is another in this form; undefined: the column has no such values. */
export const changedBy =
  (form: Form) =>
  ({ id, physicalType }: ExportedColumn): string | undefined => {
    const formed = inForm(id, physicalType, form);
    return formed === undefined ? undefined : `${formed} IS DISTINCT FROM ${id}`;
  };

/** Conditions are planned in a time that grows with their number. */
const AT_ONCE = 500;

/** `export-lossy` for each that befalls a value, in their order. */
export async function countedLosses(
  database: Database,
  dataset: string,
  concerns: readonly Concern[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const some of inBatches(concerns, AT_ONCE)) {
    const counts = some.map(({ rows }, index) => `count_if(${rows}) AS n${index}`);
    const row = await database.row(`SELECT ${counts.join(', ')} FROM ${EXPORTED}`);
    for (const [index, { column, message, severity, suggestion }] of some.entries()) {
      const count = Number(row[`n${index}`]);
      if (count === 0) continue;
      findings.push({
        code: 'export-lossy',
        severity,
        message: message(`${count === 1 ? '1 value' : `${count} values`} of ${column.name}`, count === 1),
        dataset,
        column: column.name,
        count,
        ...(suggestion !== undefined && { suggestion }),
      });
    }
  }
  return findings;
}
