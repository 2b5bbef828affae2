/** The one door to everything about data. The command line calls it in its process, the editor over JSON-RPC. */
import type { BuildPlan, BuildReport, BuildRequest, InitRequest, InitResult, Progress } from './build';

export interface Engine {
  /**
   * Builds datasets one after the other; a failing one does not stop the rest.
   * Throws `MldataError` only when nothing could be started (config errors) or the build was cancelled.
   */
  build(request: BuildRequest, onProgress: (progress: Progress) => void, signal: AbortSignal): Promise<BuildReport>;
  plan(request: BuildRequest, signal: AbortSignal): Promise<BuildPlan>;
  /** Writes a first config from the data; never overwrites without `force`. */
  init(request: InitRequest, signal: AbortSignal): Promise<InitResult>;
}
