/** Conditions between the columns of a row. One that is unknown, because a value is missing, is not broken. */
import type { ConsistencyParameters } from '../../config';
import { text } from '../duckdb';
import { percent, rowsOf } from '../words';
import type { Check, CheckContext } from './check';
import { firstRows } from './firstRows';
import { findingsOfRule } from './rule';
import { atMost, exceeded } from './severity';

export const consistency: Check<ConsistencyParameters> = {
  name: 'consistency',
  run: async (context, { rules }) => {
    const { rows, aggregate, bind } = context;
    const named = Object.entries(rules);
    if (named.length === 0) return { skipped: 'The config names no conditions.' };
    if (rows === 0) return { skipped: 'There are no rows.' };
    const bound = [];
    for (const [name, { expression, threshold, where }] of named) {
      const condition = await bind(expression, [name], 'BOOLEAN');
      const among = where === undefined ? undefined : await bind(where, [name, 'where'], 'BOOLEAN');
      const broken = `NOT ${condition}${among === undefined ? '' : ` AND ${among}`}`;
      bound.push({ name, expression, condition, broken, among, threshold });
    }
    const count = async (condition: string) => Number(await aggregate(`count_if(${condition})`));
    const findings = bound.map(({ name, expression, condition, broken, among, threshold }) =>
      findingsOfRule(context, 'consistency', name, async () => {
        const [found, looked] = await Promise.all([count(broken), among === undefined ? rows : count(among)]);
        const worse = found === 0 ? undefined : exceeded(threshold, found / looked);
        if (!worse) return [];
        return [
          {
            code: 'inconsistent-rows',
            severity: worse.severity,
            ...atMost(worse.limit, found / looked, percent),
            message: `${rowsOf(found)} (${percent(found / looked)}) ${found === 1 ? 'breaks' : 'break'} \`${name}\`: ${expression}.`,
            count: found,
            ...(await firstRows(context, broken, valuesIn(condition, context))),
            suggestion: 'Correct the rows, or the condition.',
            configPath: ['checks', 'consistency', name],
          },
        ];
      }),
    );
    return { findings: (await Promise.all(findings)).flat() };
  },
};

/** SQL of the values that a condition is about: `start = 3, stop = 2`. */
function valuesIn(condition: string, { columns }: CheckContext): string | undefined {
  const ids = new Set(condition.match(/\bc\d+\b/g));
  const shown = columns.filter(({ id }) => ids.has(id)).slice(0, 10);
  if (shown.length === 0) return undefined;
  const values = shown.map(({ id, name }) => `${text(`${name} = `)} || coalesce(CAST(${id} AS VARCHAR), 'null')`);
  return `concat_ws(', ', ${values.join(', ')})`;
}
