/** What stands out, worst first, each with what to do about it. */
import * as l10n from '@vscode/l10n';
import type { Finding } from '../../src/protocol';
import { element, icon, link } from '../shared/dom';
import { count } from '../shared/format';
import type { Part } from '../shared/parts';
import { cut, visible } from '../shared/text';
import type { Actions, PageState } from './state';
import { severityIcons, severityWord } from '../shared/severity';
import { sentence, valueElement } from '../shared/values';

/** More than these at first would push everything else from the screen. */
const FIRST = 4;
/** And more than these are found faster in the list of columns. */
const MOST = 200;

export function alertsPart({ profile, offers }: PageState, actions: Actions): Part | undefined {
  const alerts = profile?.alerts ?? [];
  if (profile === undefined || profile.columns.length === 0) return undefined;
  return {
    name: 'alerts',
    says: { alerts, offers },
    draw: () =>
      element('section', { id: 'alerts', 'aria-labelledby': 'alerts-title' }, [
        element('h2', { id: 'alerts-title' }, [l10n.t('Alerts')]),
        ...(alerts.length === 0
          ? [element('p', { class: 'dim' }, [l10n.t('Nothing stood out.')])]
          : list(alerts, offers.config, actions)),
      ]),
  };
}

function list(alerts: readonly Finding[], config: boolean, actions: Actions): HTMLElement[] {
  const shown = element(
    'ul',
    { class: 'findings' },
    alerts.slice(0, FIRST).map((each, at) => alert(each, at, config, actions)),
  );
  if (alerts.length <= FIRST) return [shown];
  const more = link(l10n.t('Show all {0}', count(alerts.length)), 'alerts/more', () => {
    const rest = alerts.slice(FIRST, MOST).map((each, at) => alert(each, FIRST + at, config, actions));
    shown.append(...rest);
    rest[0]?.querySelector<HTMLElement>('button')?.focus();
    more.replaceWith(
      alerts.length > MOST
        ? element('p', { class: 'dim' }, [
            l10n.t('The other {0} stand with their columns.', count(alerts.length - MOST)),
          ])
        : '',
    );
  });
  more.classList.add('more');
  return [shown, more];
}

/** One alert; `at` is its place, which tells its links from those of the others. */
export function alert(
  finding: Finding,
  at: number,
  config: boolean,
  { send, select }: Actions,
  inDetail = false,
): HTMLElement {
  const { severity, code, message, suggestion, column, configPath, samples = [] } = finding;
  const key = `${inDetail ? 'detail' : 'alert'}/${at}`;
  const open = config
    ? link(
        code,
        `${key}/code`,
        () => send({ type: 'openConfig', ...(configPath !== undefined && { path: configPath }) }),
        l10n.t('Open the line in the configuration'),
      )
    : element('span', { class: 'dim' }, [code]);
  return element('li', { class: severity }, [
    element('span', { class: 'severity' }, [icon(severityIcons[severity]), severityWord(severity)]),
    element('div', { class: 'body' }, [
      element('p', {}, [
        ...(column === undefined || inDetail
          ? []
          : [link(cut(visible(column), 60), `${key}/column`, () => select(column), l10n.t('Show the column')), ' · ']),
        ...sentence(message),
        ' ',
        open,
      ]),
      suggestion === undefined ? undefined : element('p', { class: 'dim' }, sentence(suggestion)),
      samples.length === 0
        ? undefined
        : element('p', { class: 'samples' }, [
            element('span', { class: 'dim' }, [l10n.t('For example:')]),
            ...samples.slice(0, 5).map((sample) => element('code', {}, [valueElement(sample, 40)])),
          ]),
    ]),
  ]);
}
