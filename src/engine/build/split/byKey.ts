/** Random splits: rows in the order of their key, within each class where there is a stratum. */
import type { Database } from '../../duckdb';
import type { StageColumn } from '../../schema';
import { splitNames, type Finding } from '../../../protocol';
import { KEPT } from '../../staging';
import { cutKeys, keyedRows } from './key';
import { SPLIT_ROWS, type SplitContext } from './part';
import { controlledRounding } from './rounding';

/** How many rows of each class each split got, by what {@link splitByKey} left in the tables: `split`, `value`, `rows`. */
export const CLASSES_BY_KEY =
  `SELECT split, label AS value, counts.rows FROM (SELECT split, class, count(*) AS rows FROM ${SPLIT_ROWS} GROUP BY ALL) AS counts ` +
  `JOIN split_classes ON split_classes.index = class ORDER BY class`;

/** The sizes are exact: see {@link controlledRounding}. */
export async function splitByKey(
  { database, dataset, stage, split }: SplitContext,
  column: StageColumn | undefined,
): Promise<Finding[]> {
  const classes = await classesOf(database, column);
  const cells = controlledRounding(
    classes.map(({ rows }) => rows),
    splitNames.map((name) => split.ratios[name]),
  );
  const keyed = keyedRows(stage.files, split.seed);
  await database.run(
    column
      ? `CREATE OR REPLACE TABLE split_keys AS SELECT id, classes.index AS class, key FROM ${keyed} AS keyed ` +
          `JOIN split_classes AS classes ON keyed.${column.id} IS NOT DISTINCT FROM classes.value`
      : `CREATE OR REPLACE TABLE split_keys AS SELECT id, 0::UINTEGER AS class, key FROM ${keyed}`,
  );
  const cuts = await cutKeys(
    database,
    classes.map(({ rows }, index) => {
      const [train = 0, validation = 0] = cells[index] ?? [];
      return { rows, ranks: [train, train + validation] };
    }),
  );
  await database.run('CREATE OR REPLACE TABLE split_cuts (class UINTEGER, first_cut UBIGINT, second_cut UBIGINT)');
  if (cuts.length > 0) {
    const tuples = cuts.map(
      (keys, index) => `(${[index, ...keys.map((cut) => (cut === null ? 'NULL' : `${cut}::UBIGINT`))].join(', ')})`,
    );
    await database.run(`INSERT INTO split_cuts VALUES ${tuples.join(', ')}`);
  }
  // A missing cut lies below every key: nothing comes before it.
  await database.run(
    `CREATE OR REPLACE TABLE ${SPLIT_ROWS} AS SELECT id, class, ` +
      `(CASE WHEN key <= first_cut THEN 0 WHEN key <= second_cut THEN 1 ELSE 2 END)::UTINYINT AS split ` +
      `FROM split_keys JOIN split_cuts USING (class)`,
  );
  await database.run('DROP TABLE split_keys');
  return lonelyClasses(classes, column, dataset);
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
  const written = `CAST(${column.id} AS VARCHAR)`;
  // One class for 0 and -0, which are equal however they are written. Equal values of other types are written alike.
  const label = /FLOAT|DOUBLE/.test(column.physicalType) ? `min(${written})` : written;
  await database.run(
    `CREATE OR REPLACE TABLE split_classes AS SELECT (row_number() OVER (ORDER BY label NULLS LAST) - 1)::UINTEGER AS index, value, label, rows ` +
      `FROM (SELECT ${column.id} AS value, ${label} AS label, count(*) AS rows FROM ${KEPT} GROUP BY ${column.id})`,
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
