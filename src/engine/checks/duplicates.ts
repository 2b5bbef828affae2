/** Rows that are there more than once: in every column, or by a key. */
import type { DuplicatesParameters } from '../../config';
import { asVarchar } from '../schema';
import { repeatsOf, type Repeats } from '../statistics';
import { inYaml, percent, rowsOf } from '../words';
import { MAX_SAMPLES } from '../../protocol';
import type { Check, CheckedColumn, CheckFinding } from './check';
import { firstRows } from './firstRows';
import { narrowed, nothingToLookAt } from './narrowed';
import { atMost, exceeded } from './severity';

export const duplicates: Check<DuplicatesParameters> = {
  name: 'duplicates',
  run: async (context, { threshold, columns: names, where }) => {
    const { relation, rows } = await narrowed(context, where);
    if (rows === 0) return nothingToLookAt(context);
    const key = names.flatMap((name) => context.columns.find((column) => column.name === name) ?? []);
    if (key.length < names.length) return { skipped: 'A column of the key is not there.' };
    const columns = key.length > 0 ? key : context.columns;
    if (columns.length === 0) return { skipped: 'There are no columns.' };
    const ids = columns.map(({ id }) => id);
    // A row without any part of a key repeats none.
    const keyed = `(SELECT * FROM ${relation} WHERE ${ids.map((id) => `${id} IS NOT NULL`).join(' OR ')})`;
    const repeats = await repeatsOf(context.database, key.length > 0 ? keyed : relation, ids, {
      name: 'duplicates',
      most: MAX_SAMPLES,
    });
    const worse = exceeded(threshold, repeats.rows / rows);
    if (!worse) return { findings: [] };
    const shown = await firstRows(context, `__row IN (${repeats.some.join(', ')})`, valuesOfRow(columns));
    return {
      findings: [
        {
          ...finding(repeats, rows, names),
          severity: worse.severity,
          ...atMost(worse.limit, repeats.rows / rows, percent),
          ...shown,
        },
      ],
    };
  },
};

function finding(
  { groups, rows: surplusRows }: Repeats,
  rows: number,
  key: readonly string[],
): Omit<CheckFinding, 'severity'> {
  const names = key.join(', ');
  const where = key.length === 0 ? 'in every column' : `in ${names}`;
  const kept = key.length === 0 ? '`deduplicate: {}`' : `\`deduplicate: { columns: [${key.map(inYaml).join(', ')}] }\``;
  const surplus = `${rowsOf(surplusRows)} (${percent(surplusRows / rows)}) would go if each were kept once`;
  return {
    code: key.length === 0 ? 'duplicate-rows' : 'duplicate-keys',
    ...(key.length === 1 && { column: names }),
    count: surplusRows,
    message: `Rows are the same ${where}: ${groups} different ${groups === 1 ? 'one occurs' : 'ones occur'} more than once, and ${surplus}.`,
    suggestion:
      key.length === 0
        ? `Rows on both sides of a split flatter a model: keep each once with ${kept} before it.`
        : `Correct the key, or keep the first row of each with ${kept}.`,
  };
}

/** More columns are not shown. */
const SHOWN_COLUMNS = 8;
const SHOWN_CHARACTERS = 40;

/** SQL for what a row holds. */
function valuesOfRow(columns: readonly CheckedColumn[]): string {
  const values = columns
    .slice(0, SHOWN_COLUMNS)
    .map(({ id, physicalType }) => `coalesce(left(${asVarchar(id, physicalType)}, ${SHOWN_CHARACTERS}), '')`);
  return `concat_ws(', ', ${[...values, ...(columns.length > SHOWN_COLUMNS ? ["'…'"] : [])].join(', ')})`;
}
