/** How many rows there are. */
import type { RowCountParameters } from '../../config';
import { rowsOf } from '../words';
import type { Check, CheckFinding } from './check';
import { atLeast, atMost, exceeded, fallsBelow } from './severity';

export const rowCount: Check<RowCountParameters> = {
  name: 'row_count',
  run: async ({ rows: all, sampled, aggregate, bind }, { minimum, maximum, where }) => {
    if (sampled !== undefined) return { skipped: 'Only a sample of the rows is looked at.' };
    const rows =
      where === undefined
        ? all
        : Number(await aggregate(`count(*) FILTER (WHERE ${await bind(where, ['where'], 'BOOLEAN')})`));
    const which = where === undefined ? '' : ` that meet \`${where}\``;
    const findings: CheckFinding[] = [];
    const few = fallsBelow(minimum, rows);
    if (few)
      findings.push({
        code: 'row-count',
        severity: few.severity,
        ...atLeast(few.limit, rows, rowsOf),
        message: `There ${rows === 1 ? 'is' : 'are'} ${rowsOf(rows)}${which}, fewer than ${few.limit}.`,
        count: rows,
        suggestion: 'See whether a source is missing or a step takes too many rows away, or lower `minimum`.',
        configPath: ['checks', 'row_count', 'minimum'],
      });
    const many = exceeded(maximum, rows);
    if (many)
      findings.push({
        code: 'row-count',
        severity: many.severity,
        ...atMost(many.limit, rows, rowsOf),
        message: `There are ${rowsOf(rows)}${which}, more than ${many.limit}.`,
        count: rows,
        suggestion: 'See whether a source is read twice, or raise `maximum`.',
        configPath: ['checks', 'row_count', 'maximum'],
      });
    return { findings };
  },
};
