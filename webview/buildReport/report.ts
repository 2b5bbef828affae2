/** The report from top to bottom: verdict, facts, findings, splits, steps, files. */
import type {
  BuildReportView,
  BuildReportWords,
  FindingView,
  FromBuildReport,
  ToBuildReport,
} from '../../src/protocol';
import { element, icon, link, prose, section } from '../shared/dom';
import type { Part } from '../shared/parts';
import { severityIcons } from '../shared/severity';
import { table } from '../shared/table';
import { button } from '../shared/toolkit';
import { drawSplits } from './splits';

type Send = (message: FromBuildReport) => void;

const outcomeIcons: Readonly<Record<BuildReportView['outcome'], string>> = {
  good: 'pass',
  attention: 'warning',
  bad: 'error',
  busy: 'loading',
};

/** The parts of the page from top to bottom. */
export function reportParts(view: BuildReportView, words: BuildReportWords, locale: string, send: Send): Part[] {
  const { dataset, outcome, outcomeWord, verdict, origin, notice, canBuild, hasManifest, splits } = view;
  return [
    {
      name: 'header',
      says: { dataset, outcome, outcomeWord, verdict, origin, canBuild, hasManifest },
      draw: () => header(view, words, send),
    },
    notice !== undefined && { name: 'notice', says: notice, draw: () => noticeOf(notice) },
    view.facts.length > 0 && { name: 'facts', says: view.facts, draw: () => facts(view) },
    { name: 'findings', says: view.findings, draw: () => findings(view, words, send) },
    splits !== undefined && {
      name: 'splits',
      says: splits,
      draw: () => section(words.splits, drawSplits(splits, words, locale)),
    },
    view.steps.length > 0 && { name: 'steps', says: view.steps, draw: () => section(words.steps, [steps(view)]) },
    view.artifacts.rows.length > 0 && {
      name: 'artifacts',
      says: view.artifacts,
      draw: () =>
        section(words.artifacts, [
          table(view.artifacts, words.artifacts, (artifact) => send({ type: 'revealArtifact', artifact })),
        ]),
    },
  ].filter((part) => part !== false);
}

/** What stands in the place of a report: why there is none, and the way on. */
export function missingParts(missing: Extract<ToBuildReport, { type: 'missing' }>, send: Send): Part[] {
  return [{ name: 'missing', says: missing, draw: () => drawMissing(missing, send) }];
}

function drawMissing(
  { dataset, message, build, openConfig }: Extract<ToBuildReport, { type: 'missing' }>,
  send: Send,
): HTMLElement {
  return element('header', { class: 'missing' }, [
    element('h1', {}, [dataset]),
    element('p', { class: 'verdict' }, [message]),
    element('div', { class: 'actions' }, [
      build === undefined
        ? undefined
        : button({ text: build, icon: 'play', primary: true, onClick: () => send({ type: 'build' }) }),
      button({ text: openConfig, icon: 'file-code', onClick: () => send({ type: 'openConfig' }) }),
    ]),
  ]);
}

function header(view: BuildReportView, words: BuildReportWords, send: Send): HTMLElement {
  return element('header', {}, [
    element('div', { class: 'title' }, [
      element('h1', {}, [view.dataset]),
      element('span', { class: `outcome ${view.outcome}` }, [icon(outcomeIcons[view.outcome]), view.outcomeWord]),
    ]),
    element('p', { class: 'verdict' }, prose(view.verdict)),
    view.origin === '' ? undefined : element('p', { class: 'dim' }, [view.origin]),
    element('div', { class: 'actions' }, [
      button({
        text: words.buildAgain,
        icon: 'play',
        primary: true,
        disabled: !view.canBuild,
        onClick: () => send({ type: 'build' }),
      }),
      button({
        text: words.openManifest,
        icon: 'file',
        disabled: !view.hasManifest,
        onClick: () => send({ type: 'openManifest' }),
      }),
      button({ text: words.openConfig, icon: 'file-code', onClick: () => send({ type: 'openConfig' }) }),
    ]),
  ]);
}

function noticeOf(text: string): HTMLElement {
  return element('p', { class: 'notice stale', role: 'status' }, [
    icon('history'),
    element('span', { class: 'text' }, [text]),
  ]);
}

function facts(view: BuildReportView): HTMLElement {
  return element(
    'dl',
    { class: 'facts' },
    view.facts.map(({ label, value, title }) =>
      element('div', {}, [element('dt', {}, [label]), element('dd', { title }, [value])]),
    ),
  );
}

function findings(view: BuildReportView, words: BuildReportWords, send: Send): HTMLElement {
  const list =
    view.findings.length === 0
      ? element('p', { class: 'dim' }, [words.noFindings])
      : element(
          'ul',
          { class: 'findings' },
          view.findings.map((each, index) => finding(each, index, words, send)),
        );
  return section(words.findings, [list]);
}

function finding(view: FindingView, index: number, words: BuildReportWords, send: Send): HTMLElement {
  const key = `${view.code}/${view.message}`;
  return element('li', { class: view.severity }, [
    element('span', { class: 'severity' }, [icon(severityIcons[view.severity]), view.severityWord]),
    element('div', { class: 'body' }, [
      element('p', {}, [
        ...prose(view.message),
        ' ',
        link(view.code, key, () => send({ type: 'openFinding', finding: index }), words.openInConfig),
      ]),
      view.suggestion === undefined ? undefined : element('p', { class: 'dim' }, prose(view.suggestion)),
      view.places.length === 0
        ? undefined
        : element(
            'ul',
            { class: 'places' },
            view.places.map(({ label, text }, place) =>
              element('li', {}, [
                link(label, `${key}/${place}/${label}`, () => send({ type: 'openPlace', finding: index, place })),
                text === undefined ? undefined : element('code', {}, [text]),
              ]),
            ),
          ),
    ]),
  ]);
}

function steps(view: BuildReportView): HTMLElement {
  return element(
    'ol',
    { class: 'steps' },
    view.steps.map(({ label, share, text }) => {
      const bar = element('span', { class: 'bar' });
      bar.style.width = `${Math.max(share * 100, 0.5)}%`;
      return element('li', {}, [
        element('span', {}, [label]),
        element('span', { class: 'track', 'aria-hidden': 'true' }, [bar]),
        element('span', { class: 'numeric' }, [text]),
      ]);
    }),
  );
}
