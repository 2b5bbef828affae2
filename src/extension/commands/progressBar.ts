/** Turns each dataset's own share done into steps of one bar, which never goes back. */
import type { ShowProgress } from '../notifications';

export class ProgressBar {
  private shown = 0;
  private finished = 0;

  /** `total` counts datasets. */
  constructor(
    private readonly total: number,
    private readonly report: ShowProgress,
  ) {}

  /** `index` counts from the first dataset of the config being built. */
  show(index: number, fraction: number, message: string): void {
    const done = ((this.finished + Math.max(index, 0) + fraction) / this.total) * 100;
    this.report(message, Math.max(done - this.shown, 0));
    this.shown = Math.max(done, this.shown);
  }

  /** So many datasets are over; the next index counts from there. */
  finish(datasets: number): void {
    this.finished += datasets;
  }
}
