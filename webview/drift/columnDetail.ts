/** One column in full: what decided, both sides over each other, every measure, and what is known of its values besides. */
import * as l10n from '@vscode/l10n';
import type { Drift, DriftColumn, DriftMeasure, DriftProperty, ThresholdEdits } from '../../src/protocol';
import { chartFigure } from '../shared/charts/chartFigure';
import { element, icon, link } from '../shared/dom';
import type { Child } from '../shared/dom';
import { findingItem } from '../shared/findingItem';
import { count, figure, full, share } from '../shared/format';
import { Parts } from '../shared/parts';
import type { Part } from '../shared/parts';
import { typeIcons, typeWord } from '../shared/semanticTypes';
import { cut, shown, visible } from '../shared/text';
import { nameElement, sentence } from '../shared/values';
import { comparisonChart, isTime, pointText } from './charts/comparison';
import { changeText } from './charts/categories';
import { hasOwnLevels, levelsFor, methodOf, valueOf } from './judge';
import { decisionSentence } from './decision';
import { metricsTable } from './metricsTable';
import { measureName } from './measures';
import { propertyWord } from './properties';
import type { Actions, PageState } from './state';
import { statusMark } from './statusMark';
import { ThresholdEditor } from './thresholdEditor';
import type { Tried } from './thresholds';
import { windowsOf } from './windows';

/** Stays while its column is shown, so that a slider in it is not taken from under the hand. */
export class ColumnDetail {
  readonly element: HTMLElement;
  private readonly parts: Parts;
  private editor: { readonly editor: ThresholdEditor; readonly measure: DriftMeasure } | undefined;

  constructor(
    private readonly name: string,
    private readonly tried: Tried,
  ) {
    this.element = element('article', { class: 'detail', 'aria-label': cut(visible(name), 80), tabindex: '-1' });
    this.parts = new Parts(this.element);
  }

  /** @param column as it is judged with the thresholds of the moment */
  show(state: PageState, drift: Drift, column: DriftColumn, actions: Actions): void {
    const key = `detail/${column.name}`;
    const { editor } = this;
    const levels = editor && levelsFor(drift, state.edits, editor.measure, this.name);
    if (editor !== undefined && levels !== undefined) editor.editor.show(levels);
    const parts: (Part | undefined)[] = [
      headPart(column, state, actions),
      findingsOf(column, drift, state, actions),
      chartPart(column, key),
      windowsOf(drift, column, state.edits, key),
      ...(column.properties ?? []).map((property) => propertyPart(column, property, drift, state, key)),
      this.thresholdPart(column, drift, key),
      metricsPart(column, drift, state, key),
      summaryPart(column),
      embeddingPart(column),
      variantsPart(column),
    ];
    this.parts.show(parts.filter((part) => part !== undefined));
  }

  private thresholdPart(column: DriftColumn, drift: Drift, key: string): Part | undefined {
    const measure = methodOf(column) ?? column.decidedBy;
    const levels = measure && levelsFor(drift, this.tried.now(), measure, this.name);
    if (measure === undefined || levels === undefined || !hasOwnLevels(measure)) return undefined;
    return {
      name: 'thresholds',
      says: [drift.generatedAt, measure],
      draw: () => {
        const editor = new ThresholdEditor({
          measure,
          levels,
          ...standing(column, measure),
          key: `${key}/thresholds`,
          onChange: (changed) => {
            const edits = this.tried.now();
            this.tried.change({
              ...edits,
              columns: { ...edits.columns, [this.name]: { method: measure, thresholds: changed } },
            });
          },
        });
        this.editor = { editor, measure };
        return section(l10n.t('Thresholds of this column, {0}', measureName(measure)), [editor.element]);
      },
    };
  }
}

/** Where the figure stands that is held against the levels: of the values, else of the property that decided. */
function standing(column: DriftColumn, measure: DriftMeasure): { readonly value?: number | null } {
  const property = column.properties?.find(({ name }) => name === column.decidingProperty);
  const value = valueOf(property ?? column, measure);
  return value === undefined ? {} : { value };
}

function section(title: string, content: readonly Child[]): HTMLElement {
  return element('section', { class: 'figure-list wide' }, [element('h4', {}, [title]), ...content]);
}

