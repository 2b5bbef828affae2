/** One finding in a list: how bad, what, where, and what to do about it. */
import * as l10n from '@vscode/l10n';
import type { ConfigPath, Finding } from '../../src/protocol';
import { element, icon, link } from './dom';
import { count } from './format';
import type { Part } from './parts';
import { severityIcons, severityWord } from './severity';
import { cut, visible } from './text';
import { sentence, valueElement } from './values';

/** More than these at first would push everything else from the screen. */
const FIRST = 4;
/** And more than these are found faster in the list of columns. */
const MOST = 200;

export interface FindingWays {
  /** Opens the line in the configuration; absent where there is none. */
  readonly openConfig: ((path?: ConfigPath) => void) | undefined;
  /** Shows the column it is about; absent where that is shown already. */
  readonly select: ((column: string) => void) | undefined;
}

/** @param key tells its links from those of the others */
export function findingItem(finding: Finding, key: string, { openConfig, select }: FindingWays): HTMLElement {
  const { severity, code, message, suggestion, column, configPath, samples = [] } = finding;
  const open =
    openConfig === undefined
      ? element('span', { class: 'dim' }, [code])
      : link(code, `${key}/code`, () => openConfig(configPath), l10n.t('Open the line in the configuration'));
  return element('li', { class: severity }, [
    element('span', { class: 'severity' }, [icon(severityIcons[severity]), severityWord(severity)]),
    element('div', { class: 'body' }, [
      element('p', {}, [
        ...(column === undefined || select === undefined
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

export interface FindingList {
  readonly title: string;
  readonly findings: readonly Finding[];
  /** Said where there are none. */
  readonly none: string;
  readonly ways: FindingWays;
}

/** Worst first; the first few, and the others when asked. */
export function findingsPart({ title, findings, none, ways }: FindingList): Part {
  return {
    name: 'alerts',
    says: { findings, config: ways.openConfig !== undefined },
    draw: () =>
      element('section', { id: 'alerts', 'aria-labelledby': 'alerts-title' }, [
        element('h2', { id: 'alerts-title' }, [title]),
        ...(findings.length === 0 ? [element('p', { class: 'dim' }, [none])] : list(findings, ways)),
      ]),
  };
}

function list(findings: readonly Finding[], ways: FindingWays): HTMLElement[] {
  const item = (finding: Finding, at: number): HTMLElement => findingItem(finding, `alert/${at}`, ways);
  const shown = element('ul', { class: 'findings' }, findings.slice(0, FIRST).map(item));
  if (findings.length <= FIRST) return [shown];
  const more = link(l10n.t('Show all {0}', count(findings.length)), 'alerts/more', () => {
    const rest = findings.slice(FIRST, MOST).map((each, at) => item(each, FIRST + at));
    shown.append(...rest);
    rest[0]?.querySelector<HTMLElement>('button')?.focus();
    more.replaceWith(
      findings.length > MOST
        ? element('p', { class: 'dim' }, [
            l10n.t('The other {0} stand with their columns.', count(findings.length - MOST)),
          ])
        : '',
    );
  });
  more.classList.add('more');
  return [shown, more];
}
