/** Figures of expressions that people write. */
import type { CustomFigure, CustomParameters, CustomRule } from '../../config';
import { finite } from '../duckdb';
import type { Check, CheckContext, CheckFinding } from './check';
import { momentsOf, numbersOf } from './numbers';
import { findingsOfRule } from './rule';
import { exceeded, fallsBelow, worst } from './severity';

/** SQL of each figure. @param value SQL of the value of a row */
const sqlOf: Readonly<Record<Exclude<CustomFigure, 'stddev'>, (value: string) => string>> = {
  mean: (value) => `avg(${finite(value)})`,
  minimum: (value) => `min(${finite(value)})`,
  maximum: (value) => `max(${finite(value)})`,
  sum: (value) => `sum(${finite(value)})`,
  median: (value) => `median(${finite(value)})`,
  distinct: (value) => `count(DISTINCT ${value})`,
  count: (value) => `count(nullif(CAST(${value} AS VARCHAR), 'false'))`,
};

/** @param among SQL of whether a row is looked at */
async function figureOf(
  figure: CustomFigure,
  value: string,
  among: string | undefined,
  { aggregate }: CheckContext,
): Promise<number | undefined> {
  if (figure === 'stddev') {
    const rows = {
      aggregate,
      among: (condition: string) => (among === undefined ? condition : `${among} AND ${condition}`),
    };
    const column = { name: '', id: `CAST(${value} AS DOUBLE)`, physicalType: 'DOUBLE', spec: {} };
    const [numbers] = await numbersOf(rows, [column]);
    return numbers && numbers.count > 1 ? (await momentsOf(rows, numbers)).stddev : undefined;
  }
  const filter = among === undefined ? '' : ` FILTER (WHERE ${among})`;
  const answer = await aggregate(`${sqlOf[figure](value)}${filter}`);
  return answer === null ? undefined : Number(answer);
}

export const custom: Check<CustomParameters> = {
  name: 'custom',
  run: async (context, { rules }) => {
    const { bind } = context;
    const named = Object.entries(rules);
    if (named.length === 0) return { skipped: 'The config names no rules.' };
    const asked = [];
    for (const [name, rule] of named) {
      const value = await bind(rule.expression, [name, 'expression']);
      const among = rule.where === undefined ? undefined : await bind(rule.where, [name, 'where'], 'BOOLEAN');
      asked.push({ name, rule, figureOf: () => figureOf(rule.figure, value, among, context) });
    }
    const findings = asked.map(({ name, rule, figureOf }) =>
      findingsOfRule(context, 'custom', name, async () => judged(name, rule, await figureOf())),
    );
    return { findings: (await Promise.all(findings)).flat() };
  },
};

/** @param value absent where it is not defined */
function judged(name: string, { expression, figure, atLeast, atMost }: CustomRule, value: number | undefined) {
  const say = (message: string, key: string, severity: CheckFinding['severity']): CheckFinding => ({
    code: 'figure-out-of-bounds',
    severity,
    message: `\`${name}\`: the ${figure} of ${expression} ${message}.`,
    suggestion: 'See what changed in the data, or change the bounds.',
    configPath: ['checks', 'custom', name, key],
  });
  if (value === undefined) {
    const why = figure === 'stddev' ? 'fewer than two rows have a value' : 'no row has a value';
    return [say(`is not defined, because ${why}`, 'expression', worst(atLeast, atMost) ?? 'warning')];
  }
  const findings: CheckFinding[] = [];
  const shown = Number(value.toPrecision(6));
  const low = fallsBelow(atLeast, value);
  if (low) findings.push(say(`is ${shown}, below ${low.limit}`, 'atLeast', low.severity));
  const high = exceeded(atMost, value);
  if (high) findings.push(say(`is ${shown}, above ${high.limit}`, 'atMost', high.severity));
  return findings;
}
