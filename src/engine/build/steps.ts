/** Steps done to the kept rows of a build. */
import type { Database } from '../duckdb';
import { seedOf, type PlacedStep } from '../plan';
import { runSteps, type Fitted, type Side, type StepsResult, type Table } from '../transforms';
import { MldataError, type DatasetSpec, type Manifest } from '../../protocol';
import { renumberMembers, type Members } from './split';
import { KEPT, type Stage } from '../staging';

/** The rows before the first step. */
export const AS_READ = 'kept_as_read';

/** What the rows are learned from: those of the training split, or all where there is no split. */
export type Training = Members | 'all' | 'none';

/** What a build learned, to be applied to other data. */
export interface Applied {
  readonly seed: number;
  readonly from: NonNullable<Manifest['appliedFrom']>;
  /** Of each step; null for one that learns nothing. */
  readonly learned: readonly (Fitted | null)[];
}

export interface StepsJob {
  readonly database: Database;
  readonly spec: DatasetSpec;
  readonly applied: Applied | undefined;
  readonly sides: ReadonlyMap<number, Side>;
  /** Whether the rows are split by now. */
  readonly split: boolean;
}

/**
 * Runs steps on the kept rows; afterwards the kept rows are the changed ones.
 * @param training which of them steps learn from
 */
export async function transformKept(
  steps: readonly PlacedStep[],
  staged: Stage,
  { database, spec, applied, sides, split }: StepsJob,
  training: Training,
  onStep: (transform: string) => void,
): Promise<StepsResult> {
  const [first] = steps;
  const table = await keptAs(first?.index === 0 ? AS_READ : 'kept_as_split', staged, database);
  const result = await runSteps(steps, table, {
    database,
    dataset: spec.name,
    seed: applied?.seed ?? seedOf(spec),
    ...(applied && { learned: applied.learned }),
    training: async (relation) => {
      if (training === 'all') return relation;
      if (training === 'none') throw noTrainingRows(spec.name);
      // The rows of a split are known as a part of the kept ones.
      await keep(relation, database);
      await database.run(training.prepare);
      return training.relation;
    },
    sides,
    onRenumbered: async (relation) => {
      // The rows of a split are known by their ids.
      if (split) await renumberMembers(database, relation);
    },
    lossStops: true,
    onStep,
  });
  await keep(result.table.relation, database);
  return result;
}

/** The kept rows under another name, because theirs is to mean others. */
async function keptAs(relation: string, { columns }: Stage, database: Database): Promise<Table> {
  await database.run(`ALTER VIEW ${KEPT} RENAME TO ${relation}`);
  await keep(relation, database);
  return { relation, columns };
}

async function keep(relation: string, database: Database): Promise<void> {
  await database.run(`CREATE OR REPLACE VIEW ${KEPT} AS SELECT * FROM ${relation}`);
}

function noTrainingRows(dataset: string): MldataError {
  return new MldataError(
    'buildFailed',
    'no-training-rows',
    `${dataset} has steps that learn from the training rows, and the split gives it none. Give \`train\` a share, or add data.`,
    [],
  );
}
