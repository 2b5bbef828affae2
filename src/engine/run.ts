/** What every run of a job takes: which process, how much of the machine, whom to tell, and when to stop. */
import { dirname } from 'node:path';
import type { BuildJob, Built } from './build';
import type { Credentials } from './credentials';
import { runBuild } from './jobMessages';
import { runJob } from './jobProcess';
import type { Limits } from './limits';
import { confinementRoot } from './sources';
import type { BuildRequest, Progress } from '../protocol';

export type Build = (job: BuildJob, onProgress: (progress: Progress) => void, signal: AbortSignal) => Promise<Built>;

export interface Run {
  /** The script of the job process. */
  readonly jobEntry: string;
  /** What builds; absent: a job process. */
  readonly build?: Build | undefined;
  readonly limits: Limits;
  /** Whether sources may be fetched from loopback, link-local and private addresses. */
  readonly allowInner?: boolean | undefined;
  /** Where the secrets of sources are found; absent: nothing is fetched. */
  readonly credentials?: Credentials | undefined;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
}

export function startBuild({ jobEntry, build, onProgress, signal }: Run, job: BuildJob): Promise<Built> {
  return build ? build(job, onProgress, signal) : runJob(jobEntry, runBuild, job, onProgress, signal);
}

/** What paths of a config do not leave; undefined: they may lie anywhere. */
export function rootOf({
  configPath,
  allowOutsidePaths,
}: Pick<BuildRequest, 'configPath' | 'allowOutsidePaths'>): string | undefined {
  return allowOutsidePaths ? undefined : confinementRoot(dirname(configPath));
}
