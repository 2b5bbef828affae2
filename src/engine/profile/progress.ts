/** Progress of one profile. */
import { TimeLeft } from '../timeLeft';
import { profileSteps, type ProfileProgress } from '../../protocol';

type Step = ProfileProgress['step'];

/** Share of a typical profile at which each step begins. */
const begins: Readonly<Record<Step, number>> = { read: 0, columns: 0.3, pairs: 0.75, rows: 0.85, splits: 0.92 };

export class ProgressOfProfile {
  private fraction = 0;
  private readonly timeLeft = new TimeLeft();

  constructor(private readonly onProgress: (progress: ProfileProgress) => void) {}

  /** @param within share of the step, 0–1 */
  report(step: Step, within: number, detail?: string): void {
    const next = profileSteps[profileSteps.indexOf(step) + 1];
    const start = begins[step];
    const end = next ? begins[next] : 1;
    this.fraction = Math.max(this.fraction, start + Math.min(1, Math.max(0, within)) * (end - start));
    const etaSeconds = this.timeLeft.at(this.fraction);
    this.onProgress({
      step,
      fraction: this.fraction,
      ...(detail !== undefined && { detail }),
      ...(etaSeconds !== undefined && { etaSeconds }),
    });
  }
}
