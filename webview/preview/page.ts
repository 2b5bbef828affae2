/** The page from top to bottom: verdict, steps, findings, columns before and after, rows before and after. */
import * as l10n from '@vscode/l10n';
import type { FromPreviewPage, Preview, PreviewActivity, PreviewPanelState, PreviewStep } from '../../src/protocol';
import { element, icon, prose, section } from '../shared/dom';
import type { Child } from '../shared/dom';
import { count } from '../shared/format';
import type { Part } from '../shared/parts';
import { visible } from '../shared/text';
import { button } from '../shared/toolkit';
import { columnsSection } from './columns';
import { findingList } from './findings';
import { rowsSection, type ShownRows } from './rows';
import { stepList } from './steps';

export interface PageState {
  readonly activity: PreviewActivity;
  readonly panel?: PreviewPanelState;
  readonly preview?: Preview;
  /** All of the dataset, whichever are shown. */
  readonly steps?: readonly PreviewStep[];
  /** Which rows of the preview. */
  readonly show: ShownRows;
}

export interface Actions {
  readonly send: (message: FromPreviewPage) => void;
  readonly show: (rows: ShownRows) => void;
}

export function pageParts(state: PageState, actions: Actions): Part[] {
  const { activity, panel, preview, steps = [], show } = state;
  const { send } = actions;
  // Of what the page shows, which may be other than what was asked for last.
  const shown = preview && {
    dataset: preview.dataset,
    sample: preview.sample,
    changes: preview.changes,
    steps: preview.steps,
  };
  const parts: (Part | false | undefined)[] = [
    panel && {
      name: 'header',
      says: { panel, shown, busy: activity.state === 'working' },
      draw: () => header(panel, preview, activity, send),
    },
    activity.state !== 'done' && {
      name: 'activity',
      says: { activity, first: preview === undefined },
      draw: () => activityNote(activity, preview === undefined, send),
    },
    preview === undefined && activity.state === 'working' && { name: 'skeleton', says: null, draw: skeleton },
  ];
  if (preview !== undefined && steps.length === 0) {
    parts.push({ name: 'none', says: null, draw: noSteps });
  } else if (preview !== undefined) {
    parts.push(
      {
        name: 'steps',
        says: { steps, step: panel?.step },
        draw: () => section(l10n.t('Steps'), [stepList(steps, panel?.step, send)]),
      },
      preview.findings.length > 0 && {
        name: 'findings',
        says: preview.findings,
        draw: () => section(l10n.t('Findings'), [findingList(preview.findings, activity.state !== 'failed', send)]),
      },
      {
        name: 'columns',
        says: [preview.before, preview.after],
        draw: () => section(l10n.t('Columns before and after'), columnsSection(preview)),
      },
      {
        name: 'rows',
        says: [preview.rows, preview.changes, show],
        draw: () => section(l10n.t('Rows before and after'), rowsSection(preview, show, actions.show)),
      },
    );
  }
  return parts.filter((part) => part !== false && part !== undefined);
}

function header(
  { dataset, step }: PreviewPanelState,
  preview: Preview | undefined,
  activity: PreviewActivity,
  send: Actions['send'],
): HTMLElement {
  return element('header', {}, [
    element('h1', {}, [l10n.t('Transforms of {0}', visible(dataset))]),
    preview === undefined ? undefined : element('p', { class: 'verdict' }, [verdict(preview, step !== undefined)]),
    preview === undefined || preview.steps.length === 0
      ? undefined
      : element('p', { class: 'dim' }, sampleNote(preview)),
    element('div', { class: 'actions' }, [
      button({
        text: l10n.t('Refresh'),
        icon: 'refresh',
        disabled: activity.state === 'working',
        onClick: () => send({ type: 'refresh' }),
      }),
      button({ text: l10n.t('Open YAML'), icon: 'file-code', onClick: () => send({ type: 'openConfig' }) }),
    ]),
  ]);
}

