/** Having DVC or Git LFS track data: asks before anything is made, shows before Git LFS is told, says what came of it. */
import { execFile } from 'node:child_process';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { commands, l10n, Uri, window } from 'vscode';
import type { LogOutputChannel } from 'vscode';
import { MldataError } from '../../protocol';
import type { Engine, Track, TrackedTarget, TrackingTool, TrackRequest } from '../../protocol';
import { saveConfigs } from '../commands/saveConfigs';
import { CommandId } from '../commandIds';
import type { DatasetStore } from '../datasets/store';
import { dvcOptions } from '../dvcProgram';
import { bytes } from '../format';
import { ask, inform, warn, withProgress } from '../notifications';
import { requireEngineAllowed } from '../trust';
import type { ChangePreviews } from './changePreview';
import { stagingIn } from './stageChanges';
import type { Trackings } from '../datasets/trackings';
import { pickSubject } from './trackSubject';
import type { TrackSubject } from './trackSubject';
import { toolWord } from '../views/trackingWords';
import { trackProgressText } from './progressText';

export interface TrackTools {
  readonly engine: Pick<Engine, 'track' | 'trackingStatus'>;
  readonly store: DatasetStore;
  readonly trackings: Trackings;
  readonly previews: ChangePreviews;
  readonly log: LogOutputChannel;
}

/** @param clicked and `selected`: what the menus give; without them the user picks a dataset */
export async function track(tools: TrackTools, tool: TrackingTool, clicked: unknown, selected: unknown): Promise<void> {
  const { store, trackings, previews } = tools;
  const subject = await pickSubject(store, clicked, selected);
  if (subject === undefined) return;
  requireEngineAllowed(subject.resource);
  await saveConfigs(({ fsPath }) => fsPath === subject.request.configPath);
  const request: TrackRequest = { ...subject.request, tool, dvc: await dvcOptions(subject.resource) };
  const isShownFirst = tool === 'git-lfs';
  const first = await withRepository(tools, subject, { ...request, dryRun: isShownFirst });
  if (first === undefined) return;
  const changes = first.made.targets.flatMap(({ files }) => files);
  if (isShownFirst && changes.length > 0 && !(await previews.show(changes, changesQuestion(subject, first.made))))
    return;
  const made =
    isShownFirst && changes.length > 0 ? await run(tools, subject, { ...first.request, dryRun: false }) : first.made;
  refuse(made);
  await trackings.refresh();
  void tell(tools, subject, made);
}

/** Where there is no repository to track in, asks whether to make one. Undefined: it is not wanted. */
async function withRepository(
  tools: TrackTools,
  subject: TrackSubject,
  request: TrackRequest,
): Promise<{ readonly request: TrackRequest; readonly made: Track } | undefined> {
  const made = await run(tools, subject, request);
  const missing = made.targets.find(({ error }) => error !== undefined && isNoRepository(error.code));
  if (missing === undefined) {
    refuse(made);
    return { request, made };
  }
  const initialize = l10n.t('Initialize');
  const question = l10n.t('Make a repository to track {0} in?', subject.title);
  const detail = missingWords(subject, missing.error?.code === 'git-repository-missing', request.tool);
  if ((await ask(question, detail, initialize)) !== initialize) return undefined;
  // What would be written can be told in a repository only. Windows would start a git.exe of the folder that it runs in.
  if (request.dryRun === true) await promisify(execFile)('git', ['-C', subject.home, 'init', '--quiet']);
  const asked = { ...request, init: true };
  const again = await run(tools, subject, asked);
  refuse(again);
  return { request: asked, made: again };
}

function isNoRepository(code: string): boolean {
  return code === 'git-repository-missing' || code === 'dvc-repository-missing';
}

function missingWords({ title, home }: TrackSubject, withoutGit: boolean, tool: TrackRequest['tool']): string {
  if (!withoutGit) {
    return l10n.t('{0} lies in no DVC repository. One is made at the root of its git repository.', title);
  }
  return tool === 'git-lfs'
    ? l10n.t('{0} lies in no git repository. One is made in {1}.', title, home)
    : l10n.t('{0} lies in no git repository. One of git and one of DVC are made in {1}.', title, home);
}

