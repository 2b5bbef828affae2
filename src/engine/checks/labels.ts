/** What a model is to predict: how often each class occurs, and whether rows contradict each other. */
import type { LabelsParameters } from '../../config';
import { repeatsOf } from '../statistics';
import { figure, percent, rowsOf } from '../words';
import { MAX_SAMPLES } from '../../protocol';
import type { Check, CheckContext, CheckFinding } from './check';
import { firstRows } from './firstRows';
import { at, classFindings, noLabels, singleClass } from './labelClasses';
import { narrowed, nothingToLookAt, type Narrowed } from './narrowed';
import { momentsOf, numbersOf, quantilesOf } from './numbers';
import { atMost, exceeded } from './severity';
import { isTrainedOn, labelOf, targetColumn, targetOf, type Target } from './target';

export const labels: Check<LabelsParameters> = {
  name: 'labels',
  run: async (context, parameters) => {
    const column = targetColumn(context, parameters.column);
    if (!column) return { skipped: 'No column has the role `target`.' };
    const looked = await narrowed(context, parameters.where);
    if (looked.rows === 0) return nothingToLookAt(context);
    const target = await targetOf(context, looked, column);
    if (!target) return { skipped: `${column.name} is neither of classes nor of numbers.` };
    if (target.kind === 'amount') return { findings: await amounts(context, looked, target) };
    const classes = await classFindings(context, looked, target, parameters);
    return { findings: [...classes, ...(await conflictFindings(context, looked, target, parameters))] };
  },
};

async function conflictFindings(
  context: CheckContext,
  { relation }: Narrowed,
  target: Target,
  { conflicts }: LabelsParameters,
): Promise<CheckFinding[]> {
  const { column } = target;
  const ids = context.columns.filter((each) => each !== column && isTrainedOn(context, each)).map(({ id }) => id);
  if (ids.length === 0 || (conflicts.warn === undefined && conflicts.error === undefined)) return [];
  const labelled = `(SELECT *, ${labelOf(target)} AS __label FROM ${relation} WHERE ${column.id} IS NOT NULL)`;
  const repeats = await repeatsOf(context.database, labelled, ids, {
    name: 'labels',
    having: 'min(__label) IS DISTINCT FROM max(__label)',
    counted: 'count(*)',
    most: MAX_SAMPLES,
  });
  if (repeats.rows === 0) return [];
  const { rows } = await context.database.row(`SELECT count(*) AS rows FROM ${labelled}`);
  const share = repeats.rows / Number(rows);
  const worse = exceeded(conflicts, share);
  if (!worse) return [];
  return [
    {
      code: 'conflicting-labels',
      severity: worse.severity,
      ...atMost(worse.limit, share, percent),
      message: `${rowsOf(repeats.rows)} (${percent(share)}) contradict each other: ${repeats.groups === 1 ? '1 combination' : `${repeats.groups} combinations`} of all columns that a model is trained on ${repeats.groups === 1 ? 'occurs' : 'occur'} with different values of ${column.name}.`,
      ...at(column.name),
      count: repeats.rows,
      ...(await firstRows(context, `__row IN (${repeats.some.join(', ')})`, column.id)),
      suggestion: 'Correct the labels, or add a column that tells such rows apart.',
    },
  ];
}

/** A summary for regression. */
async function amounts(context: CheckContext, looked: Narrowed, { column }: Target): Promise<CheckFinding[]> {
  const rows = { ...looked, aggregate: context.aggregate };
  const [numbers] = await numbersOf(rows, [column]);
  const { name } = column;
  if (!numbers) return [noLabels(name)];
  const { count, min, max } = numbers;
  if (min === max) return count === 1 ? [] : [singleClass(name, { value: String(min), rows: count })];
  const [[quantiles], { mean, stddev }] = await Promise.all([
    quantilesOf(rows, [{ numbers, quantiles: [0.5] }]),
    momentsOf(rows, numbers),
  ]);
  const median = quantiles?.[0]?.value ?? NaN;
  return [
    {
      code: 'label-summary',
      severity: 'info',
      message: `${name} is an amount: ${count} values from ${figure(min)} to ${figure(max)}, mean ${figure(mean)}, median ${figure(median)}, standard deviation ${figure(stddev)}.`,
      ...at(name),
      count,
    },
  ];
}
