/** What is to be tracked, found and named before any tool is asked. */
import type { GitRepository } from './git';
import type { DatasetSpec, Manifest, TrackedTarget, TrackProgress } from '../../protocol';

export interface TrackSite {
  /** As it was asked for. */
  readonly target: string;
  /** Files and folders whose bytes are to be kept, absolute: of a build its folders of data, else the path itself. */
  readonly paths: readonly string[];
  /** The repository that they lie in; absent: none. */
  readonly git?: GitRepository;
  /** The folder `.mldata/` where hashes of files are remembered. */
  readonly state: string;
  /** Where they are of a build. */
  readonly build?: TrackedBuild;
}

export interface TrackedBuild {
  readonly dataset: string;
  /** The folder of the build, absolute. */
  readonly output: string;
  /** The config's folder, absolute. */
  readonly folder: string;
  readonly manifest: Manifest;
  /** It was published just now, so that its files are what the manifest says. */
  readonly fresh?: true;
  /** Absent where the build is named by its path. */
  readonly configPath?: string;
  readonly spec?: DatasetSpec;
}

export interface TrackRun {
  /** Nothing is written; changes have their texts. */
  readonly dryRun: boolean;
  readonly onProgress: (progress: Omit<TrackProgress, 'target'>) => void;
  readonly signal: AbortSignal;
}

/** What a tool did. */
export type Tracked = Pick<TrackedTarget, 'by' | 'status' | 'paths' | 'files' | 'findings'>;
