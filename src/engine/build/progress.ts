/** Progress of one build: shares of the whole per step, and an estimate of the time left that does not jump. */
import { TimeLeft } from '../timeLeft';
import { buildSteps, type BuildStep, type DatasetBuild, type Progress } from '../../protocol';

/** Share of a typical build at which each step begins. */
const begins: Readonly<Record<BuildStep, number>> = {
  fetch: 0,
  resolve: 0,
  read: 0.02,
  enforce: 0.45,
  transform: 0.5,
  split: 0.52,
  check: 0.53,
  fit: 0.54,
  write: 0.56,
  hash: 0.94,
  publish: 0.98,
  // Once all is built; see `src/engine/trackBuild.ts` and `compareBuild.ts`.
  track: 1,
  compare: 1,
};

export class BuildProgress {
  private step: BuildStep | undefined;
  private stepStarted = performance.now();
  private fraction = 0;
  private readonly durations = new Map<BuildStep, number>();
  private readonly timeLeft = new TimeLeft();

  constructor(
    private readonly dataset: string,
    private readonly totalBytes: () => number,
    private readonly onProgress: (progress: Progress) => void,
  ) {}

  /** Begins a step and ends the one before. */
  begin(step: BuildStep): void {
    this.steps();
    this.step = step;
    this.stepStarted = performance.now();
    this.report(0);
  }

  /** @param within share of the current step, 0–1 */
  report(within: number, detail?: string): void {
    if (!this.step) return;
    const next = buildSteps[buildSteps.indexOf(this.step) + 1];
    const start = begins[this.step];
    const end = next ? begins[next] : 1;
    // Never backwards: several estimates meet here.
    this.fraction = Math.max(this.fraction, start + Math.min(1, Math.max(0, within)) * (end - start));
    const etaSeconds = this.timeLeft.at(this.fraction);
    const elapsed = (performance.now() - this.stepStarted) / 1000;
    const bytes = this.step === 'read' ? Math.round(within * this.totalBytes()) : undefined;
    this.onProgress({
      dataset: this.dataset,
      step: this.step,
      fraction: this.fraction,
      ...(detail !== undefined && { detail }),
      ...(etaSeconds !== undefined && { etaSeconds }),
      ...(bytes !== undefined && { bytes, ...(elapsed > 0.2 && { bytesPerSecond: bytes / elapsed }) }),
    });
  }

  /** The time of each step so far, the current one included. */
  steps(): DatasetBuild['steps'] {
    if (this.step) this.durations.set(this.step, Math.round(performance.now() - this.stepStarted));
    return Array.from(this.durations, ([step, durationMs]) => ({ step, durationMs }));
  }
}
