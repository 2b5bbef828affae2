/**
 * Splits: exact within one row of the asked shares, exclusive, and the same on every machine. Each strategy says which
 * row goes where; no row is moved.
 */
import type { StageColumn } from '../../schema';
import { splitNames, type Finding, type SplitName, type SplitRecord } from '../../../protocol';
import { activeSplits } from '../../plan';
import { KEPT } from '../../staging';
import { groupFindings, splitByGroup } from './byGroup';
import { splitByIndices } from './byIndices';
import { CLASSES_BY_KEY, splitByKey } from './byKey';
import { splitByTime } from './byTime';
import { collectMembers, COUNTED } from './members';
import { refuseSplit, SPLIT_ROWS, type SplitContext, type SplitPart } from './part';

export { writeIndices } from './byIndices';
export { renumberMembers, type Members } from './members';
export type { SplitPart } from './part';
export { sourceRows } from './sourceRows';

export interface SplitResult {
  readonly parts: readonly SplitPart[];
  readonly findings: readonly Finding[];
}

/** How many classes a record of a split lists. */
const LISTED_CLASSES = 100;

export async function splitRows(context: SplitContext): Promise<SplitResult> {
  const { split } = context;
  const stratum = split.stratify === undefined ? undefined : columnOf(context, split.stratify, 'stratify');
  const findings: Finding[] = [];
  let group: StageColumn | undefined;
  let classes = stratum && classesByRow(stratum);
  if (split.indices !== undefined) {
    findings.push(...(await splitByIndices(context)));
  } else if (split.time !== undefined) {
    findings.push(...(await splitByTime(context, columnOf(context, split.time, 'time'))));
  } else if (split.group !== undefined) {
    group = columnOf(context, split.group, 'group');
    await splitByGroup(context, group, stratum);
  } else {
    findings.push(...(await splitByKey(context, stratum)));
    if (stratum) classes = CLASSES_BY_KEY;
  }
  const parts = await partsOf(context, classes);
  if (group) findings.push(...(await groupFindings(context, group, parts)));
  return { parts, findings: [...findings, ...emptyFindings(parts, context)] };
}

/**
 * Counts what the strategy decided. Following indices, splits they do not name are not written.
 *
 * @param classQuery SQL for `split`, `value` and `rows` of every class, in the order of the classes
 */
async function partsOf({ database, split }: SplitContext, classQuery: string | undefined): Promise<SplitPart[]> {
  const membersOf = await collectMembers(database);
  const counted = await database.rows(COUNTED);
  const rowsOf = (name: SplitName) =>
    Number(counted.find((row) => Number(row['split']) === splitNames.indexOf(name))?.['rows'] ?? 0);
  const parts: SplitPart[] = [];
  for (const name of activeSplits(split)) {
    const rows = rowsOf(name);
    if (split.indices !== undefined && rows === 0) continue;
    parts.push({ name, rows, members: membersOf(splitNames.indexOf(name)) });
  }
  if (classQuery === undefined) return parts;
  const classes = await database.rows(classQuery);
  const values = [...new Set(classes.map((row) => row['value'] as string | null))].slice(0, LISTED_CLASSES);
  return parts.map((part) => ({
    ...part,
    classes: values.map((value): NonNullable<SplitRecord['classes']>[number] => {
      const found = classes.find(
        (row) => row['value'] === value && Number(row['split']) === splitNames.indexOf(part.name),
      );
      return { value, rows: Number(found?.['rows'] ?? 0) };
    }),
  }));
}

function classesByRow(stratum: StageColumn): string {
  return (
    `SELECT split, CAST(${stratum.id} AS VARCHAR) AS value, count(*) AS rows FROM ${KEPT} JOIN ${SPLIT_ROWS} USING (id) ` +
    `GROUP BY ALL ORDER BY value NULLS LAST`
  );
}

/** Throws `split-column-missing`. */
function columnOf(context: SplitContext, name: string, key: 'stratify' | 'group' | 'time'): StageColumn {
  const { columns } = context.stage;
  const column = columns.find((candidate) => candidate.name === name);
  if (column) return column;
  const names = columns.slice(0, 20).map((each) => each.name);
  throw refuseSplit(
    context,
    key,
    'split-column-missing',
    `The split is by ${name}, which is no column of the data.`,
    `The columns are ${names.join(', ')}.`,
  );
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
