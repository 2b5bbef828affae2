/** Says every so often that time has passed, while somebody looks: "3 min ago" does not stay true by itself. */
import { Disposable } from './disposable';

export class Ticker extends Disposable {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly onTick: () => void,
    private readonly periodMs = 60_000,
  ) {
    super();
    this._register({ dispose: () => this.run(false) });
  }

  /** Starts with a tick: what was out of sight is brought up to date. */
  run(watched: boolean): void {
    clearInterval(this.timer);
    this.timer = watched ? setInterval(this.onTick, this.periodMs) : undefined;
    if (watched) this.onTick();
  }
}
