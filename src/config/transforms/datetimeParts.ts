import * as z from 'zod';
import { worded } from '../words';
import { columns } from './parameters';
import { added, asNames, checkFree, checkNames, temporal, transform, without } from './transform';

const ofDays = ['year', 'quarter', 'month', 'week', 'day', 'dayofyear', 'weekday'] as const;
const ofTimes = ['hour', 'minute', 'second'] as const;
const part = z.enum([...ofDays, ...ofTimes]);

export type DatetimePart = z.output<typeof part>;

export const datetimeParts = transform({
  name: 'datetime_parts',
  description: 'Add columns with parts of dates and times, such as `when_year`.',
  parameters: z.strictObject({
    columns,
    parts: worded(z.array(part).min(1), 'a list of one or more').describe(
      'Which parts, a column each. `weekday` is 0 on Monday, `week` that of ISO 8601; with a time zone all are in UTC.',
    ),
    drop: z.boolean().describe('Whether the columns themselves are left out.').default(false),
  }),
  fitted: false,
  removesRows: false,
  columns: ({ columns: names, parts, drop }, incoming, fault) => {
    checkNames(names, incoming, fault, 'columns', temporal);
    let outgoing = incoming;
    for (const name of asNames(names)) {
      for (const [index, each] of parts.entries()) {
        if (incoming.types.get(name) === 'date' && ofTimes.some((time) => time === each))
          fault({
            code: 'transform-column',
            at: ['parts', index],
            message: `The column \`${name}\` holds dates, which have no ${each}.`,
            suggestion: 'Leave the part out, or give the column a step of its own.',
          });
        const made = partColumn(name, each);
        checkFree(made, outgoing, fault, ['parts', index]);
        outgoing = added(outgoing, made, 'integer');
      }
    }
    return drop ? without(outgoing, names, 'datetime_parts') : outgoing;
  },
});

/** The name of the column with a part. */
export function partColumn(name: string, part: DatetimePart): string {
  return `${name}_${part}`;
}
