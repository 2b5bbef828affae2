/** What is said of columns that came, went or have another type: as bad as an alert takes them for. */
import { MAX_SAMPLES, type DriftColumn, type Finding } from '../../protocol';
import { bounded } from '../bounded';

export type ChangedStatus = 'removed' | 'retyped' | 'added';

/** Columns of one kind of change that are told each by itself; of the others it is told how many there are. */
const MOST_TOLD = 100;

type Told = Omit<Finding, 'column'>;

const tell: Readonly<Record<ChangedStatus, (column: DriftColumn) => Told>> = {
  removed: ({ name, type }) => ({
    code: 'drift-column-removed',
    severity: 'error',
    message: `${name} is gone: the baseline has it.`,
    expected: type,
    suggestion: 'Bring the column back, or mute it if nobody reads it any more.',
  }),
  retyped: ({ name, type, baselineType = 'any' }) => ({
    code: 'drift-column-retyped',
    severity: 'error',
    message: `${name} is ${type} and was ${baselineType}, so that its values cannot be compared.`,
    expected: baselineType,
    actual: type,
    suggestion: 'Declare its type under `schema.columns`, cast it in a step, or find out what writes it otherwise.',
  }),
  added: ({ name, type }) => ({
    code: 'drift-column-added',
    severity: 'info',
    message: `${name} is new: the baseline does not have it.`,
    actual: type,
    suggestion: 'Look at what it holds before a model learns from it, or mute it.',
  }),
};

const summary = { removed: 'are gone', retyped: 'are of another type', added: 'are new' } as const;

/** Those of this status, in their order. */
export function changedColumns(columns: readonly DriftColumn[], status: ChangedStatus): Finding[] {
  const found = columns
    .filter((column) => column.status === status)
    .map((column) => ({ ...tell[status](column), column: column.name }));
  return bounded(found, MOST_TOLD, (rest) => ({
    code: `drift-column-${status}`,
    severity: status === 'added' ? 'info' : 'error',
    message: `${rest.length.toLocaleString('en')} more columns ${summary[status]}.`,
    count: rest.length,
    samples: rest.slice(0, MAX_SAMPLES).flatMap(({ column }) => column ?? []),
    suggestion: 'Find out whether both sides are of the same data.',
  }));
}
