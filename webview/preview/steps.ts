/** The steps in their order, what each did, and which of them is shown. */
import * as l10n from '@vscode/l10n';
import type { FromPreviewPage, PreviewStep } from '../../src/protocol';
import { element, link } from '../shared/dom';
import { count } from '../shared/format';
import { cut, visible } from '../shared/text';

const LONGEST_PARAMETERS = 120;
/** Names that a step's line has room for. */
const NAMES = 6;

export function stepList(
  steps: readonly PreviewStep[],
  selected: number | undefined,
  send: (message: FromPreviewPage) => void,
): HTMLElement {
  return element('div', { class: 'steps', role: 'radiogroup', 'aria-label': l10n.t('Steps to show') }, [
    choice(l10n.t('All steps'), undefined, selected === undefined, () => send({ type: 'select' })),
    ...steps.map((step) =>
      choice(
        `${count(step.step)} ${step.transform}`,
        step,
        selected === step.step,
        () => send({ type: 'select', step: step.step }),
        link(
          l10n.t('Open YAML'),
          `step/${step.step}/open`,
          () => send({ type: 'openStep', step: step.step }),
          l10n.t('Step {0}, {1}', count(step.step), step.transform),
        ),
      ),
    ),
  ]);
}

function choice(
  label: string,
  step: PreviewStep | undefined,
  checked: boolean,
  onChoose: () => void,
  open?: HTMLElement,
): HTMLElement {
  const key = `step/${step?.step ?? 'all'}`;
  const input = element('input', { type: 'radio', name: 'step', id: key, 'data-key': key });
  if (input instanceof HTMLInputElement) input.checked = checked;
  input.addEventListener('change', onChoose);
  return element('div', { class: checked ? 'step selected' : 'step' }, [
    input,
    element('label', { for: key }, [
      element('span', { class: 'name' }, [label]),
      step === undefined
        ? undefined
        : element('code', { class: 'parameters dim' }, [cut(visible(parametersText(step)), LONGEST_PARAMETERS)]),
      step === undefined ? undefined : element('span', { class: 'did' }, [didText(step)]),
    ]),
    open,
  ]);
}

/** As one would write them on a line of YAML; what is a default is left to the configuration. */
function parametersText({ parameters }: PreviewStep): string {
  const value = (of: unknown): string => (typeof of === 'string' ? of : JSON.stringify(of));
  return Object.entries(parameters)
    .map(([key, of]) => `${key}: ${value(of)}`)
    .join(', ');
}

function didText({ rowsIn, rowsOut, rowsChanged, columnsAdded, columnsRemoved, columnsChanged }: PreviewStep): string {
  const names = (all: readonly string[]): string => {
    const first = all.slice(0, NAMES).map((name) => cut(visible(name), 40));
    const more = all.length - first.length;
    return more > 0 ? l10n.t('{0} and {1} more', first.join(', '), count(more)) : first.join(', ');
  };
  const parts = [
    rowsIn === rowsOut ? l10n.t('{0} rows', count(rowsOut)) : l10n.t('{0} → {1} rows', count(rowsIn), count(rowsOut)),
    rowsChanged > 0 && l10n.t('{0} rows changed', count(rowsChanged)),
    columnsChanged.length > 0 && l10n.t('changes {0}', names(columnsChanged.map(({ name }) => name))),
    columnsAdded.length > 0 && l10n.t('adds {0}', names(columnsAdded)),
    columnsRemoved.length > 0 && l10n.t('removes {0}', names(columnsRemoved)),
  ];
  return parts.filter((part) => part !== false).join('; ');
}
