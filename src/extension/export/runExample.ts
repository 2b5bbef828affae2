/** Runs the example of a package, in a terminal that shows what it prints. */
import * as path from 'node:path';
import { l10n, ProcessExecution, Task, TaskPanelKind, TaskRevealKind, tasks, TaskScope, Uri, workspace } from 'vscode';
import { MldataError } from '../../protocol';
import { chosenPython } from '../chosenPython';
import { firstThatStarts } from '../programs';
import { requireEngineAllowed } from '../trust';

/** Of tasks that only this extension runs. */
const TASK_TYPE = 'mldata-example';

/** Where the example of a package lies in its folder. */
export const EXAMPLE = 'examples/train.py';

/**
 * With the interpreter that is chosen, else the one of the PATH. No shell comes between, so that every path is one argument.
 * @param folder of the package, absolute
 * Throws `python-missing`.
 */
export async function runExample(title: string, folder: string): Promise<void> {
  const home = Uri.file(folder);
  requireEngineAllowed(home);
  const python = await findPython(home);
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

async function findPython(resource: Uri): Promise<string> {
  const chosen = await chosenPython(resource);
  const [python] =
    (await firstThatStarts([...(chosen === undefined ? [] : [[chosen]]), ['python3'], ['python']])) ?? [];
  if (python !== undefined) return python;
  const message = l10n.t(
    'No Python was found. Install it with PyTorch and pyarrow, or choose one with "Python: Select Interpreter"; then run {0}.',
    EXAMPLE,
  );
  throw new MldataError('usage', 'python-missing', message);
}
