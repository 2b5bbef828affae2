/** Runs the example of a package, in a terminal that shows what it prints. */
import * as path from 'node:path';
import { l10n, ProcessExecution, Task, TaskPanelKind, TaskRevealKind, tasks, TaskScope, Uri, workspace } from 'vscode';
import { chosenPython } from '../chosenPython';
import { requireEngineAllowed } from '../trust';

/** Of tasks that only this extension runs. */
const TASK_TYPE = 'mldata-example';

/** Where the example of a package lies in its folder. */
export const EXAMPLE = 'examples/train.py';

/**
 * With the interpreter that is chosen, else the one of the PATH. No shell comes between, so that every path is one argument.
 * @param folder of the package, absolute
 */
export async function runExample(title: string, folder: string): Promise<void> {
  const home = Uri.file(folder);
  requireEngineAllowed(home);
  const python = (await chosenPython(home)) ?? (process.platform === 'win32' ? 'python' : 'python3');
  const task = new Task(
    { type: TASK_TYPE, folder },
    workspace.getWorkspaceFolder(home) ?? TaskScope.Workspace,
    l10n.t('Example of {0}', title),
    'mldata',
    new ProcessExecution(python, [path.join(folder, ...EXAMPLE.split('/'))], { cwd: folder }),
    [],
  );
  task.presentationOptions = {
    reveal: TaskRevealKind.Always,
    focus: false,
    panel: TaskPanelKind.Dedicated,
    clear: true,
    showReuseMessage: false,
  };
  await tasks.executeTask(task);
}
