/** The one door to everything about data. The command line calls it in its process, the editor over JSON-RPC. */
import type { ApplyRequest } from './apply';
import type { BuildPlan, BuildReport, BuildRequest, InitRequest, InitResult, Progress } from './build';
import type { Preview, PreviewRequest } from './preview';
import type { RebuildReport, RebuildRequest } from './rebuild';
import type { Lineage, TargetsRequest } from './lineage';

export interface Engine {
  /**
   * Builds datasets one after the other, leaving alone those that are up to date; a failing one does not stop the rest.
   * Throws `MldataError` only when nothing could be started (config errors) or the build was cancelled.
   */
  build(request: BuildRequest, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<BuildReport>;
  plan(request: BuildRequest, signal: AbortSignal): Promise<BuildPlan>;
  /** Writes a first config from the data; never overwrites without `force`. */
  init(request: InitRequest, signal: AbortSignal): Promise<InitResult>;
  /** Changes new data as a build changed its own. Throws `not-built` where no manifest stands. */
  apply(request: ApplyRequest, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<BuildReport>;
  /** Tries the steps of a dataset on its first rows; nothing is written. */
  preview(request: PreviewRequest, signal: AbortSignal): Promise<Preview>;
  /** Where builds came from, as their manifests say. Throws `not-built` for one without. */
  lineage(request: TargetsRequest): Promise<Lineage>;
  /** Builds again what manifests describe. Differences are no errors; throws `not-built`, and when cancelled. */
  rebuild(
    request: RebuildRequest,
    onProgress: (progress: Progress) => void,
    signal: AbortSignal,
  ): Promise<RebuildReport>;
}
