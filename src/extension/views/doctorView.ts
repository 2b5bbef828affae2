/** The Doctor view: how every source, tool and host stands, as it was when somebody last asked. */
import { commands, env, EventEmitter, l10n, window } from 'vscode';
import type { TreeDataProvider, TreeItem, TreeView, Uri } from 'vscode';
import { MldataError } from '../../protocol';
import type { Doctor, DoctorCheck, DoctorGroup, DoctorState, Engine } from '../../protocol';
import { chosenPython } from '../chosenPython';
import { ContextKey, setContext } from '../context';
import { credentialsOfDataset } from '../datasets/credentialNames';
import type { Dataset } from '../datasets/model';
import { folderOf } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { inform, withViewProgress } from '../notifications';
import { runOptions } from '../settings';
import { requireEngineAllowed } from '../trust';
import { adviceOf, doctorItem, settingOf } from './doctorItems';
import type { CheckNode, DoctorNode } from './doctorItems';
import { asJson, asMarkdown, verdict } from './doctorReport';

/** What setting a credential may mend. */
const REFUSALS = new Set(['secret-missing', 'access-refused', 'database-login', 'secret-expired']);

export class DoctorView extends Disposable implements TreeDataProvider<DoctorNode> {
  private readonly changed = this._register(new EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;
  private readonly view: TreeView<DoctorNode>;
  private reports: readonly Doctor[] = [];
  private groups: readonly Extract<DoctorNode, { kind: 'group' }>[] = [];
  private running: Promise<readonly Doctor[]> | undefined;

  constructor(
    private readonly engine: Pick<Engine, 'doctor'>,
    private readonly store: DatasetStore,
  ) {
    super();
    this.view = this._register(window.createTreeView('mldata.doctor', { treeDataProvider: this }));
  }

  /** Asks anew, for every config of the workspace; whoever asks meanwhile gets the same. Shows the view. */
  run(): Promise<readonly Doctor[]> {
    this.running ??= this.look().finally(() => (this.running = undefined));
    return this.running;
  }

  private async look(): Promise<readonly Doctor[]> {
    const configs = this.store.configs.map(({ uri }) => uri);
    if (configs.length === 0) {
      throw new MldataError(
        'usage',
        'no-config',
        l10n.t('There is no configuration whose sources could be looked at.'),
      );
    }
    for (const uri of configs) requireEngineAllowed(uri);
    void commands.executeCommand('mldata.doctor.focus');
    this.view.message = l10n.t('Looking at sources, tools and hosts…');
    try {
      const asked = (): Promise<Doctor[]> => Promise.all(configs.map((uri) => this.ask(uri)));
      this.reports = await withViewProgress('mldata.doctor', asked);
      this.groups = groupsOf(
        this.reports,
        configs,
        (dataset) => credentialsOfDataset(this.store.configs, dataset).length > 0,
      );
    } finally {
      this.view.message = this.reports.length === 0 ? '' : this.sentence();
      this.changed.fire(undefined);
    }
    setContext(ContextKey.hasDoctor, true);
    return this.reports;
  }

  private async ask(uri: Uri): Promise<Doctor> {
    const python = await chosenPython(folderOf(uri));
    const { allowOutsidePaths, allowPrivateAddresses } = runOptions(uri);
    const request = {
      configPath: uri.fsPath,
      ...(python !== undefined && { python: [python] }),
      ...(allowOutsidePaths !== undefined && { allowOutsidePaths }),
      ...(allowPrivateAddresses !== undefined && { allowPrivateAddresses }),
    };
    return this.engine.doctor(request, new AbortController().signal);
  }

  /** `2 failed, 9 ok, as of 18:40:12.` */
  private sentence(): string {
    const checks = this.groups.flatMap((group) => group.checks.map(({ check }) => check));
    const [first] = this.reports;
    return l10n.t(
      '{0}, as of {1}.',
      verdict(checks),
      new Date(first?.generatedAt ?? 0).toLocaleTimeString(env.language),
    );
  }

  /** Puts what was found on the clipboard; looks first where nobody has. */
  async copy(form: 'markdown' | 'json'): Promise<void> {
    const reports = this.reports.length > 0 ? this.reports : await this.run();
    await env.clipboard.writeText(form === 'json' ? asJson(reports) : asMarkdown(reports));
    void inform(l10n.t('Copied what the doctor found.'));
  }

  getChildren(node?: DoctorNode): DoctorNode[] {
    if (node === undefined) return [...this.groups];
    if (node.kind === 'group') return [...node.checks];
    return node.kind === 'check' ? adviceOf(node.check).map((text) => ({ kind: 'advice', text })) : [];
  }

  getTreeItem(node: DoctorNode): TreeItem {
    return doctorItem(node);
  }
}

/** @param argument the line of the view */
export async function openCheckSettings(argument: unknown): Promise<void> {
  const check = typeof argument === 'object' && argument !== null && 'check' in argument ? argument.check : undefined;
  const setting = check === undefined ? undefined : settingOf(check as DoctorCheck);
  if (setting !== undefined) await commands.executeCommand('workbench.action.openSettings', `@id:${setting}`);
}

/** Tools and hosts are those of the machine, and the same for all configs. */
function groupsOf(
  reports: readonly Doctor[],
  configs: readonly Uri[],
  namesCredential: (dataset: Pick<Dataset, 'config' | 'name'>) => boolean,
): Extract<DoctorNode, { kind: 'group' }>[] {
  const isOfMany = configs.length > 1;
  const nodes = reports.flatMap(({ checks, config: path }) => {
    const config = configs.find(({ fsPath }) => fsPath === path);
    return checks.map((check): CheckNode => {
      const { name, code = '' } = check;
      if (check.group !== 'source' || config === undefined) return { kind: 'check', check };
      const needsCredential = REFUSALS.has(code) && namesCredential({ config, name });
      return { kind: 'check', check, config, name, isOfMany, needsCredential };
    });
  });
  const keyOf = ({ config, check }: CheckNode): string =>
    [check.group, config?.toString(), check.name, check.message].join('\0');
  const each = [...new Map(nodes.map((node) => [keyOf(node), node])).values()];
  return (['source', 'webhook', 'tool', 'host'] as const)
    .map((group) => ({ kind: 'group' as const, group, checks: worstFirst(each, group) }))
    .filter(({ checks }) => checks.length > 0);
}

function worstFirst(nodes: readonly CheckNode[], group: DoctorGroup): CheckNode[] {
  const states: readonly DoctorState[] = ['failed', 'notConfigured', 'ok'];
  return states.flatMap((state) => nodes.filter(({ check }) => check.group === group && check.state === state));
}
