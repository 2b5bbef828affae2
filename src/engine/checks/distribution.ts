/** Whether figures of columns lie where they are expected. */
import type { DistributionParameters, ExpectedFigure, Range } from '../../config';
import type { Check, CheckFinding } from './check';
import { narrowed, nothingToLookAt } from './narrowed';
import { momentsOf, numbersOf, quantilesOf } from './numbers';

export const distribution: Check<DistributionParameters> = {
  name: 'distribution',
  run: async (context, { expected, where }) => {
    if (expected.length === 0) return { skipped: 'Nothing is expected of any column.' };
    const looked = await narrowed(context, where);
    if (looked.rows === 0) return nothingToLookAt(context);
    const names = new Set(expected.map(({ column }) => column));
    // Those that there are not are faults of the parameters.
    const columns = context.columns.filter(({ name }) => names.has(name));
    const rows = { ...looked, aggregate: context.aggregate };
    const numbers = new Map((await numbersOf(rows, columns)).map((each) => [each.column.name, each]));
    const asked = [...numbers.values()].map((each) => {
      const own = expected.filter(({ column }) => column === each.column.name);
      return { numbers: each, expected: own, quantiles: own.flatMap((one) => quantileOf(one) ?? []) };
    });
    const [quantiles, moments] = await Promise.all([
      quantilesOf(rows, asked),
      Promise.all(
        asked.map(async (each) => (each.expected.some(isMoment) ? momentsOf(rows, each.numbers) : undefined)),
      ),
    ]);
    const findings = asked.flatMap(({ numbers: own, expected: all, quantiles: at }, index) => {
      const byQuantile = new Map(at.map((quantile, place) => [quantile, quantiles[index]?.[place]?.value]));
      const figures = { ...own, ...moments[index] };
      return all.flatMap((one) => {
        const quantile = quantileOf(one);
        const value = quantile === undefined ? figures[one.figure as keyof typeof figures] : byQuantile.get(quantile);
        return judged(one, Number(value ?? NaN));
      });
    });
    const empty = columns.filter(({ name }) => !numbers.has(name)).flatMap(({ name }) => withoutValues(name, expected));
    return { findings: [...findings, ...empty] };
  },
};

function quantileOf({ figure }: ExpectedFigure): number | undefined {
  if (typeof figure === 'object') return figure.quantile;
  return figure === 'median' ? 0.5 : undefined;
}

function isMoment({ figure }: ExpectedFigure): boolean {
  return figure === 'mean' || figure === 'stddev' || figure === 'sum';
}

function judged(expected: ExpectedFigure, value: number): CheckFinding[] {
  const severity = outside(expected.error, value) ? 'error' : outside(expected.warn, value) ? 'warning' : undefined;
  if (!severity) return [];
  const range = severity === 'error' ? expected.error : expected.warn;
  const found = Number.isFinite(value) ? `is ${shown(value, range)}` : 'cannot be told of one value';
  return [
    {
      code: 'distribution-range',
      severity,
      expected: limits(range ?? {}),
      actual: Number.isFinite(value) ? shown(value, range) : 'no such figure',
      message: `${inWords(expected)} ${found}, and is expected ${words(range ?? {})}.`,
      column: expected.column,
      suggestion: 'Find out what has changed in the data, or widen the range if it may be so.',
      configPath: ['checks', 'distribution', ...expected.at],
    },
  ];
}

/** What has no numbers meets no expectation. */
function withoutValues(name: string, expected: readonly ExpectedFigure[]): CheckFinding[] {
  const own = expected.filter(({ column }) => column === name);
  const [first] = own;
  if (!first) return [];
  return [
    {
      code: 'distribution-range',
      severity: own.some(({ error }) => error) ? 'error' : 'warning',
      message: `${name} has no numbers, so that nothing of what is expected of it can be told.`,
      column: name,
      suggestion: 'Find out why it is empty.',
      configPath: ['checks', 'distribution', ...first.at.slice(0, 2)],
    },
  ];
}

function outside(range: Range | undefined, value: number): boolean {
  if (!range) return false;
  // A figure that there is not lies in no range.
  return !(value >= (range.min ?? -Infinity) && value <= (range.max ?? Infinity));
}

function inWords({ figure, column }: ExpectedFigure): string {
  if (typeof figure === 'object') return `The ${figure.quantile} quantile of ${column}`;
  const names = { min: 'smallest value', max: 'largest value', stddev: 'standard deviation' } as const;
  return `The ${figure in names ? names[figure as keyof typeof names] : figure} of ${column}`;
}

function words({ min, max }: Range): string {
  if (min === undefined) return `to be ${max} at most`;
  return max === undefined ? `to be ${min} at least` : `to lie between ${min} and ${max}`;
}

/** Beside the value. */
function limits({ min, max }: Range): string {
  if (min === undefined) return `at most ${max}`;
  return max === undefined ? `at least ${min}` : `${min} to ${max}`;
}

/** Six digits, or so many that it does not seem to lie within. */
function shown(value: number, range: Range | undefined): string {
  const digits = [6, 9, 12].find((each) => outside(range, Number(value.toPrecision(each))));
  return String(digits === undefined ? value : Number(value.toPrecision(digits)));
}