async function run({ engine, log }: TrackTools, { title }: TrackSubject, request: TrackRequest): Promise<Track> {
  const { tool = 'dvc', dryRun } = request;
  const doing =
    dryRun === true
      ? l10n.t('Looking at {0} for {1}', title, toolWord(tool))
      : l10n.t('Tracking {0} with {1}', title, toolWord(tool));
  const made = await withProgress(doing, (show, signal) => {
    let shown = 0;
    return engine.track(
      request,
      (progress) => {
        const done = progress.fraction * 100;
        show(trackProgressText(progress), Math.max(done - shown, 0));
        shown = Math.max(done, shown);
      },
      signal,
    );
  });
  for (const { target, findings } of made.targets) {
    for (const { severity, code, message } of findings) {
      const line = `${target}: ${code}: ${message}`;
      if (severity === 'info') log.info(line);
      else log.warn(line);
    }
  }
  return made;
}

/** Throws why the first failed that did. */
function refuse({ targets }: Track): void {
  for (const { error, findings } of targets) {
    if (error !== undefined) throw new MldataError('buildFailed', error.code, error.message, findings);
  }
}

function changesQuestion({ title }: TrackSubject, { targets }: Track): string {
  const files = [...new Set(targets.flatMap(({ files }) => files.map(({ path }) => path)))].join(', ');
  return l10n.t('To track {0} with Git LFS, {1} is written as the editor shows it.', title, files);
}

/** Says what is tracked now, and offers what one does next. Resolves when the user has answered. */
async function tell({ engine, log }: TrackTools, subject: TrackSubject, made: Track): Promise<void> {
  const { targets } = made;
  const files = targets.flatMap((target) => target.files).filter(({ change }) => change !== 'removed');
  const main = files.find(({ path }) => /(\.dvc|dvc\.yaml|\.gitattributes)$/.test(path));
  const open = l10n.t('Open {0}', path.posix.basename(main?.path ?? ''));
  const stage = l10n.t('Stage Changes');
  const push = l10n.t('Push');
  const isDvc = targets.some(({ tool }) => tool !== 'git-lfs') && subject.dataset !== undefined;
  const warning = targets.flatMap(({ findings }) => findings).find(({ severity }) => severity !== 'info');
  const items = [...(main === undefined ? [] : [open]), ...(files.length > 0 ? [stage] : []), ...(isDvc ? [push] : [])];
  const say = warning === undefined ? inform : warn;
  const choice = await say([sentence(subject, targets), warning?.message].filter(Boolean).join(' '), ...items);
  if (choice === push) await commands.executeCommand(CommandId.dvcPush, subject.dataset);
  if (choice !== open && choice !== stage) return;
  const { repository } = await engine.trackingStatus(subject.request, new AbortController().signal);
  const root = repository.git ?? repository.dvc ?? subject.request.folder;
  const at = (file: string): string => path.join(root, file);
  if (choice === open && main !== undefined) await window.showTextDocument(Uri.file(at(main.path)));
  if (choice !== stage) return;
  const add = await stagingIn(root);
  if (add === undefined) log.warn(`VS Code has not opened the git repository ${root}, so nothing was staged.`);
  else await add(files.map(({ path }) => at(path)));
}

function sentence({ title }: TrackSubject, targets: readonly TrackedTarget[]): string {
  const [first] = targets;
  const tool = toolWord(first?.tool ?? 'dvc');
  const paths = targets.flatMap((target) => target.paths);
  if (paths.length === 0) return l10n.t('{0} has no file that is large enough for {1}.', title, tool);
  if (targets.every(({ status }) => status === 'unchanged'))
    return l10n.t('{0} is tracked with {1} already, as it is.', title, tool);
  const count = paths.reduce((sum, { files }) => sum + files, 0);
  const size = bytes(paths.reduce((sum, path) => sum + path.bytes, 0));
  const files = count === 1 ? l10n.t('1 file') : l10n.t('{0} files', count);
  return l10n.t('{0} is tracked with {1} now: {2}, {3}.', title, tool, files, size);
}