function headPart(column: DriftColumn, { offers }: PageState, actions: Actions): Part {
  const { name, semantic, type, baselineType, status, because, notes = [], muted, importance } = column;
  const decision = baselineType === undefined ? decisionSentence(column) : `${baselineType} → ${type}`;
  const kind = [
    ...new Set([typeWord(semantic), type]),
    ...(muted === true ? [l10n.t('muted')] : []),
    ...(importance === undefined || importance === 1 ? [] : [l10n.t('importance {0}', figure(importance))]),
  ].join(' · ');
  return {
    name: 'head',
    says: [status, decision, because, notes, kind, offers.config],
    draw: () =>
      element('div', { class: 'head' }, [
        element('h3', {}, [icon(typeIcons[semantic]), nameElement(name, 120)]),
        element('p', { class: 'dim kind' }, [
          kind,
          ...(offers.config
            ? [
                ' · ',
                link(l10n.t('Open in YAML'), 'detail/config', () => actions.send({ type: 'openConfig', column: name })),
              ]
            : []),
        ]),
        element('p', { class: 'decision' }, [
          statusMark(status),
          element('span', {}, [
            element('bdi', {}, [decision]),
            because === undefined ? undefined : element('span', { class: 'dim' }, [` · ${because}`]),
          ]),
        ]),
        ...notes.map((note) => element('p', { class: 'dim note' }, sentence(note))),
      ]),
  };
}

function findingsOf(
  { name }: DriftColumn,
  { findings }: Drift,
  { offers }: PageState,
  actions: Actions,
): Part | undefined {
  // That it drifted, and by how much, stands above.
  const above = ['drift-column', 'drift-missing-share'];
  const own = findings.filter(({ code, column }) => column === name && !above.includes(code));
  if (own.length === 0) return undefined;
  const openConfig = offers.config
    ? (path?: (string | number)[]): void => actions.send({ type: 'openConfig', ...(path !== undefined && { path }) })
    : undefined;
  return {
    name: 'findings',
    says: [own, offers.config],
    draw: () =>
      element(
        'ul',
        { class: 'findings' },
        own.map((finding, at) => findingItem(finding, `detail/${at}`, { openConfig, select: undefined })),
      ),
  };
}

function chartPart(column: DriftColumn, key: string): Part | undefined {
  const chart = comparisonChart(column, column.name, column.type);
  if (chart === undefined) return undefined;
  return {
    name: 'chart',
    says: [column.bins, column.density, column.summary],
    draw: () =>
      element('div', { class: 'charts' }, [chartFigure(chart, { key: `${key}/values`, showRows: undefined })]),
  };
}

function metricsPart(column: DriftColumn, drift: Drift, { edits }: PageState, key: string): Part | undefined {
  const table = metricsTable(column, key, levelsIn(column, methodOf(column), drift, edits));
  if (table === undefined) return undefined;
  return {
    name: 'metrics',
    says: [column.metrics, column.decidedBy, column.missing, edits],
    draw: () => section(l10n.t('Measures'), [table]),
  };
}

/** A column's own levels are those of the measure that decides about it. */
function levelsIn({ name }: DriftColumn, method: DriftMeasure | undefined, drift: Drift, edits: ThresholdEdits) {
  return (measure: DriftMeasure) => levelsFor(drift, edits, measure, measure === method ? name : undefined);
}

