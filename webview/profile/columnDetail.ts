/** One column in full: its alerts, its charts, every figure, and how it differs between splits. */
import * as l10n from '@vscode/l10n';
import type { Profile, ProfileColumn } from '../../src/protocol';
import { element, icon, link } from '../shared/dom';
import type { Child } from '../shared/dom';
import { coefficient, count, duration, time } from '../shared/format';
import { cut, visible } from '../shared/text';
import { waysOf } from './alerts';
import { findingItem } from '../shared/findingItem';
import { chartFigure } from '../shared/charts/chartFigure';
import { columnCharts } from './charts/column';
import type { ColumnChart, Scales } from './charts/column';
import { allFigures } from './figures';
import type { Figure } from './figures';
import { splitComparison } from './splits';
import { isSampled } from './state';
import type { Actions, PageState } from './state';
import { typeIcons, typeWord } from '../shared/semanticTypes';
import { methodWord } from './types';
import { mark, nameElement } from '../shared/values';

/** More partners than these are found in the matrix. */
const MAX_PARTNERS = 5;

export function columnDetail(state: PageState, column: ProfileColumn, actions: Actions): HTMLElement {
  const { profile, offers } = state;
  const rows = profile?.sample !== undefined && isSampled(state, column) ? profile.sample.rows : (profile?.rows ?? 0);
  const key = `detail/${column.name}`;
  return element('article', { class: 'detail', 'aria-label': cut(visible(column.name), 80), tabindex: '-1' }, [
    element('h3', {}, [icon(typeIcons[column.semantic]), nameElement(column.name, 120)]),
    element('p', { class: 'dim kind' }, [
      ...(isSampled(state, column) ? [mark('sample'), ' '] : []),
      element('span', { title: l10n.t('Stored as {0}', cut(column.physicalType, 500)) }, [kindOf(column)]),
      offers.config ? ' · ' : '',
      offers.config ? configLink(column, actions) : undefined,
    ]),
    column.alerts.length === 0
      ? undefined
      : element(
          'ul',
          { class: 'findings' },
          column.alerts.map((each, at) => findingItem(each, `detail/${at}`, waysOf(offers.config, actions))),
        ),
    element(
      'div',
      { class: 'charts' },
      columnCharts(column, rows).map((each) => chart(each, key, actions)),
    ),
    ...(profile === undefined ? [] : splitComparison(profile, column)),
    element('div', { class: 'figures' }, figureLists(column, rows)),
    ...lists(column),
    ...(profile === undefined ? [] : partners(profile, column, actions)),
  ]);
}

/** What it means, how it is read, what it is for. */
function kindOf({ semantic, type, role }: ProfileColumn): string {
  const words = new Set([typeWord(semantic), type]);
  return [...words, ...(role === undefined ? [] : [l10n.t('role {0}', role)])].join(' · ');
}

function configLink({ name }: ProfileColumn, { send }: Actions): HTMLElement {
  return link(l10n.t('Open in YAML'), 'detail/config', () => send({ type: 'openConfig', column: name }));
}

/** A chart whose scales can be switched is drawn again in its place. */
function chart(
  { key, chart: drawn, scales, rescale }: ColumnChart,
  prefix: string,
  { showRows }: Actions,
): HTMLElement {
  let now: Scales = { logarithmic: false, logarithmicCounts: false };
  let figure: HTMLElement;
  const draw = (shown: typeof drawn): HTMLElement =>
    chartFigure(shown, { key: `${prefix}/${key}`, tools: tools(), showRows });
  const change = (next: Scales, focus: string): void => {
    now = next;
    const fresh = draw(rescale === undefined ? drawn : rescale(now));
    figure.replaceWith(fresh);
    figure = fresh;
    figure.querySelector<HTMLElement>(`[data-key="${CSS.escape(focus)}"]`)?.focus();
  };
  const tools = (): Child[] => [
    scales?.logarithmic === true
      ? toggle('logarithmic', l10n.t('log x'), l10n.t('Logarithmic axis of values'))
      : undefined,
    scales?.logarithmicCounts === true
      ? toggle('logarithmicCounts', l10n.t('log y'), l10n.t('Logarithmic axis of rows'))
      : undefined,
  ];
  const toggle = (which: keyof Scales, text: string, title: string): HTMLElement => {
    const focus = `${prefix}/${key}/${which}`;
    const made = element(
      'button',
      { type: 'button', class: 'chip', 'aria-pressed': `${now[which]}`, title, 'data-key': focus },
      [text],
    );
    made.addEventListener('click', () => change({ ...now, [which]: !now[which] }, focus));
    return made;
  };
  figure = draw(drawn);
  return figure;
}

