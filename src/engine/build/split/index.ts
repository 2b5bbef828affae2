/**
 * Splits: exact within one row of the asked shares, exclusive, and the same on every machine. Each strategy ends in
 * one relation per split over the kept rows; no row is moved.
 */
import { MldataError, type Finding } from '../../../protocol';
import type { StageColumn } from '../../schema';
import { splitByGroup } from './byGroup';
import { splitByIndices } from './byIndices';
import { splitByKey } from './byKey';
import { splitByTime } from './byTime';
import type { SplitContext, SplitPart, SplitResult } from './part';

export { writeIndices } from './byIndices';
export type { SplitPart } from './part';

export async function splitRows(context: SplitContext): Promise<SplitResult> {
  const { split } = context;
  const result =
    split.indices !== undefined
      ? await splitByIndices(context)
      : split.time !== undefined
        ? await splitByTime(context, columnOf(context, split.time, 'time'))
        : split.group !== undefined
          ? await splitByGroup(context, columnOf(context, split.group, 'group'), stratum(context))
          : await splitByKey(context, stratum(context));
  return { ...result, findings: [...result.findings, ...emptyFindings(result.parts, context)] };
}

function stratum(context: SplitContext): StageColumn | undefined {
  const { stratify } = context.split;
  return stratify === undefined ? undefined : columnOf(context, stratify, 'stratify');
}

/** Throws `split-column-missing`. */
function columnOf({ stage, dataset }: SplitContext, name: string, key: 'stratify' | 'group' | 'time'): StageColumn {
  const column = stage.columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const finding: Finding = {
    code: 'split-column-missing',
    severity: 'error',
    message: `The split is to ${key === 'group' ? 'group' : key === 'time' ? 'order' : 'stratify'} by ${name}, which is no column of the data.`,
    dataset,
    suggestion: `The columns are ${stage.columns
      .slice(0, 20)
      .map((each) => each.name)
      .join(', ')}.`,
    configPath: ['datasets', dataset, 'split', key],
  };
  throw new MldataError('buildFailed', finding.code, finding.message, [finding]);
}

function emptyFindings(parts: readonly SplitPart[], { dataset, split }: SplitContext): Finding[] {
  return parts
    .filter(({ name, rows }) => rows === 0 && split.ratios[name] > 0)
    .map(({ name }) => ({
      code: 'split-empty',
      severity: 'warning',
      message: `The split ${name} has no rows.`,
      dataset,
      split: name,
      suggestion: 'Give it a larger share, or add data.',
      configPath: ['datasets', dataset, 'split'],
    }));
}
