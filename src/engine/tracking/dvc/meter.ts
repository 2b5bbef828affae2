/** How far hashing and copying have come, told while threads do it. */
import { TimeLeft } from '../../timeLeft';
import type { TrackRun } from '../site';
import type { TrackStep } from '../../../protocol';

const EVERY_MS = 200;

export class Meter {
  /** The threads count the bytes that they read. */
  readonly read = new BigInt64Array(new SharedArrayBuffer(8));
  private files = 0;
  private readonly left = new TimeLeft();
  private readonly started = performance.now();
  private readonly timer: NodeJS.Timeout;

  /** @param inAll the bytes that are to be read */
  constructor(
    private readonly run: Pick<TrackRun, 'onProgress'>,
    private readonly step: TrackStep,
    private readonly inAll: number,
  ) {
    this.timer = setInterval(() => {
      this.tell();
    }, EVERY_MS);
    this.tell();
  }

  done(files: number): void {
    this.files += files;
  }

  stop(): void {
    clearInterval(this.timer);
    this.tell();
  }

  private tell(): void {
    const bytes = Number(Atomics.load(this.read, 0));
    const fraction = this.inAll === 0 ? 0 : Math.min(bytes / this.inAll, 1);
    const seconds = (performance.now() - this.started) / 1000;
    const etaSeconds = this.left.at(fraction);
    this.run.onProgress({
      step: this.step,
      // Looking comes before and takes little, writing after.
      fraction: 0.02 + fraction * 0.96,
      files: this.files,
      bytes,
      ...(seconds > 0 && { bytesPerSecond: Math.round(bytes / seconds) }),
      ...(etaSeconds !== undefined && { etaSeconds }),
    });
  }
}
