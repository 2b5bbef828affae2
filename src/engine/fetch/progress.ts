/** How far a file is, how fast it comes, and when it will be there. */

export interface FetchProgress {
  /** The address, as it may be shown. */
  readonly name: string;
  readonly bytes: number;
  readonly total?: number;
  readonly bytesPerSecond?: number;
  readonly etaSeconds?: number;
}

/** Telling more often is more than an eye takes in. */
const EVERY_MS = 200;
/** The speed is that of the last seconds. */
const WINDOW_MS = 5_000;

export class Meter {
  private readonly samples: { readonly at: number; readonly bytes: number }[] = [];

  constructor(
    private readonly name: string,
    private readonly tell: (progress: FetchProgress) => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** A new connection: what lies between it and the one before was no transfer. */
  begin(bytes: number): void {
    this.samples.splice(0, this.samples.length, { at: this.now(), bytes });
  }

  /** @param last tells even where it told a moment ago */
  moved(bytes: number, total: number | undefined, last = false): void {
    const at = this.now();
    const latest = this.samples.at(-1);
    if (!last && latest && at - latest.at < EVERY_MS) return;
    this.samples.push({ at, bytes });
    while (this.samples.length > 2 && at - (this.samples[0]?.at ?? at) > WINDOW_MS) this.samples.shift();
    const [first] = this.samples;
    const speed = first && at > first.at ? ((bytes - first.bytes) / (at - first.at)) * 1000 : undefined;
    this.tell({
      name: this.name,
      bytes,
      ...(total !== undefined && { total }),
      ...(speed !== undefined && { bytesPerSecond: speed }),
      ...(speed !== undefined && speed > 0 && total !== undefined && { etaSeconds: (total - bytes) / speed }),
    });
  }
}
