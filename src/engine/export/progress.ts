/** What an export tells of itself while it runs. */
import type { ExportFormat, ExportProgress, ExportStep } from '../../protocol';

/** Share of a usual export at which each step begins. */
const begins: Readonly<Record<ExportStep, number>> = {
  read: 0,
  write: 0.4,
  package: 0.9,
  hash: 0.94,
  publish: 0.97,
  // Once all stands; see `src/engine/exportOne.ts`.
  track: 1,
};
const order = Object.keys(begins) as ExportStep[];

export class ExportTelling {
  private step: ExportStep = 'read';
  private fraction = 0;

  constructor(private readonly onProgress: (progress: ExportProgress) => void) {}

  begin(step: ExportStep): void {
    this.step = step;
    this.within(0);
  }

  /** @param share of the current step, 0–1 */
  readonly within = (share: number): void => {
    this.tell(share, {});
  };

  /**
   * For the writing of one format among several.
   * @param expected bytes of all of it, estimated
   */
  format(
    format: ExportFormat,
    index: number,
    formats: number,
    expected: number,
  ): (share: number, bytes?: number) => void {
    const started = performance.now();
    return (share, bytes = Math.round(share * expected)) => {
      const seconds = (performance.now() - started) / 1000;
      this.tell((index + share) / formats, {
        format,
        ...(bytes > 0 && { bytes, ...(seconds > 0 && { bytesPerSecond: Math.round(bytes / seconds) }) }),
      });
    };
  }

  private tell(share: number, more: Partial<ExportProgress>): void {
    const start = begins[this.step];
    const next = order[order.indexOf(this.step) + 1];
    const end = next ? begins[next] : 1;
    // Never backwards: several estimates meet here.
    this.fraction = Math.max(this.fraction, start + Math.min(1, Math.max(0, share)) * (end - start));
    this.onProgress({ step: this.step, fraction: this.fraction, ...more });
  }
}