/** What became of the rows and columns, in a sentence. */
function verdict({ steps, before, after, changes }: Preview, one: boolean): string {
  if (steps.length === 0) return l10n.t('{0} rows, and no step that changes them.', count(before.rows));
  const { changed, removed, added } = changes;
  const parts = [
    changed > 0 && l10n.t('{0} changed', count(changed)),
    removed > 0 && l10n.t('{0} removed', count(removed)),
    added > 0 && l10n.t('{0} added', count(added)),
  ].filter((part) => part !== false);
  const rows = parts.length === 0 ? l10n.t('none changed') : parts.join(', ');
  const [first] = steps;
  const what =
    one && first !== undefined
      ? l10n.t('Step {0}, {1}', count(first.step), first.transform)
      : steps.length === 1
        ? l10n.t('1 step')
        : l10n.t('{0} steps', count(steps.length));
  return l10n.t(
    '{0}: {1} rows become {2} ({3}), {4} columns become {5}.',
    what,
    count(before.rows),
    count(after.rows),
    rows,
    count(before.columns.length),
    count(after.columns.length),
  );
}

function sampleNote({ sample }: Preview): Child[] {
  if (sample.complete) return [l10n.t('All {0} rows of the dataset. Nothing is written.', count(sample.rows))];
  return [
    element('span', { class: 'mark' }, [l10n.t('sample')]),
    ' ',
    l10n.t(
      'The first {0} rows: every figure is of these only, also what steps learn. Nothing is written.',
      count(sample.rows),
    ),
  ];
}

function activityNote(activity: PreviewActivity, first: boolean, send: Actions['send']): HTMLElement {
  switch (activity.state) {
    case 'working':
    case 'done':
      return element('p', { class: 'working', role: 'status' }, [
        element('span', {}, [
          first ? l10n.t('Reading the first rows and trying the steps.') : l10n.t('Trying the steps.'),
        ]),
        button({ text: l10n.t('Cancel'), icon: 'close', onClick: () => send({ type: 'cancel' }) }),
      ]);
    case 'cancelled':
      return element('p', { class: 'notice', role: 'status' }, [
        icon('circle-slash'),
        first ? l10n.t('Cancelled.') : l10n.t('Cancelled. What is below is from before.'),
      ]);
    case 'failed':
      return failure(activity, first, send);
  }
}

function failure(
  { message, findings, inConfig }: Extract<PreviewActivity, { state: 'failed' }>,
  first: boolean,
  send: Actions['send'],
): HTMLElement {
  // The message of several findings repeats them.
  const said = findings.length === 1 && message.includes(findings[0]?.message ?? message);
  return element('div', { class: 'notice bad', role: 'alert' }, [
    element('p', {}, [icon('error'), ' ', ...prose(visible(message))]),
    findings.length === 0 || said ? undefined : findingList(findings, true, send),
    said && findings[0]?.suggestion !== undefined
      ? element('p', { class: 'dim' }, prose(visible(findings[0].suggestion)))
      : undefined,
    first ? undefined : element('p', { class: 'dim' }, [l10n.t('What is below is from before.')]),
    element('div', { class: 'actions' }, [
      inConfig
        ? button({
            text: l10n.t('Show in YAML'),
            icon: 'go-to-file',
            primary: true,
            onClick: () => send(findings.length > 0 ? { type: 'openFinding', finding: 0 } : { type: 'openConfig' }),
          })
        : undefined,
      button({ text: l10n.t('Show Output'), icon: 'output', onClick: () => send({ type: 'showLog' }) }),
    ]),
  ]);
}

function noSteps(): HTMLElement {
  return element('p', { class: 'empty' }, [
    ...prose(
      l10n.t(
        'This dataset has no transforms. Write steps under `transforms` in its configuration; saving it shows here what they do.',
      ),
    ),
  ]);
}

/** What is to come, in grey. */
function skeleton(): HTMLElement {
  const lines = (number: number) => Array.from({ length: number }, () => element('div', { class: 'bone' }));
  return element('div', { class: 'skeleton', 'aria-hidden': 'true' }, [
    element('section', {}, lines(3)),
    element('section', {}, lines(6)),
    element('section', {}, lines(10)),
  ]);
}
