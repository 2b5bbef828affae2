/** Random splits: rows in the order of their key, within each class where there is a stratum. */
import type { Database } from '../../duckdb';
import { splitNames, type Finding } from '../../../protocol';
import type { StageColumn } from '../../schema';
import { controlledRounding } from './rounding';
import { KEPT } from '../stage';
import { cutKeys, rowKey } from './key';
import { activeSplits } from '../../plan';
import { LISTED_CLASSES, type SplitContext, type SplitPart, type SplitResult } from './part';

/** The sizes are exact: see {@link controlledRounding}. */
export async function splitByKey(
  { database, dataset, stage, split }: SplitContext,
  column: StageColumn | undefined,
): Promise<SplitResult> {
  const ratios = splitNames.map((name) => split.ratios[name]);
  const key = rowKey(stage.files, split.seed);
  const classes = await classesOf(database, column);
  const cells = controlledRounding(
    classes.map(({ rows }) => rows),
    ratios,
  );
  const ranks = classes.map(({ rows }, index) => {
    const [train = 0, validation = 0] = cells[index] ?? [];
    return { index, rows, ranks: [train, train + validation] };
  });
  const rows = column
    ? `SELECT classes.index AS class, ${key} AS key FROM ${KEPT} JOIN split_classes AS classes ON ${KEPT}.${column.id} IS NOT DISTINCT FROM classes.value`
    : `SELECT 0 AS class, ${key} AS key FROM ${KEPT}`;
  const cuts = await cutKeys(database, rows, ranks);
  await database.run('CREATE OR REPLACE TABLE split_cuts (class BIGINT, lower_cut UHUGEINT, upper_cut UHUGEINT)');
  if (cuts.length > 0) {
    const tuples = cuts.map(
      (keys, index) => `(${[index, ...keys.map((cut) => (cut === null ? 'NULL' : `${cut}::UHUGEINT`))].join(', ')})`,
    );
    await database.run(`INSERT INTO split_cuts VALUES ${tuples.join(', ')}`);
  }
  const joined = column
    ? `${KEPT} JOIN split_classes AS classes ON ${KEPT}.${column.id} IS NOT DISTINCT FROM classes.value JOIN split_cuts AS cuts ON cuts.class = classes.index`
    : `${KEPT} CROSS JOIN split_cuts AS cuts`;
  const parts = activeSplits(split).map((name): SplitPart => {
    const position = splitNames.indexOf(name);
    return {
      name,
      rows: cells.reduce((sum, row) => sum + (row[position] ?? 0), 0),
      ...(column && {
        classes: classes
          .slice(0, LISTED_CLASSES)
          .map(({ value }, index) => ({ value, rows: cells[index]?.[position] ?? 0 })),
      }),
      relation: `(SELECT ${KEPT}.* FROM ${joined} WHERE ${between(key, position)})`,
    };
  });
  return { parts, findings: lonelyClasses(classes, column, dataset) };
}

/** Whether a key lies in the range of the split at this position; a missing cut is below every key. */
function between(key: string, position: number): string {
  const afterLower = `(cuts.lower_cut IS NULL OR ${key} > cuts.lower_cut)`;
  const afterUpper = `(cuts.upper_cut IS NULL OR ${key} > cuts.upper_cut)`;
  if (position === 0) return `${key} <= cuts.lower_cut`;
  return position === 1 ? `${afterLower} AND ${key} <= cuts.upper_cut` : afterUpper;
}

interface Class {
  readonly value: string | null;
  readonly rows: number;
}

/** The classes in the order of their text, null last; also as the table `split_classes(index, value)`. */
async function classesOf(database: Database, column: StageColumn | undefined): Promise<Class[]> {
  if (!column) {
    const row = await database.row(`SELECT count(*) AS rows FROM ${KEPT}`);
    return [{ value: null, rows: Number(row['rows']) }];
  }
  await database.run(
    `CREATE OR REPLACE TABLE split_classes AS SELECT row_number() OVER (ORDER BY label NULLS LAST) - 1 AS index, value, label, rows ` +
      `FROM (SELECT ${column.id} AS value, CAST(${column.id} AS VARCHAR) AS label, count(*) AS rows FROM ${KEPT} GROUP BY ALL)`,
  );
  const rows = await database.rows('SELECT label, rows FROM split_classes ORDER BY index');
  return rows.map((row) => ({ value: row['label'] as string | null, rows: Number(row['rows']) }));
}

function lonelyClasses(classes: readonly Class[], column: StageColumn | undefined, dataset: string): Finding[] {
  const lonely = column ? classes.filter(({ rows }) => rows === 1) : [];
  if (!column || lonely.length === 0) return [];
  return [
    {
      code: 'class-of-one',
      severity: 'warning',
      message: `${lonely.length === 1 ? '1 class' : `${lonely.length} classes`} of ${column.name} ${lonely.length === 1 ? 'has' : 'have'} a single row, which goes to train.`,
      dataset,
      column: column.name,
      count: lonely.length,
      samples: lonely.slice(0, 10).map(({ value }) => value ?? 'null'),
      suggestion: 'Collect more rows of these classes, or merge them.',
      configPath: ['datasets', dataset, 'split', 'stratify'],
    },
  ];
}
