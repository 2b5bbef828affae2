/** How much of the target each column that is trained on determines alone. */
import { determinedBy, withSample, type Clue, type Determined, type Predicted } from '../../statistics';
import type { TargetProfile } from '../../../protocol';
import { classesOf, numbersOf } from '../pairs/associations';
import { measureInTime } from '../pairs/measures';
import type { DescribedColumn, ProfileContext } from '../context';
import { targetColumn } from './target';

/** Rows that are looked at, of more a sample. Of fewer than the least nothing is said. */
const ROWS = { most: 50_000, least: 50 };
/** Columns that are looked at: those that go with the target most, then the others in their order. */
const MAX_COLUMNS = 500;

/** Identifiers and what is not trained on are left out. The strongest first. */
export async function determined(
  context: ProfileContext,
  columns: readonly DescribedColumn[],
  associations: TargetProfile['associations'],
): Promise<Determined[]> {
  const target = targetColumn(columns);
  const predicted = target && predictedBy(target);
  if (!target || !predicted || context.rows < ROWS.least) return [];
  const strength = new Map(associations.map(({ column }, index) => [column, index]));
  const rank = ({ column }: DescribedColumn) => strength.get(column.name) ?? columns.length;
  const candidates = columns
    .filter((described) => described !== target && isTrainedOn(described))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MAX_COLUMNS);
  const ids = [target, ...candidates].map(({ column }) => column.id);
  return withSample(context, ids, { atMost: ROWS.most, among: columns.length }, (sample) =>
    determinedBy(context.database, sample, predicted, candidates.map(clueOf)),
  );
}

/** Not what tells rows apart, nor what a person keeps from the training. */
function isTrainedOn({ column: { spec }, figures }: DescribedColumn): boolean {
  return (
    figures.semantic !== 'identifier' && (spec.role === undefined || spec.role === 'feature' || spec.role === 'time')
  );
}

function clueOf(described: DescribedColumn): Clue {
  const { name, id, physicalType } = described.column;
  const { nulls, distinct } = described.figures;
  return { name, id, physicalType, nulls, distinct, amount: measureInTime(described)?.value };
}

function predictedBy(target: DescribedColumn): Predicted | undefined {
  if (target.figures.semantic === 'numeric') {
    const amount = numbersOf(target)?.value;
    return amount === undefined ? undefined : { amount };
  }
  const classes = classesOf(target)?.id;
  return classes === undefined ? undefined : { classes };
}
