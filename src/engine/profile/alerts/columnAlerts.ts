/** Alerts about any column: what is there, how often, and how many different values. */
import type { Alert } from './alert';
import { figure, percent, step, valuesOf } from '../../words';
import { probabilityOfUnevenness } from './evenness';
import type { ColumnFigures } from '../context';
import type { Thresholds } from '../../../config';

/** Fewer values that are all different say nothing. */
const LEAST_UNIQUE = 10;
/** Texts of more words on average are prose, of which every one is different. */
const WORDS = 1.5;

export function missingAlerts(figures: ColumnFigures, rows: number, { missing }: Thresholds): Alert[] {
  const { name, nulls } = figures;
  if (rows === 0) return [];
  if (nulls === rows)
    return [
      {
        code: 'empty-column',
        severity: 'warning',
        message: `${name} has no value at all.`,
        suggestion: `Find out why it is empty, or leave it out with ${step('drop', name)}.`,
      },
    ];
  if (nulls <= missing * rows) return [];
  return [
    {
      code: 'missing-values',
      severity: 'warning',
      count: nulls,
      message: `${valuesOf(nulls)} of ${name} ${nulls === 1 ? 'is' : 'are'} missing (${percent(nulls / rows)} of the rows).`,
      suggestion: `${filled(figures)}eave their rows out with ${step('drop_missing', name)}.`,
    },
  ];
}

function filled({ name, semantic }: ColumnFigures): string {
  const strategies = { numeric: 'median', categorical: 'mode', boolean: 'mode' };
  const strategy = Object.entries(strategies).find(([key]) => key === semantic)?.[1];
  return strategy ? `Fill them with ${step('fill_missing', name, `, strategy: ${strategy}`)}, or l` : 'L';
}

export function distinctAlerts(figures: ColumnFigures, rows: number, { highCardinality }: Thresholds): Alert[] {
  const { name, nulls, distinct, semantic } = figures;
  const values = rows - nulls;
  if (values > 1 && distinct === 1) {
    const value = figures.mode ? ` (\`${figures.mode.value}\`)` : '';
    const missing = nulls > 0 ? ', and is missing elsewhere' : '';
    return [
      {
        code: 'constant-column',
        severity: 'warning',
        message: `${name} has one value only${value}${missing}.`,
        suggestion:
          nulls > 0
            ? 'Declare it as a boolean if a missing value means the other one.'
            : `It tells a model nothing: leave it out with ${step('drop', name)}.`,
      },
    ];
  }
  if (figures.distinctExact && values >= LEAST_UNIQUE && distinct === values && namesRows(figures))
    return [
      {
        code: 'unique-values',
        severity: 'info',
        message: `Every value of ${name} is different.`,
        suggestion: 'If it only tells rows apart, say `role: id` in the schema, so that nothing is learned from it.',
      },
    ];
  if (semantic === 'categorical' && distinct > highCardinality)
    return [
      {
        code: 'high-cardinality',
        severity: 'warning',
        count: distinct,
        message: `${name} has ${distinct} different values, many for a category.`,
        suggestion: `\`one_hot\` would make a column of each: ${step('frequency_encode', name)} makes one in all.`,
      },
    ];
  return [];
}

/** Numbers that are measured, times and prose differ from row to row without being names. */
function namesRows({ semantic, role, type, text }: ColumnFigures): boolean {
  if (role === 'id' || semantic === 'boolean') return false;
  if (semantic === 'identifier' || semantic === 'categorical') return true;
  return semantic === 'text' && type === 'string' && (text?.words.mean ?? Infinity) <= WORDS;
}

/** Of categories and booleans. */
export function balanceAlerts(figures: ColumnFigures, rows: number, thresholds: Thresholds): Alert[] {
  const { name, distinct, semantic, categorical, boolean } = figures;
  if (distinct < 2 || (semantic !== 'categorical' && semantic !== 'boolean')) return [];
  const counts = boolean
    ? [
        { value: 'true', count: boolean.true },
        { value: 'false', count: boolean.false },
      ].sort((a, b) => b.count - a.count)
    : (categorical?.top ?? []);
  const imbalance = boolean ? imbalanceOf(boolean.true, boolean.false) : categorical?.imbalance;
  const [first] = counts;
  const values = rows - figures.nulls;
  if (first && typeof imbalance === 'number' && imbalance > thresholds.imbalance)
    return [
      {
        code: 'imbalanced-values',
        severity: 'warning',
        message: `${percent(first.count / values)} of the values of ${name} are \`${first.value}\` (imbalance ${figure(imbalance)} of 1).`,
        suggestion:
          figures.role === 'target'
            ? `Keep the shares of its classes in every split with \`stratify: ${name}\`, and judge a model by more than accuracy.`
            : 'Rare values teach a model little: gather more of them, or put them together with `map`.',
      },
    ];
  if (categorical && categorical.otherValues > 0) return [];
  return uniformAlerts(
    name,
    counts.map(({ count }) => count),
    thresholds,
  );
}

/** Of the counts of bins or values that are equal but for chance. */
export function uniformAlerts(name: string, counts: readonly number[], { uniform }: Thresholds): Alert[] {
  const probability = probabilityOfUnevenness(counts);
  if (probability === undefined || probability <= uniform) return [];
  return [
    {
      code: 'uniform-values',
      severity: 'info',
      message: `The values of ${name} are spread more evenly than chance would (χ² p ${probability > 0.9999 ? 'above 0.9999' : `= ${probability.toFixed(4)}`}).`,
      suggestion: 'Numbers that are given in turn, and generated data, look like this: see whether it means anything.',
    },
  ];
}

/** 1 − entropy in bits of two values. */
function imbalanceOf(a: number, b: number): number {
  const part = (count: number) => (count === 0 ? 0 : -(count / (a + b)) * Math.log2(count / (a + b)));
  return 1 - part(a) - part(b);
}
