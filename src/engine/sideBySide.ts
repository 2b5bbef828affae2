/** Work on several things at once within the limits of one run: what something needs comes before it. */
import { mostAtOnce, shareOf, type Limits } from './limits';

export interface Task {
  readonly name: string;
  /** Not done when one of these failed. */
  readonly needs: readonly string[];
  /** Not done before these are over, however they ended. */
  readonly after: readonly string[];
}

export interface Outcome {
  readonly failed: boolean;
  /** Worth another try with the whole machine. */
  readonly tooSmall?: boolean;
}

export interface Work<T extends Task, R extends Outcome> {
  /** Rejects only when nothing more is to be done. */
  readonly run: (task: T, limits: Limits) => Promise<R>;
  /** What comes of a task that is not run because of another. */
  readonly leaveOut: (task: T, because: T) => R;
  /** Whether tasks that need nothing of a failed one go on. */
  readonly keepGoing: boolean;
}

/**
 * The outcomes in the order of the tasks, whatever the order they came in. Needs are among the tasks and lead in no
 * circle. After a rejection nothing is started, and what runs is waited for.
 */
export async function sideBySide<T extends Task, R extends Outcome>(
  tasks: readonly T[],
  limits: Limits,
  { run, leaveOut, keepGoing }: Work<T, R>,
): Promise<R[]> {
  const outcomes = new Map<string, R>();
  const running = new Map<string, Promise<void>>();
  const alone = new Set<T>();
  const waiting = new Set(tasks);
  const byName = new Map(tasks.map((task) => [task.name, task]));
  let freeThreads = limits.threads;
  let firstFailed: T | undefined;
  let rejection: { readonly error: unknown } | undefined;

  const finish = (task: T, outcome: R): void => {
    outcomes.set(task.name, outcome);
    if (outcome.failed) firstFailed ??= task;
  };
  const start = (task: T, threads: number): void => {
    waiting.delete(task);
    freeThreads -= threads;
    const whole = threads === limits.threads;
    const ended = run(task, shareOf(limits, threads)).then(
      (outcome) => {
        if (outcome.tooSmall && !whole) {
          alone.add(task);
          waiting.add(task);
        } else finish(task, outcome);
      },
      (error: unknown) => {
        rejection ??= { error };
      },
    );
    running.set(
      task.name,
      ended.finally(() => {
        running.delete(task.name);
        freeThreads += threads;
      }),
    );
  };

  /** What needs one that failed, before what is only not started after it. False: there is none. */
  const leaveOutOne = (): boolean => {
    for (const task of waiting) {
      const cause = byName.get(task.needs.find((name) => outcomes.get(name)?.failed) ?? '');
      if (!cause) continue;
      waiting.delete(task);
      finish(task, leaveOut(task, cause));
      return true;
    }
    const [next] = [...waiting].filter((task) => !alone.has(task));
    if (keepGoing || !next || !firstFailed) return false;
    waiting.delete(next);
    finish(next, leaveOut(next, firstFailed));
    return true;
  };

  while (waiting.size > 0 || running.size > 0) {
    if (rejection) waiting.clear();
    const before = waiting.size;
    while (leaveOutOne());
    const ready = [...waiting].filter(({ needs, after }) => [...needs, ...after].every((name) => outcomes.has(name)));
    const [first] = ready;
    if (first && alone.has(first)) {
      if (running.size === 0) start(first, limits.threads);
    } else {
      const places = Math.min(freeThreads, mostAtOnce(limits) - running.size);
      const beside = ready.filter((task) => !alone.has(task)).slice(0, Math.max(0, places));
      for (const [index, task] of beside.entries()) start(task, Math.floor(freeThreads / (beside.length - index)));
    }
    if (running.size > 0) await Promise.race(running.values());
    else if (waiting.size > 0 && waiting.size === before) throw new Error('Tasks wait for each other');
  }
  if (rejection) throw rejection.error;
  return tasks.flatMap(({ name }) => outcomes.get(name) ?? []);
}
