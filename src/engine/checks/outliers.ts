/** Numbers that lie far from the others of their column. */
import { thresholdsOf, type OutlierRule, type OutliersParameters } from '../../config';
import { double } from '../duckdb';
import { columnTypeOf, isNumeric } from '../schema';
import { beyondFences, declaredSemantic, numberTypeOf, tukeyFences, withSample, type Fences } from '../statistics';
import { figure, percent, step, valuesOf } from '../words';
import { Aggregates } from './aggregates';
import type { Check, CheckContext, CheckedColumn, CheckFinding } from './check';
import { firstRows } from './firstRows';
import { narrowed, nothingToLookAt, type Narrowed } from './narrowed';
import { isFiniteNumber, momentsOf, numbersOf, quantilesOf, type Numbers } from './numbers';
import { exceeded } from './severity';

interface Rule {
  readonly column: CheckedColumn;
  readonly rule: OutlierRule;
  /** Whether the config names the column. */
  readonly named: boolean;
}

interface Measured extends Rule {
  readonly numbers: Numbers;
}

interface Judged extends Measured {
  readonly fences: Fences;
  /** How many values lie beyond. */
  readonly far: number;
}

type Rows = Pick<CheckContext, 'aggregate'> & Pick<Narrowed, 'among'>;

export const outliers: Check<OutliersParameters> = {
  name: 'outliers',
  run: async (context, { columns, where, ...usual }) => {
    const looked = await narrowed(context, where);
    if (looked.rows === 0) return nothingToLookAt(context);
    const rules = context.columns.flatMap((column): Rule[] => {
      const own = Object.hasOwn(columns, column.name) ? columns[column.name] : undefined;
      const measured = isNumeric(column.physicalType) && (own !== undefined || mayBeAmount(context, column));
      return measured ? [{ column, rule: own ?? usual, named: own !== undefined }] : [];
    });
    if (rules.length === 0) return { skipped: NO_AMOUNTS };
    const judged = await judge({ ...looked, aggregate: context.aggregate }, await suspects(context, looked, rules));
    if (judged.length === 0 && looked.rows <= SCREENED_ROWS) return { skipped: NO_AMOUNTS };
    const findings = await Promise.all(
      judged.map(async ({ column, rule, numbers, fences, far }) => {
        const severity = severityOf(context, rule, far / numbers.count);
        if (!severity) return [];
        const shown = await firstRows(context, looked.among(beyond(column, fences)), column.id);
        return [{ ...finding(column, rule, fences, far, numbers.count), severity, ...shown }];
      }),
    );
    return { findings: findings.flat() };
  },
};

const NO_AMOUNTS = 'There are no columns of amounts.';

/** Of more rows some are looked at first. */
const SCREENED_ROWS = 200_000;
const SAMPLE = 50_000;
const SEED = 42;
/** A sample shows larger shares well enough: it has half of what there is at the least. */
const SHOWN_BY_SAMPLE = 0.01;
const LENIENT = 0.5;

/** Those that may have as many outliers as their rule is about. What is said of them is counted in all rows. */
async function suspects(context: CheckContext, looked: Narrowed, rules: readonly Rule[]): Promise<readonly Rule[]> {
  if (looked.rows <= SCREENED_ROWS) return rules;
  const { database } = context;
  const boundOf = ({ rule: { threshold } }: Rule) =>
    Math.min(threshold.warn ?? threshold.error ?? usualShare(context), threshold.error ?? Infinity);
  const screened = rules.filter((rule) => boundOf(rule) >= SHOWN_BY_SAMPLE);
  const from = { database, relation: looked.relation, rows: looked.rows, seed: SEED, table: 'outlier_sample' };
  const ids = screened.map(({ column }) => column.id);
  const some = { atMost: SAMPLE, among: context.columns.length };
  const likely = await withSample(from, ids, some, async ({ relation }) => {
    const aggregates = new Aggregates(database, relation, ids.length);
    const judged = await judge({ aggregate: (sql) => aggregates.ask(sql), among: (condition) => condition }, screened);
    return new Set(
      judged.filter((one) => one.far / one.numbers.count >= LENIENT * boundOf(one)).map(({ column }) => column),
    );
  });
  return rules.filter((rule) => !screened.includes(rule) || likely.has(rule.column));
}

/** SQL condition: a finite number beyond the fences. */
function beyond(column: CheckedColumn, fences: Fences): string {
  return `${isFiniteNumber(column)} AND ${beyondFences(column.id, fences)}`;
}

