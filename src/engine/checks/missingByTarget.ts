/**
 * Whether values are missing more often for some values of the target than for others. They are then not missing at
 * random, and filling them, or leaving rows out, tells a model about the target or hides it.
 */
import { double, finite } from '../duckdb';
import { inBatches } from '../inBatches';
import { isNumeric } from '../schema';
import { chiSquareTail, powerOfTwo } from '../statistics';
import { percent } from '../words';
import type { CheckContext, CheckedColumn, CheckFinding } from './check';
import { numbersOf } from './numbers';

export interface Gaps {
  readonly column: CheckedColumn;
  /** SQL that is true for a row without a value. */
  readonly absent: string;
}

/** More different values are taken as a number, if they are numbers. */
const MAX_CLASSES = 50;
/** Weaker dependence is no matter: φ, or Cramér's V, whose square is the share that is explained. */
const STRENGTH = 0.2;
/** Chance makes such a dependence less often than this. */
const PROBABILITY = 0.001;
const COLUMNS_AT_ONCE = 100;

/** One finding for each column whose gaps go with the target; none where there is no target. */
export async function missingByTarget(
  context: CheckContext,
  gaps: readonly Gaps[],
  where = 'true',
): Promise<CheckFinding[]> {
  const target = context.columns.find(({ spec }) => spec.role === 'target');
  const others = gaps.filter(({ column }) => column !== target);
  if (!target || others.length === 0) return [];
  const { database, relation, aggregate } = context;
  const findings: CheckFinding[] = [];
  const classes = Number(await aggregate(`approx_count_distinct(${target.id})`));
  if (classes > MAX_CLASSES && !isNumeric(target.physicalType)) return [];
  // About 1, so that no square is too large or too small for a number.
  const [numbers] =
    classes > MAX_CLASSES
      ? await numbersOf({ aggregate, among: (condition) => `${where} AND (${condition})` }, [target])
      : [];
  const scale = numbers ? powerOfTwo(Math.max(Math.abs(numbers.min), Math.abs(numbers.max))) : 1;
  const amount = `${finite(target.id)} / ${double(scale)}`;
  for (const batch of inBatches(others, COLUMNS_AT_ONCE)) {
    if (classes > MAX_CLASSES) {
      const values = batch.flatMap(({ absent }) => [
        `corr(CASE WHEN ${absent} THEN 1 ELSE 0 END, ${amount})`,
        `count(*) FILTER (WHERE ${where} AND ${finite(target.id)} IS NOT NULL)`,
      ]);
      const answers = await Promise.all(
        values.map((sql, index) => aggregate(index % 2 === 0 ? `${sql} FILTER (WHERE ${where})` : sql)),
      );
      for (const [index, gap] of batch.entries()) {
        const r = Number(answers[2 * index] ?? 0);
        const rows = Number(answers[2 * index + 1]);
        if (isStrong(r ** 2 * rows, 1, rows)) findings.push(numericFinding(gap.column, target, r));
      }
    } else {
      const counts = batch.map(({ absent }, index) => `count_if(${absent}) AS m${index}`);
      const groups = await database.rows(
        `SELECT CAST(${target.id} AS VARCHAR) AS value, count(*) AS rows, ${counts.join(', ')} FROM ${relation} ` +
          `WHERE ${where} AND ${target.id} IS NOT NULL GROUP BY value ORDER BY value`,
      );
      for (const [index, gap] of batch.entries()) {
        const table = groups.map((row) => ({
          value: String(row['value']),
          rows: Number(row['rows']),
          missing: Number(row[`m${index}`]),
        }));
        const rows = table.reduce((sum, group) => sum + group.rows, 0);
        if (isStrong(chiSquare(table), table.length - 1, rows)) findings.push(classFinding(gap.column, target, table));
      }
    }
  }
  return findings;
}

interface Group {
  readonly value: string;
  readonly rows: number;
  readonly missing: number;
}

/** Pearson's χ² of missing or not against the groups. */
function chiSquare(groups: readonly Group[]): number {
  const rows = groups.reduce((sum, group) => sum + group.rows, 0);
  const share = groups.reduce((sum, group) => sum + group.missing, 0) / rows;
  if (share === 0 || share === 1) return 0;
  return groups.reduce(
    (sum, group) => sum + (group.missing - group.rows * share) ** 2 / (group.rows * share * (1 - share)),
    0,
  );
}

function isStrong(statistic: number, freedom: number, rows: number): boolean {
  if (freedom < 1 || rows === 0 || !Number.isFinite(statistic)) return false;
  // One side is missing or not, so that V is the root of χ² / rows whatever the number of groups.
  return Math.sqrt(statistic / rows) >= STRENGTH && chiSquareTail(statistic, freedom) < PROBABILITY;
}

function classFinding({ name }: CheckedColumn, target: CheckedColumn, groups: readonly Group[]): CheckFinding {
  const sorted = groups.map((group) => ({ ...group, share: group.missing / group.rows }));
  sorted.sort((a, b) => b.share - a.share);
  const [most, least] = [sorted[0], sorted.at(-1)];
  return finding(
    name,
    `Values of ${name} are missing in ${percent(most?.share ?? 0)} of the rows where ${target.name} is \`${most?.value ?? ''}\`, but in ${percent(least?.share ?? 0)} where it is \`${least?.value ?? ''}\`.`,
  );
}

function numericFinding({ name }: CheckedColumn, target: CheckedColumn, r: number): CheckFinding {
  return finding(
    name,
    `Values of ${name} are missing more often where ${target.name} is ${r > 0 ? 'high' : 'low'} (r = ${Number(Math.abs(r).toPrecision(2))}).`,
  );
}

function finding(column: string, message: string): CheckFinding {
  return {
    code: 'missing-by-target',
    severity: 'info',
    message,
    column,
    suggestion:
      'They are not missing at random: find out why, and keep the gap itself as a column, such as with `derive`, before it is filled.',
    configPath: ['schema', 'columns', column],
  };
}
