/** Work that several wait for: it is stopped once nobody does. */
import { cancelled } from '../../protocol';

export class Shared<T> {
  private readonly controller = new AbortController();
  /** What comes of it, for those who wait for it only as long as others do. */
  readonly done: Promise<T>;
  private waiting = 0;
  private settled = false;

  constructor(work: (signal: AbortSignal) => Promise<T>) {
    this.done = work(this.controller.signal).finally(() => (this.settled = true));
    this.done.catch(() => undefined);
  }

  /** Whether nothing comes of it any more: whoever wants it begins anew. */
  get stopped(): boolean {
    return this.controller.signal.aborted;
  }

  /** Rejects at once when the signal is aborted. */
  async wait(signal: AbortSignal): Promise<T> {
    if (signal.aborted) throw cancelled();
    this.waiting++;
    let leave = (): void => undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => reject(cancelled());
      signal.addEventListener('abort', leave, { once: true });
    });
    try {
      return await Promise.race([this.done, left]);
    } finally {
      signal.removeEventListener('abort', leave);
      this.waiting--;
      if (this.waiting === 0) this.stop();
    }
  }

  /** Means nothing once it is done. */
  stop(): void {
    if (!this.settled) this.controller.abort();
  }
}
