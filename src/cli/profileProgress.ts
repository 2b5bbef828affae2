/** Progress of a profile: a live line for a person, one line per step for a log. */
import type { ProfileProgress } from '../protocol';
import type { Console } from './console';
import { progressLine } from './progress';

const names: Readonly<Record<ProfileProgress['step'], string>> = {
  read: 'reading',
  columns: 'describing columns',
  pairs: 'comparing columns',
  rows: 'looking for missing and duplicate rows',
  splits: 'describing splits',
};

export function profileProgress(
  output: Pick<Console, 'interactive' | 'columns' | 'note' | 'redraw'>,
  target: string,
): (progress: ProfileProgress) => void {
  let said: string | undefined;
  return ({ step, ...progress }) => {
    if (output.interactive) {
      const line = progressLine({ ...progress, name: target, step: names[step] });
      output.redraw([line.slice(0, output.columns - 1)]);
    } else if (step !== said) output.note(`${target}: ${names[step]}`);
    said = step;
  };
}
