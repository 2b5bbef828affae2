/** Turns each dataset's own share done into steps of one bar, which never goes back. */
import type { ShowProgress } from '../notifications';
import type { Progress } from '../../protocol';
import { progressText, shortProgressText } from './buildWords';

export class ProgressBar {
  private shown = 0;
  private finished = 0;
  /** Of the config that is being built. */
  private names: readonly string[] = [];
  private readonly fractions = new Map<string, number>();
  private readonly running = new Map<string, Progress>();

  /** `total` counts datasets. */
  constructor(
    private readonly total: number,
    private readonly report: ShowProgress,
  ) {}

  /** Datasets of the next config; what else has to be built for them does not count. */
  begin(names: readonly string[]): void {
    this.names = names;
  }

  show(progress: Progress): void {
    const { dataset, fraction, done: over } = progress;
    if (this.names.includes(dataset)) {
      this.fractions.set(dataset, Math.max(fraction, this.fractions.get(dataset) ?? 0));
    }
    if (over) this.running.delete(dataset);
    else this.running.set(dataset, progress);
    const sum = [...this.fractions.values()].reduce((total, each) => total + each, 0);
    const done = ((this.finished + sum) / this.total) * 100;
    const [first = progress, ...others] = this.running.values();
    const message =
      others.length === 0 ? progressText(first) : [first, ...others].map((each) => shortProgressText(each)).join(', ');
    this.report(message, Math.max(done - this.shown, 0));
    this.shown = Math.max(done, this.shown);
  }

  /** All datasets of the config are over. */
  finish(): void {
    this.finished += this.names.length;
    this.begin([]);
    this.fractions.clear();
    this.running.clear();
  }
}
