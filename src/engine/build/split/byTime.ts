/** Splits in time: train is earliest, test is latest; rows within the gap before the next split are left out. */
import { text } from '../../duckdb';
import { MldataError, splitNames, type Finding } from '../../../protocol';
import type { StageColumn } from '../../schema';
import { controlledRounding } from './rounding';
import { activeSplits } from '../../plan';
import { type SplitContext, type SplitPart, type SplitResult } from './part';
import { KEPT } from '../stage';

/** Equal times stand in the order of the source. Throws `time-missing` and `time-unordered`. */
export async function splitByTime(context: SplitContext, column: StageColumn): Promise<SplitResult> {
  const { database, dataset, split } = context;
  if (!/^(DATE|TIMESTAMP|BIGINT|INTEGER|SMALLINT|DOUBLE|FLOAT|DECIMAL|HUGEINT)/.test(column.physicalType)) {
    throw refuse(
      context,
      column,
      'time-unordered',
      `${column.name} is of type ${column.type}, which has no time order.`,
      'Declare it as date, datetime or a number.',
    );
  }
  const counts = await database.row(`SELECT count(*) AS rows, count(${column.id}) AS dated FROM ${KEPT}`);
  const total = Number(counts['rows']);
  if (Number(counts['dated']) < total) {
    throw refuse(
      context,
      column,
      'time-missing',
      `${total - Number(counts['dated'])} rows have no ${column.name}, so they have no place in time.`,
      'Fill the times, or split by something else.',
    );
  }
  const [sizes = []] = controlledRounding(
    [total],
    splitNames.map((name) => split.ratios[name]),
  );
  // The row each split begins with; splits without rows begin nowhere.
  const starts = new Map<number, { time: string; id: bigint }>();
  let before = 0;
  for (const [position, size] of sizes.entries()) {
    if (size > 0) {
      const row = await database.row(
        `SELECT CAST(${column.id} AS VARCHAR) AS time, id FROM ${KEPT} ORDER BY ${column.id}, id LIMIT 1 OFFSET ${before}`,
      );
      starts.set(position, { time: String(row['time']), id: row['id'] as bigint });
    }
    before += size;
  }
  const at = ({ time }: { time: string }) => `CAST(${text(time)} AS ${column.physicalType})`;
  const notBefore = (start: { time: string; id: bigint }) =>
    `(${column.id} > ${at(start)} OR (${column.id} = ${at(start)} AND id >= ${start.id}))`;
  const parts: SplitPart[] = [];
  let left = 0;
  for (const name of activeSplits(split)) {
    const position = splitNames.indexOf(name);
    const start = starts.get(position);
    const next = [...starts].find(([other]) => other > position)?.[1];
    const conditions = start ? [notBefore(start)] : ['false'];
    if (next) conditions.push(`NOT ${notBefore(next)}`);
    if (next && split.gap) conditions.push(`${column.id} <= ${at(next)} - ${gapOf(column, split.gap)}`);
    const relation = `(SELECT * FROM ${KEPT} WHERE ${conditions.join(' AND ')})`;
    const rows = Number((await database.row(`SELECT count(*) AS rows FROM ${relation}`))['rows']);
    left += (sizes[position] ?? 0) - rows;
    parts.push({ name, rows, relation });
  }
  return { parts, findings: left > 0 ? [gapFinding(dataset, column, left)] : [] };
}

function gapOf(column: StageColumn, gap: number): string {
  return /^(DATE|TIMESTAMP)/.test(column.physicalType) ? `to_microseconds(${Math.round(gap * 1e6)})` : String(gap);
}

function gapFinding(dataset: string, column: StageColumn, left: number): Finding {
  return {
    code: 'split-gap',
    severity: 'info',
    message: `${left === 1 ? '1 row lies' : `${left} rows lie`} in a gap between two splits and ${left === 1 ? 'is' : 'are'} left out.`,
    dataset,
    column: column.name,
    count: left,
    configPath: ['datasets', dataset, 'split', 'gap'],
  };
}

function refuse(
  { dataset }: SplitContext,
  column: StageColumn,
  code: string,
  message: string,
  suggestion: string,
): MldataError {
  const finding: Finding = {
    code,
    severity: 'error',
    message,
    dataset,
    column: column.name,
    suggestion,
    configPath: ['datasets', dataset, 'split', 'time'],
  };
  return new MldataError('buildFailed', code, `${message} ${suggestion}`, [finding]);
}
