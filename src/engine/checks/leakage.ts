/** What a model would know of the test, or of the target, and would not have once it is used. */
import type { LeakageParameters } from '../../config';
import type { Check, CheckContext, CheckedColumn, CheckFinding } from './check';
import { narrowed, nothingToLookAt, type Narrowed } from './narrowed';
import { sharedKeys, sharedRows, timeOverlap } from './splitOverlap';
import { targetColumn, targetOf } from './target';
import { tellingColumns } from './tellingColumns';

export const leakage: Check<LeakageParameters> = {
  name: 'leakage',
  run: async (context, parameters) => {
    const rows = await narrowed(context, parameters.where);
    if (rows.rows === 0) return nothingToLookAt(context);
    const between = context.splits.length > 1 ? await betweenSplits(context, rows, parameters) : [];
    context.onProgress(0.5);
    const predicted = targetColumn(context);
    const target = predicted && (await targetOf(context, rows, predicted));
    const columns = context.columns.filter(
      (column) => column !== predicted && column.spec.role !== 'ignore' && !parameters.ignore.includes(column.name),
    );
    const telling = await tellingColumns(context, rows, columns, target, parameters);
    return { findings: [...between, ...telling] };
  },
};

async function betweenSplits(
  context: CheckContext,
  rows: Narrowed,
  parameters: LeakageParameters,
): Promise<CheckFinding[]> {
  const looked = { context, rows };
  const findings = await sharedRows(looked, parameters.rows);
  for (const key of keysOf(context, parameters)) findings.push(...(await sharedKeys(looked, key, parameters.keys)));
  for (const time of timesOf(context)) findings.push(...(await timeOverlap(looked, time, parameters.time)));
  return findings;
}

/** Of which each value belongs into one split. */
function keysOf({ columns, schema, spec }: CheckContext, { keyColumns }: LeakageParameters): CheckedColumn[][] {
  const { group } = spec?.split ?? {};
  const single = columns.filter(
    ({ name, spec: { role } }) => role === 'group' || name === group || keyColumns.includes(name),
  );
  const primary = schema.primaryKey.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  const isWhole = primary.length > 0 && primary.length === schema.primaryKey.length;
  const isKnown = primary.length === 1 && single.some((column) => column === primary[0]);
  return [...single.map((column) => [column]), ...(isWhole && !isKnown ? [primary] : [])];
}

/** What the rows are split by, or those whose role is `time`. */
function timesOf({ columns, spec }: CheckContext): CheckedColumn[] {
  const by = spec?.split?.time;
  return columns.filter(({ name, spec: { role } }) => (by === undefined ? role === 'time' : name === by));
}
