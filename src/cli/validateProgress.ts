/** Progress of a validation: a live line for a person, one line per step for a log. */
import type { ValidateProgress } from '../protocol';
import type { Console } from './console';
import { progressLine } from './progress';

export function validateProgress(
  output: Pick<Console, 'interactive' | 'columns' | 'note' | 'redraw'>,
  target: string,
): (progress: ValidateProgress) => void {
  let isReading = false;
  let isChecking = false;
  return ({ step, ...progress }) => {
    const doing = step === 'read' ? 'reading' : `checking ${step}`;
    if (output.interactive) {
      const line = progressLine({ ...progress, name: target, step: doing });
      output.redraw([line.slice(0, output.columns - 1)]);
    } else if (step === 'read' ? !isReading : !isChecking) {
      output.note(`${target}: ${step === 'read' ? 'reading' : 'checking'}`);
    }
    if (step === 'read') isReading = true;
    else isChecking = true;
  };
}
