/** Rows, keys and times that two splits have in common. */
import type { Threshold } from '../../config';
import { text } from '../duckdb';
import { columnTypeOf, isNumeric } from '../schema';
import { repeatsOf } from '../statistics';
import { inYaml, percent, rowsOf } from '../words';
import { MAX_SAMPLES, type SplitName } from '../../protocol';
import type { CheckContext, CheckedColumn, CheckFinding } from './check';
import { firstRows } from './firstRows';
import { isFiniteNumber } from './numbers';
import type { Narrowed } from './narrowed';
import { atMost, exceeded } from './severity';

interface Looked {
  readonly context: CheckContext;
  readonly rows: Narrowed;
}

/** Rows of a later split that are equal in these columns to one of a split before it. */
interface Shared {
  readonly code: string;
  /** Names the table that is held meanwhile. */
  readonly table: string;
  readonly columns: readonly CheckedColumn[];
  readonly threshold: Threshold;
  /** Completes "3 rows of test (1 %) ", of one or of more. */
  readonly complaint: (one: boolean, before: string) => string;
  readonly suggestion: string;
  /** Rows that have none of the key are left out. */
  readonly isKey: boolean;
}

/** Rows of validation or test that are in a split before it too. */
export async function sharedRows({ context, rows }: Looked, threshold: Threshold): Promise<CheckFinding[]> {
  const { columns, schema } = context;
  const tellsApart = ({ name, spec: { role } }: CheckedColumn) =>
    role === 'id' || role === 'ignore' || role === 'weight' || schema.primaryKey.includes(name);
  const compared = columns.filter((column) => !tellsApart(column));
  const left = columns.filter(tellsApart).map(({ name }) => name);
  const but = left.length > 0 ? ` but ${listed(left)}` : '';
  const step =
    left.length === 0
      ? '`deduplicate: {}`'
      : `\`deduplicate: { columns: [${compared.map(({ name }) => inYaml(name)).join(', ')}] }\``;
  return shared(
    { context, rows },
    {
      code: 'split-overlap',
      table: 'rows_of_splits',
      columns: compared,
      threshold,
      complaint: (one, before) => `${one ? 'is' : 'are'} in ${before} too, equal in every column${but}`,
      suggestion: `A model is tested on what it was trained on: keep such rows once with ${compared.length > 20 ? '`deduplicate`' : step} before the split.`,
      isKey: false,
    },
  );
}

/** Rows of validation or test with a key, or of a group, that is in a split before it too. */
export async function sharedKeys(
  { context, rows }: Looked,
  key: readonly CheckedColumn[],
  threshold: Threshold,
): Promise<CheckFinding[]> {
  const names = key.map(({ name }) => name);
  return shared(
    { context, rows },
    {
      code: 'group-overlap',
      table: 'keys_of_splits',
      columns: key,
      threshold,
      complaint: (one, before) => `${one ? 'has' : 'have'} a ${listed(names)} that is in ${before} too`,
      suggestion:
        names.length === 1
          ? `Keep the rows of each together with \`split: { group: ${inYaml(names[0] ?? '')} }\`.`
          : 'A key stands for one row: correct it, or keep the first row of each with `deduplicate` before the split.',
      isKey: true,
    },
  );
}

