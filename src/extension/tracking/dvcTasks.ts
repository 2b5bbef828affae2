/** `dvc push`, `pull` and `checkout` of a dataset, in a task whose terminal shows what DVC says. */
import * as path from 'node:path';
import {
  commands,
  env,
  l10n,
  ProcessExecution,
  Task,
  TaskPanelKind,
  TaskRevealKind,
  tasks,
  TaskScope,
  workspace,
} from 'vscode';
import { MldataError } from '../../protocol';
import { pickDataset } from '../commands/target';
import { CommandId } from '../commandIds';
import type { Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import { findDvc } from '../dvcProgram';
import { alarm, inform, warn, withProgress } from '../notifications';
import { requireEngineAllowed } from '../trust';
import type { DatasetTracking, Trackings } from '../datasets/trackings';

export type DvcCommand = 'push' | 'pull' | 'checkout';

/** Of tasks that only this extension runs. */
const TASK_TYPE = 'mldata-dvc';
const INSTALL = 'pip install dvc';

export interface DvcTools {
  readonly store: DatasetStore;
  readonly trackings: Trackings;
}

export async function runDvc(tools: DvcTools, command: DvcCommand, argument: unknown): Promise<void> {
  const { store, trackings } = tools;
  const dataset = await pickDataset(store, argument, {
    placeHolder: l10n.t('Which dataset?'),
    accepts: (each) => trackings.isDvc(each),
    none: notTracked,
  });
  if (dataset === undefined) return;
  requireEngineAllowed(dataset.config);
  const tracking = trackings.of(dataset);
  const root = tracking?.repository.dvc ?? undefined;
  if (tracking === undefined || root === undefined || !trackings.isDvc(dataset)) throw notTracked();
  if (command !== 'checkout' && tracking.remotes.length === 0) return offerRemote(command, dataset);
  const program = await findDvc(dataset.config);
  if (program === undefined) return offerInstallation(command);
  const code = await runToEnd(taskOf(command, dataset, [...program, command, ...targetsOf(tracking, root)], root));
  await trackings.refresh(command !== 'checkout');
  if (code !== 0 && code !== undefined)
    void alarm(
      l10n.t('`dvc {0}` of {1} ended with exit code {2}. Its terminal says why.', command, dataset.name, code),
    );
}

function notTracked(): MldataError {
  const text = l10n.t('Nothing of it is tracked with DVC. Track it first: "Track with DVC".');
  return new MldataError('usage', 'not-tracked', text);
}

async function offerRemote(command: DvcCommand, dataset: Dataset): Promise<void> {
  const add = l10n.t('Add Remote…');
  const message = l10n.t('There is no remote for `dvc {0}` yet. Add the place where the data is to be kept.', command);
  if ((await warn(message, add)) === add) await commands.executeCommand(CommandId.addRemote, dataset);
}

async function offerInstallation(command: DvcCommand): Promise<void> {
  const copy = l10n.t('Copy Install Command');
  const settings = l10n.t('Open Settings');
  const message = l10n.t(
    'DVC was not found, and `dvc {0}` needs it. Install it with `{1}` (for a remote in S3, `dvc[s3]`), or name it in the setting `mldata.dvc.path`.',
    command,
    INSTALL,
  );
  const choice = await alarm(message, copy, settings);
  if (choice === settings) {
    // Those of the user lack a setting of a machine where the window is on another one.
    await commands.executeCommand('workbench.action.openWorkspaceSettings', { query: 'mldata.dvc' });
  }
  if (choice !== copy) return;
  await env.clipboard.writeText(INSTALL);
  await inform(l10n.t('`{0}` is in the clipboard.', INSTALL));
}

/** As DVC takes them where it runs: the `.dvc` files, and of stages what they write. */
function targetsOf({ paths, repository: { git } }: DatasetTracking, root: string): string[] {
  const named = paths.flatMap((each) => {
    if (each.tool === 'dvc') return each.by ?? [];
    return each.tool === 'dvc-pipeline' ? each.path : [];
  });
  return [...new Set(named)].map((file) => path.relative(root, path.join(git ?? root, file)));
}

function taskOf(command: DvcCommand, { config, name }: Dataset, line: readonly string[], cwd: string): Task {
  const [program = '', ...args] = line;
  const task = new Task(
    { type: TASK_TYPE, command, dataset: name },
    workspace.getWorkspaceFolder(config) ?? TaskScope.Workspace,
    `dvc ${command} ${name}`,
    'mldata',
    new ProcessExecution(program, args, { cwd, env: { DVC_NO_ANALYTICS: 'true' } }),
    [],
  );
  task.presentationOptions = {
    reveal: TaskRevealKind.Always,
    focus: false,
    panel: TaskPanelKind.Dedicated,
    clear: true,
    showReuseMessage: false,
  };
  return task;
}

/** The exit code; undefined where somebody stopped it. */
async function runToEnd(task: Task): Promise<number | undefined> {
  return withProgress(task.name, async (_, signal) => {
    // Asked before it starts: a task may end before its execution is known here.
    const ended = new Promise<number | undefined>((resolve) => {
      const ends = tasks.onDidEndTaskProcess(({ execution, exitCode }) => isIt(execution.task) && over(exitCode));
      // Without a process, such as when the program is gone, only this is heard.
      const stops = tasks.onDidEndTask(
        ({ execution }) => isIt(execution.task) && setTimeout(() => over(undefined), 500),
      );
      const over = (code: number | undefined): void => {
        ends.dispose();
        stops.dispose();
        resolve(code);
      };
    });
    const isIt = ({ name, definition }: Task): boolean => definition.type === TASK_TYPE && name === task.name;
    const execution = await tasks.executeTask(task);
    const stop = (): void => execution.terminate();
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    const code = await ended;
    return signal.aborted ? undefined : code;
  });
}
