/** The checks that were made, and the gates they add up to. */
import * as l10n from '@vscode/l10n';
import type { CheckName, CheckResult, GateResult, Quality } from '../../src/protocol';
import { element, icon, link } from '../shared/dom';
import type { Child } from '../shared/dom';
import { count, share } from '../shared/format';
import type { Part } from '../shared/parts';
import { sentence } from '../shared/values';

type Status = CheckResult['status'];

const statusIcons: Readonly<Record<Status, string>> = {
  passed: 'pass',
  failed: 'error',
  skipped: 'circle-slash',
  error: 'bug',
};

function statusElement(status: Status): HTMLElement {
  const words: Readonly<Record<Status, string>> = {
    passed: l10n.t('Passed'),
    failed: l10n.t('Failed'),
    skipped: l10n.t('Skipped'),
    error: l10n.t('Not made'),
  };
  return element('span', { class: `status ${status}` }, [icon(statusIcons[status]), words[status]]);
}

/** @param open opens the check in the config; absent where there is none */
export function checksPart(
  { checks, findings }: Quality,
  id: string,
  open: ((check: CheckName) => void) | undefined,
  only: (check: CheckName) => void,
): Part {
  return {
    name: 'checks',
    says: [checks, open !== undefined],
    draw: () => {
      const number = (name: CheckName, value: number): Child =>
        value > 0 && findings.some(({ check }) => check === name)
          ? link(count(value), `check/${name}/findings`, () => only(name), l10n.t('Show the findings of this check'))
          : count(value);
      return titled(l10n.t('Checks'), `${id}-checks`, [
        checks.length === 0
          ? element('p', { class: 'dim' }, [l10n.t('There was nothing to check.')])
          : table(
              l10n.t('Checks'),
              [
                l10n.t('Result'),
                l10n.t('Check'),
                `>${l10n.t('Errors')}`,
                `>${l10n.t('Warnings')}`,
                `>${l10n.t('Time')}`,
                '',
              ],
              checks.map(({ name, status, errors, warnings, durationMs, reason }) => [
                statusElement(status),
                open === undefined
                  ? element('code', {}, [name])
                  : link(name, `check/${name}`, () => open(name), l10n.t('Open the line in the configuration')),
                number(name, errors),
                errors === 0 ? number(name, warnings) : count(warnings),
                timeText(durationMs),
                reason === undefined ? undefined : element('span', { class: 'reason dim' }, sentence(reason)),
              ]),
            ),
      ]);
    },
  };
}

export function gatesPart({ gates = [] }: Quality, id: string): Part | undefined {
  if (gates.length === 0) return undefined;
  return {
    name: 'gates',
    says: gates,
    draw: () =>
      titled(l10n.t('Gates'), `${id}-gates`, [
        table(
          l10n.t('Gates'),
          [l10n.t('Result'), l10n.t('Gate'), l10n.t('Asked for'), l10n.t('There is')],
          gates.map((gate) => [
            statusElement(gate.passed ? 'passed' : 'failed'),
            element('code', {}, [gate.name]),
            gate.name === 'coverage'
              ? l10n.t('at least {0}', share(gate.limit))
              : l10n.t('at most {0}', count(gate.limit)),
            actual(gate),
          ]),
        ),
      ]),
  };
}

/** Beside others of its kind, in as few letters as can be. */
function timeText(milliseconds: number): string {
  if (milliseconds < 1000) return l10n.t('{0} ms', count(Math.round(milliseconds)));
  return l10n.t('{0} s', count(Math.round(milliseconds / 100) / 10));
}

function actual({ name, value }: GateResult): string {
  return name === 'coverage' ? share(value) : count(value);
}

export function titled(title: string, id: string, content: readonly Child[]): HTMLElement {
  return element('section', { 'aria-labelledby': id }, [element('h2', { id }, [title]), ...content]);
}

/** @param heads with `>` in front where cells stand at the right */
function table(label: string, heads: readonly string[], rows: readonly (readonly Child[])[]): HTMLElement {
  const numeric = (at: number): string | undefined => (heads[at]?.startsWith('>') === true ? 'numeric' : undefined);
  const head = heads.map((text, at) =>
    text === '' ? element('td') : element('th', { scope: 'col', class: numeric(at) }, [text.replace(/^>/, '')]),
  );
  return element('div', { class: 'scroll' }, [
    element('table', { 'aria-label': label }, [
      element('thead', {}, [element('tr', {}, head)]),
      element(
        'tbody',
        {},
        rows.map((cells) =>
          element(
            'tr',
            {},
            cells.map((cell, at) => element('td', { class: numeric(at) }, [cell])),
          ),
        ),
      ),
    ]),
  ]);
}