/** The figures of both sides beside each other. */
function summaryPart({
  summary,
  missing,
  type,
  unseenWords,
}: DriftColumn | (DriftProperty & { type?: never; missing?: never; unseenWords?: never })): Part | undefined {
  const times = isTime(type);
  const line = (label: string, before: number | null, now: number | null): Child[] => {
    const change = before === null || now === null ? null : now - before;
    return [
      element('th', { scope: 'row' }, [label]),
      element('td', { class: 'numeric', title: full(before) }, [pointText(before, times)]),
      element('td', { class: 'numeric', title: full(now) }, [pointText(now, times)]),
      element('td', { class: 'numeric' }, [
        times || change === null ? '' : `${change > 0 ? '+' : ''}${figure(change)}`,
      ]),
    ];
  };
  const { baseline, current } = summary ?? {};
  const rows: Child[][] = [
    ...(missing === undefined
      ? []
      : [
          [
            element('th', { scope: 'row' }, [l10n.t('missing')]),
            element('td', { class: 'numeric' }, [share(missing.baseline)]),
            element('td', { class: 'numeric' }, [share(missing.current)]),
            element('td', { class: 'numeric' }, [changeText(missing.current - missing.baseline)]),
          ],
        ]),
    ...(baseline === undefined || current === undefined
      ? []
      : [
          line(l10n.t('mean'), baseline.mean, current.mean),
          ...(times ? [] : [line(l10n.t('standard deviation'), baseline.stddev, current.stddev)]),
          line(l10n.t('minimum'), baseline.min, current.min),
          line(l10n.t('median'), baseline.median, current.median),
          line(l10n.t('maximum'), baseline.max, current.max),
        ]),
    ...(unseenWords === undefined || unseenWords === null
      ? []
      : [
          [
            element('th', { scope: 'row' }, [l10n.t('words not in the baseline')]),
            element('td', { class: 'numeric' }, ['']),
            element('td', { class: 'numeric' }, [share(unseenWords)]),
            element('td', { class: 'numeric' }, ['']),
          ],
        ]),
  ];
  if (rows.length === 0) return undefined;
  const head = ['', l10n.t('Baseline'), l10n.t('Current'), l10n.t('Change')];
  return {
    name: 'summary',
    says: [summary, missing, unseenWords],
    draw: () =>
      section(l10n.t('Both sides'), [
        element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': l10n.t('Both sides') }, [
          element('table', { 'aria-label': l10n.t('Both sides') }, [
            element('thead', {}, [
              element(
                'tr',
                {},
                head.map((text) =>
                  text === '' ? element('td') : element('th', { scope: 'col', class: 'numeric' }, [text]),
                ),
              ),
            ]),
            element(
              'tbody',
              {},
              rows.map((cells) => element('tr', {}, cells)),
            ),
          ]),
        ]),
      ]),
  };
}

/** Something about the values, such as their length: open where it decided. */
function propertyPart(
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

function embeddingPart({ embedding }: DriftColumn): Part | undefined {
  if (embedding === undefined) return undefined;
  const { dimension, meanShift, psi } = embedding;
  const facts: readonly (readonly [string, string])[] = [
    [l10n.t('dimensions'), count(dimension)],
    [l10n.t('cosine distance of the means'), figure(meanShift)],
    [l10n.t('dimensions that drifted'), psi.share === null ? '–' : share(psi.share)],
    [l10n.t('mean PSI of the dimensions'), figure(psi.mean)],
    [
      psi.maxDimension === undefined
        ? l10n.t('largest PSI')
        : l10n.t('largest PSI, of dimension {0}', count(psi.maxDimension)),
      figure(psi.max),
    ],
  ];
  return {
    name: 'embedding',
    says: embedding,
    draw: () =>
      section(l10n.t('Vectors'), [
        element(
          'dl',
          {},
          facts.map(([label, value]) => element('div', {}, [element('dt', {}, [label]), element('dd', {}, [value])])),
        ),
      ]),
  };
}

/** Categories that are the same to a person. */
function variantsPart({ variants = [] }: DriftColumn): Part | undefined {
  if (variants.length === 0) return undefined;
  const ways = { case: l10n.t('upper and lower case'), blanks: l10n.t('blanks'), unicode: l10n.t('Unicode form') };
  return {
    name: 'variants',
    says: variants,
    draw: () =>
      section(l10n.t('The same, written differently'), [
        element(
          'div',
          { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': l10n.t('The same, written differently') },
          [
            element('table', { 'aria-label': l10n.t('The same, written differently') }, [
              element('thead', {}, [
                element(
                  'tr',
                  {},
                  [l10n.t('Baseline'), l10n.t('Current'), l10n.t('Differ by')].map((text) =>
                    element('th', { scope: 'col' }, [text]),
                  ),
                ),
              ]),
              element(
                'tbody',
                {},
                variants
                  .slice(0, 50)
                  .map(({ baseline, current, by }) =>
                    element('tr', {}, [
                      element('td', {}, [element('bdi', {}, [shown(baseline)])]),
                      element('td', {}, [element('bdi', {}, [shown(current)])]),
                      element('td', {}, [ways[by]]),
                    ]),
                  ),
              ),
            ]),
          ],
        ),
      ]),
  };
}
