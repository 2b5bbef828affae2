/** −60 dB of full scale. */
const SILENCE = 10 ** (-60 / 20);

/** Counts samples, of which 1 is full scale, that are silent and that are clipped. */
export class Loudness {
  private total = 0;
  private silent = 0;
  private clipped = 0;

  /** @param fullScale of the largest value that a sample of the file can have */
  constructor(private readonly fullScale: number) {}

  add(sample: number): void {
    const level = Math.abs(sample);
    this.total++;
    if (level < SILENCE) this.silent++;
    else if (level >= this.fullScale) this.clipped++;
  }

  get samples(): { readonly total: number; readonly silent: number; readonly clipped: number } {
    return { total: this.total, silent: this.silent, clipped: this.clipped };
  }
}
