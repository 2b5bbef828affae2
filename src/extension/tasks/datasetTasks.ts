/** Tasks of type `mldata`: the command line on the datasets of the workspace, for `tasks.json` and "Run Task". */
import { l10n, ProcessExecution, Task, TaskGroup, TaskScope, Uri, workspace } from 'vscode';
import type { TaskDefinition, TaskProvider, WorkspaceFolder } from 'vscode';
import { folderOf } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';

export const TASK_TYPE = 'mldata';

const commands = ['build', 'validate'] as const;

/** As `tasks.json` writes it; package.json declares the same. */
interface DatasetTask extends TaskDefinition {
  readonly command: string;
  /** Absent: every dataset. */
  readonly dataset?: string;
  /** Path of the config, relative to the workspace folder; absent: the nearest one. */
  readonly config?: string;
  /** Further options of the command line. */
  readonly args?: readonly string[];
}

export class DatasetTasks implements TaskProvider {
  /** @param script the command line, absolute */
  constructor(
    private readonly store: DatasetStore,
    private readonly script: string,
  ) {}

  /** Each command on each dataset, and on all of a config. */
  provideTasks(): Task[] {
    return this.store.configs.flatMap(({ uri, datasets }) => {
      const folder = workspace.getWorkspaceFolder(uri);
      if (folder === undefined || uri.scheme !== 'file') return [];
      const names = [undefined, ...datasets.map(({ name }) => name)];
      const config = workspace.asRelativePath(uri, false);
      return commands.flatMap((command) =>
        names.map((dataset) =>
          this.task({ type: TASK_TYPE, command, config, ...(dataset !== undefined && { dataset }) }, folder),
        ),
      );
    });
  }

  /** Undefined for a definition that is not whole, which VS Code then reports. */
  resolveTask({ definition, scope }: Task): Task | undefined {
    const folder = typeof scope === 'object' ? scope : workspace.workspaceFolders?.[0];
    if (folder === undefined || typeof definition['command'] !== 'string') return undefined;
    // VS Code takes the task for the one it asked for only with its very definition.
    return this.task(definition as DatasetTask, folder);
  }

  private task(definition: DatasetTask, folder: WorkspaceFolder): Task {
    const { command, dataset, config, args = [] } = definition;
    const file = config === undefined ? undefined : Uri.joinPath(folder.uri, config);
    const options = file === undefined ? [] : ['--config', file.fsPath];
    const named = dataset === undefined ? [] : [dataset];
    const what = dataset ?? l10n.t('all datasets');
    const where = file === undefined || folderOf(file).path === folder.uri.path ? '' : ` (${config})`;
    const task = new Task(
      definition,
      workspace.workspaceFolders === undefined ? TaskScope.Workspace : folder,
      `${command} ${what}${where}`,
      TASK_TYPE,
      new ProcessExecution(process.execPath, [this.script, command, ...options, ...args, '--', ...named], {
        cwd: folder.uri.fsPath,
        env: { ELECTRON_RUN_AS_NODE: '1' },
      }),
      ['$mldata', '$mldata-places'],
    );
    task.group = command === 'build' ? TaskGroup.Build : TaskGroup.Test;
    return task;
  }
}