async function judge(rows: Rows, rules: readonly Rule[]): Promise<Judged[]> {
  const measured = await amountsOf(rows, rules);
  const fences = await fencesOf(rows, measured);
  return Promise.all(
    measured.map(async (each, index) => {
      const own = fences[index] ?? { lower: -Infinity, upper: Infinity };
      const far = Number(await rows.aggregate(`count_if(${rows.among(beyond(each.column, own))})`));
      return { ...each, fences: own, far };
    }),
  );
}

/** Where nobody has said how many there may be, many are told as a profile tells them. */
function severityOf(
  { spec }: CheckContext,
  { threshold }: OutlierRule,
  share: number,
): CheckFinding['severity'] | undefined {
  if (threshold.warn !== undefined || threshold.error !== undefined) return exceeded(threshold, share)?.severity;
  return share > usualShare({ spec }) ? 'info' : undefined;
}

function usualShare({ spec }: { readonly spec?: CheckContext['spec'] | undefined }): number {
  return thresholdsOf(spec ?? {}).outliers;
}

/** Classes of a target with more different numbers are amounts. */
const CLASSES = 20;

/** No code, and nothing that is not trained on. */
function mayBeAmount({ schema }: CheckContext, { name, spec }: CheckedColumn): boolean {
  return declaredSemantic({ spec }) === undefined && spec.role !== 'ignore' && !schema.primaryKey.includes(name);
}

/** Those with finite numbers, of more than two different ones where the config does not name them. */
async function amountsOf(rows: Rows, rules: readonly Rule[]): Promise<Measured[]> {
  const found = new Map(
    (
      await numbersOf(
        rows,
        rules.map(({ column }) => column),
      )
    ).map((numbers) => [numbers.column, numbers]),
  );
  const measured = await Promise.all(
    rules.map(async (rule): Promise<Measured[]> => {
      const numbers = found.get(rule.column);
      return numbers && (rule.named || (await isAmount(rows, numbers))) ? [{ ...rule, numbers }] : [];
    }),
  );
  return measured.flat();
}

async function isAmount({ aggregate, among }: Rows, { column, min, max }: Numbers): Promise<boolean> {
  const { id, physicalType, spec } = column;
  if (spec.role === 'target' && columnTypeOf(physicalType) === 'integer')
    return Number(await aggregate(`approx_count_distinct(${id})`)) > CLASSES;
  const between = among(`${id} > ${double(min)} AND ${id} < ${double(max)}`);
  return Number(await aggregate(`count_if(${between})`)) > 0;
}

/** In the order of the columns. */
async function fencesOf(rows: Rows, measured: readonly Measured[]): Promise<Fences[]> {
  const byQuartiles = measured.filter(({ rule }) => rule.method === 'iqr');
  const [quartiles, moments] = await Promise.all([
    quantilesOf(
      rows,
      byQuartiles.map(({ numbers }) => ({ numbers, quantiles: [0.25, 0.75] })),
    ),
    Promise.all(
      measured.map(async ({ numbers, rule }) => (rule.method === 'z' ? momentsOf(rows, numbers) : undefined)),
    ),
  ]);
  return measured.map((each, index): Fences => {
    const { numbers, rule } = each;
    const own = moments[index];
    if (own) {
      const reach = Number.isFinite(own.stddev) ? rule.factor * own.stddev : Infinity;
      return { lower: own.mean - reach, upper: own.mean + reach };
    }
    const [q1, q3] = quartiles[byQuartiles.indexOf(each)] ?? [];
    if (!q1 || !q3) return { lower: -Infinity, upper: Infinity };
    return tukeyFences(q1, q3, numberTypeOf(numbers.column.physicalType), rule.factor);
  });
}

function finding(
  { name }: CheckedColumn,
  { method, factor }: OutlierRule,
  { lower, upper }: Fences,
  far: number,
  count: number,
): Omit<CheckFinding, 'severity'> {
  const rule =
    method === 'iqr'
      ? `${factor} times their distance beyond the quartiles`
      : `${factor} standard deviations from the mean`;
  const bounds =
    Number.isFinite(lower) && Number.isFinite(upper) ? `below ${figure(lower)} or above ${figure(upper)}, ` : '';
  return {
    code: 'outliers',
    message: `${valuesOf(far)} of ${name} ${far === 1 ? 'lies' : 'lie'} far from the others (${percent(far / count)}): ${bounds}${rule}.`,
    column: name,
    count: far,
    suggestion: `Look at them first; ${step('clip', name, ', quantiles: [0.01, 0.99]')} bounds them, ${step('robust_scale', name)} is not moved by them.`,
    configPath: ['schema', 'columns', name],
  };
}
