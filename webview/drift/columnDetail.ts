/** One column in full: what decided, both sides over each other, every measure, and what is known of its values besides. */
import * as l10n from '@vscode/l10n';
import type { Drift, DriftColumn, DriftMeasure } from '../../src/protocol';
import { chartFigure } from '../shared/charts/chartFigure';
import { element, icon, link } from '../shared/dom';
import { findingItem } from '../shared/findingItem';
import { figure } from '../shared/format';
import { Parts } from '../shared/parts';
import type { Part } from '../shared/parts';
import { typeIcons, typeWord } from '../shared/semanticTypes';
import { cut, visible } from '../shared/text';
import { nameElement, sentence } from '../shared/values';
import { summaryPart } from './bothSides';
import { comparisonChart } from './charts/comparison';
import { metricsPart, propertyPart } from './columnMeasures';
import { decisionSentence } from './decision';
import { embeddingPart } from './embedding';
import { hasOwnLevels, levelsFor, methodOf, valueOf } from './judge';
import { measureName } from './measures';
import { section } from './section';
import type { Actions, PageState } from './state';
import { statusMark } from './statusMark';
import { ThresholdEditor } from './thresholdEditor';
import type { Tried } from './thresholds';
import { variantsPart } from './variants';
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
