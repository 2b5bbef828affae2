/** What a panel has made in the background: one at a time, to be stopped and begun again, and told as it goes. */
import type { LogOutputChannel } from 'vscode';
import { MldataError } from '../../protocol';
import type { Activity } from '../../protocol';

/** Progress comes more often than anybody reads. */
const PROGRESS_MS = 200;

export class BackgroundWork<Progress> {
  private running: AbortController | undefined;
  private told = 0;
  private left = false;
  private current: Activity<Progress> = { state: 'working' };

  /** @param tell called when the activity is another one @param title names the work in the log */
  constructor(
    private readonly tell: () => void,
    private readonly log: Pick<LogOutputChannel, 'error'>,
    private readonly title: string,
  ) {}

  get activity(): Activity<Progress> {
    return this.current;
  }

  get isWorking(): boolean {
    return this.current.state === 'working';
  }

  /** Stops what runs and does this; nothing of it is heard once it was stopped. Never throws. */
  async run(task: (signal: AbortSignal, onProgress: (progress: Progress) => void) => Promise<void>): Promise<void> {
    if (this.left) return;
    this.running?.abort();
    const running = new AbortController();
    this.running = running;
    const isCurrent = (): boolean => this.running === running && !running.signal.aborted;
    this.become({ state: 'working' });
    try {
      await task(running.signal, (progress) => isCurrent() && this.progress(progress));
      if (isCurrent()) this.become({ state: 'done' });
    } catch (error) {
      if (this.running === running) this.become(this.failure(error));
    }
  }

  /** What is there was made before. */
  isDone(): void {
    this.become({ state: 'done' });
  }

  cancel(): void {
    this.running?.abort();
    this.become({ state: 'cancelled' });
  }

  /** Nobody is there any more to be told, or to begin something for. */
  leave(): void {
    this.left = true;
    this.running?.abort();
  }

  /** What went wrong, which the log has with its code. */
  logged(error: unknown): string {
    const code = error instanceof MldataError ? `${error.code}: ` : '';
    const message = error instanceof Error ? error.message : String(error);
    this.log.error(`${this.title}: ${code}${message}`);
    return message;
  }

  private progress(progress: Progress): void {
    this.current = { state: 'working', progress };
    if (Date.now() - this.told < PROGRESS_MS) return;
    this.told = Date.now();
    this.tell();
  }

  private become(activity: Activity<Progress>): void {
    this.current = activity;
    if (!this.left) this.tell();
  }

  private failure(error: unknown): Activity<Progress> {
    if (error instanceof MldataError && error.kind === 'cancelled') return { state: 'cancelled' };
    return { state: 'failed', message: this.logged(error) };
  }
}
