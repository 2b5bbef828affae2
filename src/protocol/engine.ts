/** The one door to everything about data. The command line calls it in its process, the editor over JSON-RPC. */
import type { ApplyRequest } from './apply';
import type { BuildPlan, BuildReport, BuildRequest, InitRequest, InitResult, Progress } from './build';
import type { Diff, DiffRequest } from './diff';
import type { CacheReport, CacheRequest } from './cache';
import type { Preview, PreviewRequest } from './preview';
import type { RebuildReport, RebuildRequest } from './rebuild';
import type { Lineage, TargetsRequest } from './lineage';
import type {
  GcRequest,
  RestoreRequest,
  TagRequest,
  VersionGc,
  VersionList,
  VersionRequest,
  VersionRestore,
  VersionShown,
  VersionTag,
} from './versions';

export interface Engine {
  /**
   * Builds datasets side by side, each after those it is made from, leaving alone those that are up to date. After one
   * has failed no other is started, unless `keepGoing` is set. The report is in the order of the config.
   * Throws `MldataError` only when nothing could be started (config errors) or the build was cancelled.
   */
  build(request: BuildRequest, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<BuildReport>;
  plan(request: BuildRequest, signal: AbortSignal): Promise<BuildPlan>;
  /** Shows what builds keep to read less the next time, or removes some or all of it. */
  cache(request: CacheRequest): Promise<CacheReport>;
  /** Writes a first config from the data; never overwrites without `force`. */
  init(request: InitRequest, signal: AbortSignal): Promise<InitResult>;
  /** Changes new data as a build changed its own. Throws `not-built` where no manifest stands. */
  apply(request: ApplyRequest, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<BuildReport>;
  /** Tries the steps of a dataset on its first rows; nothing is written. */
  preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview>;
  /** Holds two builds against each other. Throws `not-built` for what has no manifest, and where files of it are gone. */
  diff(request: DiffRequest, signal: AbortSignal): Promise<Diff>;
  /** Where builds came from, as their manifests say. Throws `not-built` for one without. */
  lineage(request: TargetsRequest): Promise<Lineage>;
  /** Builds again what manifests describe. Differences are no errors; throws `not-built`, and when cancelled. */
  rebuild(
    request: RebuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<RebuildReport>;
  /** The versions of datasets. Throws what is wrong with a `versions.yaml`. */
  versions(request: TargetsRequest): Promise<VersionList>;
  version(request: VersionRequest): Promise<VersionShown>;
  /** Puts a kept version back in its folder. Throws `version-bytes-missing` and `version-bytes-damaged`, and when cancelled. */
  restore(request: RestoreRequest, signal: AbortSignal): Promise<VersionRestore>;
  /** Gives a tag to a version, gives it back to the one before, or takes it away. */
  tag(request: TagRequest, signal: AbortSignal): Promise<VersionTag>;
  /** Removes the bytes of versions that are not kept. */
  collect(request: GcRequest): Promise<VersionGc>;
}
