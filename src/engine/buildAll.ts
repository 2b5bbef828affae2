/** Builds of several datasets: side by side, each after those it is made from. */
import { dependenciesOf, foldersOf, inBuildOrder, keyDatasetsOf, readsFolderOf } from '../config';
import { buildOne, failed } from './buildOne';
import type { Orders } from './readConfig';
import type { Run } from './run';
import { sideBySide, type Outcome, type Task } from './sideBySide';
import { explain } from './trouble';
import type { Workspace } from './workspace';
import {
  cancelled,
  MldataError,
  worstFirst,
  type BuildRequest,
  type DatasetBuild,
  type DatasetSpec,
  type ErrorKind,
  type Progress,
} from '../protocol';

interface DatasetTask extends Task {
  readonly spec: DatasetSpec;
}

interface Built extends Outcome {
  readonly build: DatasetBuild;
}

/** In the order of the config. Throws the cancelled error only. */
export async function buildAll(
  run: Run,
  { specs, asked, layers }: Orders,
  workspace: Workspace,
  request: BuildRequest,
): Promise<DatasetBuild[]> {
  const done: DatasetBuild[] = [];
  const kinds = new Map<string, ErrorKind>();
  const work = async ({ spec }: DatasetTask, limits: Run['limits']): Promise<Built> => {
    const started = performance.now();
    let last: Progress | undefined;
    const onProgress = (progress: Progress) => {
      if (progress.said === undefined) last = progress;
      run.onProgress(progress);
    };
    try {
      const order = { spec, origins: layers.originsOf(spec.name), datasets: foldersOf(spec, specs) };
      const isAsked = asked.has(spec.name);
      const force = request.force === true && isAsked;
      const { track, ...rest } = request;
      const tracking = track === undefined || (track !== false && !isAsked) ? {} : { track };
      const build = layers.told(
        await buildOne({ ...run, limits, onProgress }, order, workspace, { ...rest, ...tracking, force }),
      );
      done.push(build);
      return { failed: false, build };
    } catch (error) {
      const trouble = explain(error, spec.name);
      if (trouble.kind === 'cancelled') throw trouble;
      kinds.set(spec.name, trouble.kind);
      const build = failed(spec, trouble, performance.now() - started);
      return { failed: true, tooSmall: trouble.code === 'out-of-memory', build };
    } finally {
      if (last) run.onProgress({ ...last, fraction: 1, done: true });
    }
  };
  const leaveOut = ({ name, spec, needs }: DatasetTask, because: DatasetTask): Built => {
    // Of the same kind, so that the exit code says what really went wrong.
    const kind = kinds.get(because.name) ?? 'buildFailed';
    kinds.set(name, kind);
    const [code, message] = leftOut(name, because.name, needs.includes(because.name));
    return { failed: true, build: failed(spec, new MldataError(kind, code, message), 0) };
  };
  try {
    const built = await sideBySide(tasksOf(specs), run.limits, {
      run: work,
      leaveOut,
      keepGoing: request.keepGoing === true,
    });
    const builds = built.map(({ build }) => build);
    return await alerted(builds, { specs, run, workspace, request });
  } catch (error) {
    if (error instanceof MldataError && error.kind === 'cancelled') throw stopped(done);
    throw error;
  }
}

interface AlertedRun {
  readonly specs: readonly DatasetSpec[];
  readonly run: Run;
  readonly workspace: Workspace;
  readonly request: BuildRequest;
}

/** Webhooks are told once for all datasets. What did not reach one is a warning of the dataset that names it. */
async function alerted(
  builds: DatasetBuild[],
  { specs, run: { credentials, allowInner = false, signal }, workspace: { state }, request }: AlertedRun,
): Promise<DatasetBuild[]> {
  const isNamed = specs.some(({ drift }) => drift?.alerts?.webhooks !== undefined);
  if (!isNamed || !credentials || request.trusted !== true || request.offline === true) return builds;
  const { sendWaiting } = await import('./alertWebhooks');
  const findings = await sendWaiting({ specs, state, credentials, allowInner, signal });
  return builds.map((build) => {
    const own = findings.filter(({ dataset }) => dataset === build.dataset);
    return own.length === 0 ? build : { ...build, findings: worstFirst([...build.findings, ...own]) };
  });
}

/**
 * Two datasets one of which reads the other's folder by its path never run at once, and keys are held against what is
 * built before them, unless that is itself made after them.
 */
function tasksOf(specs: readonly DatasetSpec[]): DatasetTask[] {
  const order = inBuildOrder(specs);
  const tasks = new Map(
    order.map((spec, index) => {
      const meets = (other: DatasetSpec) => readsFolderOf(spec, other) || readsFolderOf(other, spec);
      const after = order.slice(0, index).filter(meets);
      const task = { name: spec.name, spec, needs: dependenciesOf(spec), after: after.map(({ name }) => name) };
      return [spec, task];
    }),
  );
  const byName = new Map([...tasks.values()].map((task) => [task.name, task]));
  const allBefore = (task: DatasetTask): ReadonlySet<string> => {
    const names = new Set([task.name]);
    // A set that grows while it is gone through is gone through to its end.
    for (const name of names) {
      const { needs = [], after = [] } = byName.get(name) ?? {};
      for (const before of [...needs, ...after]) names.add(before);
    }
    return names;
  };
  for (const task of byName.values())
    for (const name of keyDatasetsOf(task.spec)) {
      const other = byName.get(name);
      if (other && !allBefore(other).has(task.name)) task.after.push(name);
    }
  return specs.flatMap((spec) => tasks.get(spec) ?? []);
}

function leftOut(dataset: string, because: string, needed: boolean): [code: string, message: string] {
  return needed
    ? ['dependency-failed', `${dataset} was not built because ${because}, which it is made from, was not built.`]
    : [
        'not-started',
        `${dataset} was not built because ${because} failed. To go on after a failure, add --keep-going.`,
      ];
}

/** The error of builds that somebody stopped, once some of them may have come through. */
function stopped(before: readonly DatasetBuild[]): MldataError {
  const built = before.filter(({ status }) => status === 'built').map(({ dataset }) => dataset);
  if (built.length === 0) return cancelled();
  const were = `${built.join(', ')} ${built.length === 1 ? 'was' : 'were'}`;
  return new MldataError('cancelled', 'cancelled', `Cancelled. ${were} built before that; nothing else was changed.`);
}