function figureLists(column: ProfileColumn, rows: number): HTMLElement[] {
  return allFigures(column, rows).map(({ title, figures }) =>
    element('section', { class: 'figure-list' }, [
      element('h4', {}, [title]),
      element(
        'dl',
        {},
        figures.map((each) => figureElement(column, each)),
      ),
    ]),
  );
}

function figureElement(
  { approximate = [], distinctExact }: ProfileColumn,
  { label, value, title, key }: Figure,
): HTMLElement {
  const estimate = key !== undefined && (approximate.includes(key) || (key === 'distinct' && !distinctExact));
  return element('div', {}, [
    element('dt', {}, [label]),
    element('dd', { title }, [estimate ? mark('estimate') : undefined, element('bdi', {}, [value])]),
  ]);
}

/** What is neither a figure nor a chart: the longest gaps, the fields of a struct. */
function lists({ temporal, struct }: ProfileColumn): HTMLElement[] {
  const gaps = temporal?.gaps?.longest ?? [];
  const fields = struct?.fields ?? [];
  return [
    ...(gaps.length === 0
      ? []
      : [
          plainTable(
            l10n.t('Longest gaps'),
            [l10n.t('From'), l10n.t('To'), l10n.t('Length')],
            gaps.slice(0, 10).map(({ from, to, seconds }) => [time(from), time(to), duration(seconds)]),
          ),
        ]),
    ...(fields.length === 0
      ? []
      : [
          plainTable(
            l10n.t('Fields'),
            [l10n.t('Name'), l10n.t('Type'), l10n.t('Missing')],
            fields.slice(0, 200).map(({ name, type, nulls }) => [cut(visible(name), 80), cut(type, 80), count(nulls)]),
          ),
        ]),
  ];
}

export function plainTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): HTMLElement {
  const cell = (text: string, at: number): HTMLElement =>
    element('td', { class: at === head.length - 1 ? 'numeric' : undefined }, [element('bdi', {}, [text])]);
  return element('section', { class: 'figure-list wide' }, [
    element('h4', {}, [title]),
    element('div', { class: 'scroll', tabindex: '0', role: 'group', 'aria-label': title }, [
      element('table', { 'aria-label': title }, [
        element('thead', {}, [
          element(
            'tr',
            {},
            head.map((text, at) =>
              element('th', { scope: 'col', class: at === head.length - 1 ? 'numeric' : undefined }, [text]),
            ),
          ),
        ]),
        element(
          'tbody',
          {},
          rows.map((cells) => element('tr', {}, cells.map(cell))),
        ),
      ]),
    ]),
  ]);
}

/** The columns it goes together with most, whatever the measure. */
function partners({ correlations }: Profile, { name }: ProfileColumn, { select }: Actions): HTMLElement[] {
  const found = correlations
    .filter(({ method }) => method !== 'missing')
    .flatMap(({ method, pairs }) =>
      pairs
        .filter(({ a, b }) => a === name || b === name)
        .slice(0, MAX_PARTNERS)
        .map(({ a, b, value }) => ({ other: a === name ? b : a, method, value })),
    )
    .sort((a, b) => Math.abs(b.value) - Math.abs(a.value))
    .filter(({ other }, at, all) => all.findIndex((each) => each.other === other) === at)
    .slice(0, MAX_PARTNERS);
  if (found.length === 0) return [];
  return [
    element('section', { class: 'figure-list' }, [
      element('h4', {}, [l10n.t('Goes together with')]),
      element(
        'dl',
        {},
        found.map(({ other, method, value }) =>
          element('div', {}, [
            element('dt', {}, [link(cut(visible(other), 40), `partner/${other}`, () => select(other))]),
            element('dd', { title: methodWord(method) }, [coefficient(value)]),
          ]),
        ),
      ),
    ]),
  ];
}
