/**
 * Grouped splits: a group never spans two splits. Groups stand in the order of their key; a group goes to the split in
 * whose range the middle of its rows falls, so every size is within the largest group of what was asked.
 */
import { literal, type Database, type Value } from '../../duckdb';
import type { Finding, SplitSpec } from '../../../protocol';
import type { StageColumn } from '../../schema';
import { SPLIT_ROWS, type SplitContext, type SplitPart } from './part';
import { valueKey } from './key';
import { KEPT } from '../../staging';

/** With a stratum each group counts for the class most of its rows have; rows without a group are one group. */
export async function splitByGroup(
  { database, split }: SplitContext,
  group: StageColumn,
  stratum: StageColumn | undefined,
): Promise<void> {
  await collectGroups(database, group, stratum, split.seed);
  await database.run('CREATE OR REPLACE TABLE split_bounds (class VARCHAR, train BIGINT, validation BIGINT)');
  await placeBounds(database, split);
  await database.run(
    `CREATE OR REPLACE TABLE ${SPLIT_ROWS} AS SELECT id, split FROM ${KEPT} JOIN (` +
      `SELECT value, CASE WHEN 2 * before + rows < 2 * train THEN 0 ` +
      `WHEN 2 * before + rows < 2 * (train + validation) THEN 1 ELSE 2 END AS split ` +
      `FROM split_groups JOIN split_bounds ON split_groups.class IS NOT DISTINCT FROM split_bounds.class` +
      `) AS members ON ${KEPT}.${group.id} IS NOT DISTINCT FROM members.value`,
  );
}

/** `split_groups(value, class, rows, before)`: `before` counts the rows of the same class in groups with smaller keys. */
async function collectGroups(
  database: Database,
  group: StageColumn,
  stratum: StageColumn | undefined,
  seed: number,
): Promise<void> {
  const label = stratum ? `CAST(${stratum.id} AS VARCHAR)` : 'NULL::VARCHAR';
  await database.run(
    `CREATE OR REPLACE TABLE split_groups AS SELECT value, class, rows, ` +
      `sum(rows) OVER (PARTITION BY class ORDER BY key, label ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) - rows AS before ` +
      `FROM (SELECT value, label, ${valueKey('label', seed)} AS key, rows, class FROM (` +
      // One group for 0 and -0, which are equal however they are written.
      `SELECT value, min(label) AS label, sum(rows) AS rows, first(class ORDER BY rows DESC, class NULLS LAST) AS class ` +
      `FROM (SELECT ${group.id} AS value, min(CAST(${group.id} AS VARCHAR)) AS label, ${label} AS class, count(*) AS rows FROM ${KEPT} GROUP BY ${group.id}, class) ` +
      `GROUP BY value))`,
  );
}

/**
 * How many rows of each class go to train and validation. What a class got too much or too little of, because groups
 * are whole, is made up for in the next one, so the totals stay within the largest group however many classes there are.
 */
async function placeBounds(database: Database, { ratios }: SplitSpec): Promise<void> {
  const classes = await database.rows(
    'SELECT class, sum(rows) AS rows FROM split_groups GROUP BY class ORDER BY class NULLS LAST',
  );
  const { train: trainShare, validation: validationShare } = ratios;
  let seen = 0;
  let train = 0;
  let validation = 0;
  for (const row of classes) {
    seen += Number(row['rows']);
    const trainBound = Math.max(0, Math.round(seen * trainShare - train));
    const [given] = await database.rows(
      `SELECT coalesce(sum(rows) FILTER (WHERE 2 * before + rows < 2 * ${trainBound}), 0) AS train FROM split_groups WHERE class IS NOT DISTINCT FROM ${classLiteral(row['class'])}`,
    );
    const trainRows = Number(given?.['train'] ?? 0);
    train += trainRows;
    // Validation follows where train really ended.
    const validationBound = Math.max(
      0,
      Math.round(seen * (trainShare + validationShare) - (train - trainRows) - validation),
    );
    const bound = trainShare + validationShare >= 1 - 1e-12 ? Number(row['rows']) : validationBound;
    const [next] = await database.rows(
      `SELECT coalesce(sum(rows) FILTER (WHERE 2 * before + rows < 2 * ${bound} AND NOT 2 * before + rows < 2 * ${trainBound}), 0) AS validation FROM split_groups WHERE class IS NOT DISTINCT FROM ${classLiteral(row['class'])}`,
    );
    validation += Number(next?.['validation'] ?? 0);
    await database.run(
      `INSERT INTO split_bounds VALUES (${classLiteral(row['class'])}, ${trainBound}, ${bound - trainBound})`,
    );
  }
}

/** What whole groups cost in exactness. */
export async function groupFindings(
  { database, dataset, split }: SplitContext,
  group: StageColumn,
  parts: readonly SplitPart[],
): Promise<Finding[]> {
  const row = await database.row('SELECT coalesce(max(rows), 0) AS largest, sum(rows) AS rows FROM split_groups');
  const total = Number(row['rows'] ?? 0);
  const off = parts.filter(({ name, rows }) => Math.abs(rows - total * split.ratios[name]) >= 1);
  if (off.length === 0) return [];
  return [
    {
      code: 'split-sizes-by-group',
      severity: 'info',
      message:
        `Groups of ${group.name} are kept whole, so sizes differ from the shares: ` +
        `${off.map(({ name, rows }) => `${name} ${rows} instead of ${Math.round(total * split.ratios[name])}`).join(', ')}. The largest group has ${Number(row['largest'])} rows.`,
      dataset,
      column: group.name,
      configPath: ['datasets', dataset, 'split', 'group'],
    },
  ];
}

function classLiteral(value: Value | undefined): string {
  return literal(value === undefined ? null : value);
}
