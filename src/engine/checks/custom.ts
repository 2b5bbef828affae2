/** Figures of expressions that people write. */
import type { CustomFigure, CustomParameters } from '../../config';
import { finite } from '../duckdb';
import type { Check, CheckFinding } from './check';
import { exceeded, fallsBelow } from './severity';

/** SQL of each figure. @param value SQL of the value of a row */
const sqlOf: Readonly<Record<CustomFigure, (value: string) => string>> = {
  mean: (value) => `avg(${finite(value)})`,
  minimum: (value) => `min(${finite(value)})`,
  maximum: (value) => `max(${finite(value)})`,
  sum: (value) => `sum(${finite(value)})`,
  median: (value) => `median(${finite(value)})`,
  stddev: (value) => `stddev_samp(${finite(value)})`,
  distinct: (value) => `count(DISTINCT ${value})`,
  count: (value) => `count(nullif(CAST(${value} AS VARCHAR), 'false'))`,
};

export const custom: Check<CustomParameters> = {
  name: 'custom',
  run: async ({ aggregate, bind }, { rules }) => {
    const named = Object.entries(rules);
    if (named.length === 0) return { skipped: 'The config names no rules.' };
    const asked = [];
    for (const [name, rule] of named) {
      const value = await bind(rule.expression, [name, 'expression']);
      const among = rule.where === undefined ? undefined : await bind(rule.where, [name, 'where'], 'BOOLEAN');
      const filter = among === undefined ? '' : ` FILTER (WHERE ${among})`;
      asked.push({ name, rule, sql: `${sqlOf[rule.figure](value)}${filter}` });
    }
    const answers = await Promise.all(asked.map(({ sql }) => aggregate(sql)));
    const findings: CheckFinding[] = [];
    for (const [index, { name, rule }] of asked.entries()) {
      const { expression, figure, atLeast, atMost } = rule;
      const answer = answers[index];
      const say = (message: string, key: string, severity: CheckFinding['severity']): CheckFinding => ({
        code: 'figure-out-of-bounds',
        severity,
        message: `\`${name}\`: the ${figure} of ${expression} ${message}.`,
        suggestion: 'See what changed in the data, or change the bounds.',
        configPath: ['checks', 'custom', name, key],
      });
      if (answer === null || answer === undefined) {
        findings.push(say('is not defined, because no row has a value', 'expression', 'warning'));
        continue;
      }
      const value = Number(answer);
      const shown = Number(value.toPrecision(6));
      const low = fallsBelow(atLeast, value);
      if (low) findings.push(say(`is ${shown}, below ${low.limit}`, 'atLeast', low.severity));
      const high = exceeded(atMost, value);
      if (high) findings.push(say(`is ${shown}, above ${high.limit}`, 'atMost', high.severity));
    }
    return { findings };
  },
};