async function shared({ context, rows }: Looked, asked: Shared): Promise<CheckFinding[]> {
  const { columns, threshold, isKey } = asked;
  const ids = columns.map(({ id }) => id);
  if (ids.length === 0) return [];
  const there = isKey ? ` AND (${ids.map((id) => `${id} IS NOT NULL`).join(' OR ')})` : '';
  const findings: CheckFinding[] = [];
  for (const [index, split] of context.splits.entries()) {
    const before = context.splits.slice(0, index);
    if (before.length === 0) continue;
    const own = `__split = ${text(split)}`;
    const both = [split, ...before].map(text).join(', ');
    const repeats = await repeatsOf(
      context.database,
      `(SELECT * FROM ${rows.relation} WHERE __split IN (${both})${there})`,
      ids,
      {
        name: asked.table,
        having: `bool_or(${own}) AND NOT bool_and(${own})`,
        counted: `count(*) FILTER (WHERE ${own})`,
        told: `min(__row) FILTER (WHERE ${own})`,
        most: MAX_SAMPLES,
      },
    );
    if (repeats.rows === 0) continue;
    const share = repeats.rows / (await rowsIn(context, rows, split));
    const worse = exceeded(threshold, share);
    if (!worse) continue;
    const shownColumns = columns.slice(0, isKey ? columns.length : 1).map(({ id }) => `CAST(${id} AS VARCHAR)`);
    const shown = await firstRows(
      context,
      `__row IN (${repeats.some.join(', ')})`,
      isKey ? `concat_ws(', ', ${shownColumns.join(', ')})` : undefined,
    );
    findings.push({
      code: asked.code,
      severity: worse.severity,
      ...atMost(worse.limit, share, percent),
      message: `${rowsOf(repeats.rows)} of ${split} (${percent(share)}) ${asked.complaint(repeats.rows === 1, listed(before, 'or'))}.`,
      ...(isKey && columns.length === 1 && { column: columns[0]?.name ?? '' }),
      split,
      count: repeats.rows,
      ...shown,
      suggestion: asked.suggestion,
    });
  }
  return findings;
}

async function rowsIn({ aggregate }: CheckContext, { among }: Narrowed, split: SplitName): Promise<number> {
  return Number(await aggregate(`count_if(${among(`__split = ${text(split)}`)})`));
}

/** Rows of a split that are later than the first one of a split after it, by a column of times. */
export async function timeOverlap(
  { context, rows }: Looked,
  time: CheckedColumn,
  threshold: Threshold,
): Promise<CheckFinding[]> {
  const { aggregate, splits } = context;
  const { id, name, physicalType } = time;
  const there = timeIn(time);
  if (there === undefined) return [];
  const findings: CheckFinding[] = [];
  for (const [index, split] of splits.entries()) {
    for (const after of splits.slice(index + 1)) {
      const first = await aggregate(
        `CAST(min(CASE WHEN ${rows.among(`__split = ${text(after)} AND ${there}`)} THEN ${id} END) AS VARCHAR)`,
      );
      if (first === null) continue;
      const late = rows.among(
        `__split = ${text(split)} AND ${there} AND ${id} > CAST(${text(String(first))} AS ${physicalType})`,
      );
      const count = Number(await aggregate(`count_if(${late})`));
      const share = count === 0 ? 0 : count / (await rowsIn(context, rows, split));
      const worse = exceeded(threshold, share);
      if (!worse) continue;
      findings.push({
        code: 'time-overlap',
        severity: worse.severity,
        ...atMost(worse.limit, share, percent),
        message: `${rowsOf(count)} of ${split} (${percent(share)}) ${count === 1 ? 'is' : 'are'} later than the first of ${after}, ${String(first)}, by ${name}.`,
        column: name,
        split,
        count,
        ...(await firstRows(context, late, id)),
        suggestion: `A model is to foretell what comes after it was trained: split in the order of time with \`split: { time: ${inYaml(name)} }\`.`,
      });
    }
  }
  return findings;
}

/** SQL condition: whether a row has a time, or a number that stands for one. Undefined for columns that have no order in time. */
function timeIn(column: CheckedColumn): string | undefined {
  const { id, physicalType } = column;
  if (isNumeric(physicalType)) return isFiniteNumber(column);
  return ['date', 'datetime'].includes(columnTypeOf(physicalType)) ? `isfinite(${id})` : undefined;
}

function listed(names: readonly string[], word = 'and'): string {
  const some = names.length > 5 ? [...names.slice(0, 5), `${names.length - 5} more`] : names;
  return some.length < 2 ? some.join('') : `${some.slice(0, -1).join(', ')} ${word} ${some.at(-1) ?? ''}`;
}
