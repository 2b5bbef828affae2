/** How a staged value is written in a format that has no form of its own for it, and what is to be said of that. */
import type { Database } from '../duckdb';
import type { StageColumn } from '../schema';
import { MldataError, type Finding, type OutputFormat, type OutputSpec } from '../../protocol';
import { KEPT } from '../staging';

/** SQL for the value as the format takes it. */
export function outputForm({ id, physicalType }: StageColumn, format: OutputFormat): string {
  // CSV has no nested values; they are written as JSON.
  if (format === 'csv' && /\[\d*\]$|^(STRUCT|MAP|UNION)/.test(physicalType)) return `CAST(to_json(${id}) AS VARCHAR)`;
  // JSON has neither NaN nor infinity.
  if (format === 'jsonl' && isFloat(physicalType)) return `CASE WHEN isfinite(${id}) THEN ${id} END`;
  if (format === 'jsonl' && isFloatList(physicalType))
    return `list_transform(${id}, lambda x: CASE WHEN isfinite(x) THEN x END)`;
  return id;
}

/** What is lost in a format. Throws `output-type` for what a format cannot hold at all. */
export async function outputFindings(
  database: Database,
  columns: readonly StageColumn[],
  { formats }: OutputSpec,
  dataset: string,
): Promise<Finding[]> {
  const has = (format: OutputFormat) => formats.some((output) => output.format === format);
  const interval = columns.find(({ physicalType }) => physicalType.includes('INTERVAL'));
  if (has('arrow') && interval) throw notInArrow(interval, dataset);
  if (!has('jsonl')) return [];
  const floats = columns.filter(({ physicalType }) => isFloat(physicalType) || isFloatList(physicalType));
  if (floats.length === 0) return [];
  const counts = await database.row(
    `SELECT ${floats.map((column) => `count_if(${isNotFinite(column)}) AS ${column.id}`).join(', ')} FROM ${KEPT}`,
  );
  return floats.flatMap(({ id, name }): Finding[] => {
    const count = Number(counts[id]);
    if (count === 0) return [];
    return [
      {
        code: 'not-in-json',
        severity: 'warning',
        message: `${count === 1 ? '1 value' : `${count} values`} of ${name} ${count === 1 ? 'is' : 'are'} NaN or infinite, which JSON cannot say; null is written to JSON Lines.`,
        dataset,
        column: name,
        count,
        suggestion: 'Write Parquet too, which keeps them, or correct the data.',
        configPath: ['datasets', dataset, 'output', 'formats'],
      },
    ];
  });
}

function isFloat(physicalType: string): boolean {
  return physicalType === 'DOUBLE' || physicalType === 'FLOAT';
}

function isFloatList(physicalType: string): boolean {
  return /^(DOUBLE|FLOAT)\[\d*\]$/.test(physicalType);
}

function isNotFinite({ id, physicalType }: StageColumn): string {
  return isFloat(physicalType) ? `NOT isfinite(${id})` : `len(list_filter(${id}, lambda x: NOT isfinite(x))) > 0`;
}

function notInArrow({ name }: StageColumn, dataset: string): MldataError {
  const finding: Finding = {
    code: 'output-type',
    severity: 'error',
    message: `${name} holds intervals, which Arrow output cannot keep.`,
    dataset,
    column: name,
    suggestion: 'Declare the column as string, or write Parquet.',
    configPath: ['datasets', dataset, 'output', 'formats'],
  };
  return new MldataError('buildFailed', finding.code, `${finding.message} ${finding.suggestion}`, [finding]);
}
