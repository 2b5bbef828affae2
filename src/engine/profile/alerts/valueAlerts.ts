/** Alerts about the values of a column: numbers that are odd, and texts that are spelled in several ways. */
import type { Thresholds } from '../../../config';
import type { Alert } from './alert';
import { figure, percent, step, valuesOf } from '../../words';
import { uniformAlerts } from './columnAlerts';
import { asNumbers, asTimes, inExpression } from '../../statistics';
import type { ColumnFigures } from '../context';

export function numberAlerts(figures: ColumnFigures, rows: number, thresholds: Thresholds): Alert[] {
  const { name, numeric, nulls, semantic, distinct } = figures;
  if (!numeric) return [];
  const alerts: Alert[] = [];
  const { nans, zeros, skewness, outliers, histogram } = numeric;
  const infinite = numeric.infinities + numeric.negativeInfinities;
  const odd = nans + infinite;
  if (odd > thresholds.infinite * rows) {
    const parts = [...(infinite > 0 ? [`${infinite} infinite`] : []), ...(nans > 0 ? [`${nans} NaN`] : [])];
    alerts.push({
      code: 'non-finite-values',
      severity: 'warning',
      count: odd,
      message: `${valuesOf(odd)} of ${name} ${odd === 1 ? 'is no finite number' : 'are no finite numbers'}: ${parts.join(', ')}.`,
      suggestion: `A model trained on them learns nothing: leave the rows out with \`filter: { expression: ${inExpression(name, (column) => `isfinite(${column})`)} }\`.`,
    });
  }
  // What follows is about amounts; codes and identifiers are not measured.
  if (semantic !== 'numeric' || distinct < 2) return alerts;
  const finite = rows - nulls - odd;
  if (zeros > thresholds.zeros * rows) {
    alerts.push({
      code: 'many-zeros',
      severity: 'info',
      count: zeros,
      message: `${valuesOf(zeros)} of ${name} ${zeros === 1 ? 'is' : 'are'} 0 (${percent(zeros / rows)} of the rows).`,
      suggestion: 'If 0 stands for a missing value, name it in `nullValues` of the source.',
    });
  }
  if (skewness !== null && Math.abs(skewness) > thresholds.skew) {
    alerts.push({
      code: 'skewed-values',
      severity: 'info',
      message: `${name} is skewed to the ${skewness > 0 ? 'right' : 'left'} (skewness ${figure(skewness)}).`,
      suggestion: `Most models do better with even spreads: try ${step('power', name)}.`,
    });
  }
  if (finite > 0 && outliers.count > thresholds.outliers * finite) {
    alerts.push({
      code: 'outliers',
      severity: 'info',
      count: outliers.count,
      message: `${valuesOf(outliers.count)} of ${name} ${outliers.count === 1 ? 'lies' : 'lie'} far from the others (${percent(outliers.count / finite)}): ${beyond(outliers)}.`,
      suggestion: `Look at them first; ${step('clip', name, ', quantiles: [0.01, 0.99]')} bounds them, ${step('robust_scale', name)} is not moved by them.`,
    });
  }
  // The first and the last bin may reach beyond the values.
  return [...alerts, ...uniformAlerts(name, histogram.counts.slice(1, -1), thresholds)];
}

function beyond({ lower, upper }: { readonly lower: number | null; readonly upper: number | null }): string {
  if (lower === null || upper === null) return 'beyond 1.5 IQR of the quartiles';
  return `below ${figure(lower)} or above ${figure(upper)}`;
}

export function textAlerts(figures: ColumnFigures, rows: number, thresholds: Thresholds): Alert[] {
  const { name, text, nulls, semantic, type, role } = figures;
  const values = rows - nulls;
  if (!text || type !== 'string' || values === 0) return [];
  const alerts: Alert[] = [];
  const reads = (count: number, share: number) => count > 0 && count >= share * values;
  // Names of rows may look like numbers; they are none.
  const isName = semantic === 'identifier' || role === 'id' || role === 'group';
  if (!isName && reads(text.numbers, thresholds.numbersAsText)) {
    alerts.push({
      code: 'numbers-as-text',
      severity: 'warning',
      count: text.numbers,
      message: `${name} is text, and ${percent(text.numbers / values)} of its values read as numbers.`,
      suggestion: asNumbers(name, text.reading, values),
    });
  } else if (!isName && reads(text.dates, thresholds.datesAsText)) {
    alerts.push({
      code: 'dates-as-text',
      severity: 'warning',
      count: text.dates,
      message: `${name} is text, and ${percent(text.dates / values)} of its values read as dates or times.`,
      suggestion: asTimes(name, text.reading, values),
    });
  }
  if (text.surroundingBlanks > thresholds.blanks * values) {
    alerts.push({
      code: 'surrounding-blanks',
      severity: 'warning',
      count: text.surroundingBlanks,
      message: `${valuesOf(text.surroundingBlanks)} of ${name} ${text.surroundingBlanks === 1 ? 'begins or ends' : 'begin or end'} with blanks (${percent(text.surroundingBlanks / values)}).`,
      suggestion: `They make different values of equal ones: remove them with ${step('trim', name)}.`,
    });
  }
  if (semantic === 'categorical' && text.caseVariants > thresholds.mixedCase * values) {
    alerts.push({
      code: 'mixed-case',
      severity: 'warning',
      count: text.caseVariants,
      message: `${valuesOf(text.caseVariants)} of ${name} ${text.caseVariants === 1 ? 'is' : 'are'} another value in other letter cases.`,
      suggestion: `They count as different categories: make them one with ${step('lowercase', name)}.`,
    });
  }
  return alerts;
}
