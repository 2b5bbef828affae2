/** How long work goes on, from how far it has come and when. */
import { linearRegression } from 'simple-statistics';

/** The engine's own row totals are estimates, so the time left comes from a line through the latest figures. */
const SAMPLES = 20;
const MIN_SAMPLES = 5;

export class TimeLeft {
  private readonly samples: [seconds: number, fraction: number][] = [];

  /** Seconds left, now that this share of the whole is done; undefined while there is too little to tell. */
  at(fraction: number): number | undefined {
    this.samples.push([performance.now() / 1000, fraction]);
    if (this.samples.length > SAMPLES) this.samples.shift();
    const [oldest] = this.samples;
    // While nothing moves the slope is only the noise of floating point.
    if (this.samples.length < MIN_SAMPLES || oldest?.[1] === fraction) return undefined;
    const { m: perSecond } = linearRegression(this.samples);
    return perSecond > 0 ? Math.round((1 - fraction) / perSecond) : undefined;
  }
}
