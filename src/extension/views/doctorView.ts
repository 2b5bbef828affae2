/** The Doctor view: how every source, tool and host stands, as it was when somebody last asked. */
import {
  EventEmitter,
  l10n,
  MarkdownString,
  ThemeColor,
  ThemeIcon,
  TreeItem,
  TreeItemCollapsibleState,
  window,
} from 'vscode';
import type { TreeDataProvider } from 'vscode';
import type { Doctor, DoctorCheck, DoctorGroup, DoctorState, Engine } from '../../protocol';
import { chosenPython } from '../chosenPython';
import { folderOf } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { withQuietProgress } from '../notifications';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';

type Node = { readonly group: DoctorGroup } | { readonly check: DoctorCheck };

const GROUPS: readonly DoctorGroup[] = ['source', 'tool', 'host'];

const icons: Readonly<Record<DoctorState, ThemeIcon>> = {
  ok: new ThemeIcon('pass', new ThemeColor('testing.iconPassed')),
  notConfigured: new ThemeIcon('circle-large-outline'),
  failed: new ThemeIcon('error', new ThemeColor('testing.iconFailed')),
};

export class DoctorView extends Disposable implements TreeDataProvider<Node> {
  private readonly changed = this._register(new EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private checks: readonly DoctorCheck[] = [];

  constructor(
    private readonly engine: Pick<Engine, 'doctor'>,
    private readonly store: DatasetStore,
  ) {
    super();
    this._register(window.createTreeView('mldata.doctor', { treeDataProvider: this, showCollapseAll: true }));
  }

  /** Asks anew, for every config of the workspace. */
  async run(): Promise<readonly Doctor[]> {
    const { configs } = this.store;
    for (const { uri } of configs) requireEngineAllowed(uri);
    const reports = await withQuietProgress(l10n.t('Looking at sources, tools and hosts'), () =>
      Promise.all(
        configs.map(async ({ uri }) => {
          const python = await chosenPython(folderOf(uri));
          const { allowOutsidePaths } = runOptions(uri);
          const request = {
            configPath: uri.fsPath,
            ...(python !== undefined && { python: [python] }),
            ...(allowOutsidePaths !== undefined && { allowOutsidePaths }),
          };
          return this.engine.doctor(request, new AbortController().signal);
        }),
      ),
    );
    // Tools and hosts are those of the machine, and the same for all configs.
    const all = reports.flatMap(({ checks }) => checks);
    this.checks = [
      ...new Map(all.map((check) => [[check.group, check.name, check.message].join('\0'), check])).values(),
    ];
    this.changed.fire(undefined);
    return reports;
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) {
      return GROUPS.filter((group) => this.checks.some((check) => check.group === group)).map((group) => ({ group }));
    }
    return 'group' in node ? this.checks.filter(({ group }) => group === node.group).map((check) => ({ check })) : [];
  }

  getTreeItem(node: Node): TreeItem {
    return 'group' in node
      ? new TreeItem(groupName(node.group), TreeItemCollapsibleState.Expanded)
      : itemOf(node.check);
  }
}

function itemOf({ name, state, message, suggestion }: DoctorCheck): TreeItem {
  const item = new TreeItem(name);
  item.iconPath = icons[state];
  item.description = `${stateName(state)}: ${message}`;
  // Names and words of others are no Markdown.
  item.tooltip = new MarkdownString().appendText([message, suggestion ?? ''].join('\n').trim());
  item.accessibilityInformation = { label: [name, stateName(state), message, suggestion ?? ''].join(', ') };
  return item;
}

function groupName(group: DoctorGroup): string {
  switch (group) {
    case 'source':
      return l10n.t('Sources');
    case 'tool':
      return l10n.t('Tools');
    case 'host':
      return l10n.t('Hosts');
  }
}

function stateName(state: DoctorState): string {
  switch (state) {
    case 'ok':
      return l10n.t('ok');
    case 'notConfigured':
      return l10n.t('not configured');
    case 'failed':
      return l10n.t('failed');
  }
}
