/** Every measure of a column, and of what is compared of its values. */
import * as l10n from '@vscode/l10n';
import type { Drift, DriftColumn, DriftMeasure, DriftProperty, ThresholdEdits } from '../../src/protocol';
import { chartFigure } from '../shared/charts/chartFigure';
import { element } from '../shared/dom';
import type { Part } from '../shared/parts';
import { sentence } from '../shared/values';
import { summaryPart } from './bothSides';
import { comparisonChart } from './charts/comparison';
import { decisionSentence } from './decision';
import { levelsFor, methodOf } from './judge';
import { metricsTable } from './metricsTable';
import { propertyWord } from './properties';
import { section } from './section';
import type { PageState } from './state';
import { statusMark } from './statusMark';

export function metricsPart(column: DriftColumn, drift: Drift, { edits }: PageState, key: string): Part | undefined {
  const table = metricsTable(column, key, levelsIn(column, methodOf(column), drift, edits));
  if (table === undefined) return undefined;
  return {
    name: 'metrics',
    says: [column.metrics, column.decidedBy, column.missing, edits],
    draw: () => section(l10n.t('Measures'), [table]),
  };
}

/** Something about the values, such as their length: open where it decided. */
export function propertyPart(
  column: DriftColumn,
  property: DriftProperty,
  drift: Drift,
  { edits }: PageState,
  key: string,
): Part {
  const own = `${key}/${property.name}`;
  const decides = property.name === column.decidingProperty;
  return {
    name: `property/${property.name}`,
    says: [property, decides, edits],
    draw: () => {
      const chart = comparisonChart(property, propertyWord(property.name));
      const whole = element('details', { class: 'property' }, [
        element('summary', { 'data-key': own }, [
          element('span', { class: 'name' }, [propertyWord(property.name)]),
          ' ',
          statusMark(property.status),
          ' ',
          element('span', { class: 'dim' }, [decisionSentence(property)]),
        ]),
        ...(property.notes ?? []).map((note) => element('p', { class: 'dim note' }, sentence(note))),
        chart === undefined
          ? undefined
          : element('div', { class: 'charts' }, [chartFigure(chart, { key: own, showRows: undefined })]),
        metricsTable(property, own, levelsIn(column, property.method ?? property.decidedBy, drift, edits)),
        summaryPart(property)?.draw(),
      ]) as HTMLDetailsElement;
      whole.open = decides;
      return whole;
    },
  };
}

/** A column's own levels are those of the measure that decides about it. */
function levelsIn({ name }: DriftColumn, method: DriftMeasure | undefined, drift: Drift, edits: ThresholdEdits) {
  return (measure: DriftMeasure) => levelsFor(drift, edits, measure, measure === method ? name : undefined);
}
