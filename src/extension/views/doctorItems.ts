/** How each line of the Doctor view looks, and what can be done about it. */
import { l10n, MarkdownString, ThemeColor, ThemeIcon, TreeItem, TreeItemCollapsibleState } from 'vscode';
import type { Uri } from 'vscode';
import type { DoctorCheck, DoctorGroup, DoctorState } from '../../protocol';
import { CommandId } from '../commandIds';
import { configLabel } from '../datasets/paths';
import { groupName, stateName } from './doctorReport';

export type DoctorNode =
  | { readonly kind: 'group'; readonly group: DoctorGroup; readonly checks: readonly CheckNode[] }
  | CheckNode
  | { readonly kind: 'advice'; readonly text: string };

export interface CheckNode {
  readonly kind: 'check';
  readonly check: DoctorCheck;
  /** Of a source: the file that names it, and the dataset, as commands take them. */
  readonly config?: Uri;
  readonly name?: string;
  /** Whether there are several configs, so that each line says which. */
  readonly isOfMany?: boolean;
  /** Whether setting a credential may mend it. */
  readonly needsCredential?: boolean;
}

const { Collapsed, Expanded, None } = TreeItemCollapsibleState;

const icons: Readonly<Record<DoctorState, ThemeIcon>> = {
  ok: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  notConfigured: new ThemeIcon('circle-slash', new ThemeColor('descriptionForeground')),
  failed: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
};

export function doctorItem(node: DoctorNode): TreeItem {
  switch (node.kind) {
    case 'group':
      return new TreeItem(groupName(node.group), Expanded);
    case 'check':
      return checkItem(node);
    case 'advice':
      return adviceItem(node.text);
  }
}

/** Of what failed, the first sentence says why; the others, and the suggestion, say what to do. */
export function adviceOf({ state, message, suggestion }: DoctorCheck): string[] {
  const [, ...others] = state === 'ok' ? [] : sentencesOf(message);
  return [...others, ...(suggestion === undefined ? [] : [suggestion])];
}

function sentencesOf(text: string): string[] {
  return text.split(/(?<=\.) (?=[A-Z])/);
}

/** What to do stands below what it is about: open where something failed. */
function checkItem(node: CheckNode): TreeItem {
  const { check, config, isOfMany } = node;
  const { name, state, message, suggestion } = check;
  const isOk = state === 'ok';
  const item = new TreeItem(name, adviceOf(check).length === 0 ? None : state === 'failed' ? Expanded : Collapsed);
  const found = isOk ? message : `${stateName(state)}: ${sentencesOf(message)[0] ?? ''}`;
  item.iconPath = icons[state];
  item.description = config !== undefined && isOfMany ? `${configLabel(config)} · ${found}` : found;
  // Names and words of others are no Markdown.
  item.tooltip = new MarkdownString().appendText([message, suggestion].filter(Boolean).join('\n'));
  const said = [name, stateName(state), message, suggestion].filter((part) => part !== undefined);
  item.accessibilityInformation = { label: said.join(', ') };
  // Menus look for these words.
  item.contextValue = ['check', config && 'source', node.needsCredential && 'credential', settingOf(check) && 'setting']
    .filter((word) => typeof word === 'string')
    .join(' ');
  if (config !== undefined) {
    item.command = {
      title: l10n.t('Open Configuration'),
      command: CommandId.openConfig,
      arguments: [config, ['datasets', node.name, 'source']],
    };
  }
  return item;
}

function adviceItem(text: string): TreeItem {
  const item = new TreeItem(text, None);
  item.iconPath = new ThemeIcon('lightbulb');
  item.tooltip = new MarkdownString().appendText(text);
  return item;
}

/** The setting that decides about it; undefined where none does. */
export function settingOf({ group, name, state, code }: DoctorCheck): string | undefined {
  if (state === 'ok') return undefined;
  if (code === 'address-not-allowed') return 'mldata.allowPrivateAddresses';
  if (code === 'path-outside') return 'mldata.allowOutsidePaths';
  if (group === 'tool') return name === 'dvc' ? 'mldata.dvc.path' : undefined;
  return group === 'host' ? 'http.proxy' : undefined;
}
