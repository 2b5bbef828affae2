/** Thresholds that are tried out: of all measures that decide about columns, and what comes of them. */
import * as l10n from '@vscode/l10n';
import type { Drift, DriftMeasure, ThresholdEdits } from '../../src/protocol';
import { element, icon } from '../shared/dom';
import { count, share } from '../shared/format';
import type { Part } from '../shared/parts';
import { button } from '../shared/toolkit';
import { isEdited, levelsFor, noEdits } from './judge';
import { measureMeaning, measureName } from './measures';
import type { Actions, PageState } from './state';
import { ThresholdEditor } from './thresholdEditor';

/** What the thresholds as they are on the page come to, to be kept or forgotten. */
export function editsPart(
  { edits, offers, drift, activity }: PageState,
  now: Drift,
  actions: Actions,
): Part | undefined {
  if (drift === undefined || !isEdited(edits)) return undefined;
  const text =
    now.summary.drifted === drift.summary.drifted
      ? l10n.t('With these thresholds still {0} columns drift.', count(now.summary.drifted))
      : l10n.t(
          'With these thresholds {0} columns drift instead of {1}.',
          count(now.summary.drifted),
          count(drift.summary.drifted),
        );
  const working = activity.state === 'working';
  return {
    name: 'edits',
    says: { text, config: offers.config, working, edits: offers.config && edits },
    draw: () =>
      element('div', { class: 'notice edits', role: 'status' }, [
        icon('settings'),
        element('span', { class: 'text' }, [text]),
        offers.config
          ? button({
              text: l10n.t('Save to YAML'),
              icon: 'save',
              primary: true,
              disabled: working,
              onClick: () => actions.send({ type: 'saveThresholds', edits }),
            })
          : undefined,
        button({ text: l10n.t('Reset'), icon: 'discard', onClick: () => actions.edit(noEdits) }),
      ]),
  };
}

/** What the editors of thresholds read and change. */
export interface Tried {
  now(): ThresholdEdits;
  change(edits: ThresholdEdits): void;
}

/** Of everything that is measured, and the share from which on the dataset drifts. Its controls stay while they are used. */
export class Thresholds {
  private editors = new Map<DriftMeasure, ThresholdEditor>();
  private limit: { show(limit: number): void } | undefined;

  constructor(private readonly tried: Tried) {}

  part(drift: Drift): Part {
    const measures = measuresOf(drift);
    const limit = (): number => this.tried.now().share ?? drift.summary.limit;
    for (const [measure, editor] of this.editors) {
      const levels = levelsFor(drift, this.tried.now(), measure);
      if (levels !== undefined) editor.show(levels);
    }
    this.limit?.show(limit());
    return {
      name: 'thresholds',
      says: [drift.generatedAt, measures],
      draw: () => {
        this.editors = new Map();
        return element('section', { id: 'thresholds', 'aria-labelledby': 'thresholds-title' }, [
          element('h2', { id: 'thresholds-title' }, [l10n.t('Thresholds')]),
          element('p', { class: 'dim' }, [
            l10n.t(
              'For all columns that have none of their own. Statuses follow at once; nothing is written until you save.',
            ),
          ]),
          element('div', { class: 'editors' }, [
            ...measures.map((measure) => this.editorOf(drift, measure)),
            this.limitOf(limit()),
          ]),
        ]);
      },
    };
  }

  private editorOf(drift: Drift, measure: DriftMeasure): HTMLElement | undefined {
    const levels = levelsFor(drift, this.tried.now(), measure);
    if (levels === undefined) return undefined;
    const editor = new ThresholdEditor({
      measure,
      levels,
      key: `thresholds/${measure}`,
      onChange: (changed) => {
        const edits = this.tried.now();
        this.tried.change({ ...edits, measures: { ...edits.measures, [measure]: changed } });
      },
    });
    this.editors.set(measure, editor);
    return element('div', { class: 'editor', role: 'group', 'aria-label': measureName(measure) }, [
      element('h3', { title: measureMeaning(measure) }, [measureName(measure)]),
      editor.element,
    ]);
  }

  private limitOf(first: number): HTMLElement {
    const said = element('span', { class: 'said-limit' });
    const slider = element('input', {
      type: 'range',
      min: '0',
      max: '100',
      step: '1',
      'aria-label': l10n.t('Share of columns from which on the dataset drifts, in percent'),
      'data-key': 'thresholds/share',
    }) as HTMLInputElement;
    const show = (limit: number): void => {
      slider.value = `${limit * 100}`;
      said.textContent = l10n.t('The dataset drifts when {0} of its columns do.', share(limit));
    };
    slider.addEventListener('input', () =>
      this.tried.change({ ...this.tried.now(), share: Number(slider.value) / 100 }),
    );
    show(first);
    this.limit = { show };
    return element('div', { class: 'editor', role: 'group', 'aria-label': l10n.t('Dataset') }, [
      element('h3', {}, [l10n.t('Dataset')]),
      element('div', { class: 'bound share' }, [slider, said]),
    ]);
  }
}

/** What decides about columns now, and missing values, which always do. */
function measuresOf({ columns }: Drift): DriftMeasure[] {
  const deciding = columns.flatMap(({ method, decidedBy, properties = [] }) => [
    method ?? decidedBy,
    ...properties.map((property) => property.method ?? property.decidedBy),
  ]);
  return [...new Set([...deciding.filter((each) => each !== undefined), 'missing' as const])];
}
