/** Progress of builds: a live bar for a person, one line per step for a log. */
import type { BuildStep, Progress } from '../protocol';
import type { Console } from './console';
import { bytes, duration } from './numbers';

const names: Readonly<Record<BuildStep, string>> = {
  resolve: 'looking for files',
  read: 'reading',
  enforce: 'enforcing the schema',
  transform: 'transforming',
  split: 'splitting',
  fit: 'learning from the training rows',
  write: 'writing',
  hash: 'hashing',
  publish: 'publishing',
};

const BAR = 24;

export function progressReporter(output: Console): (progress: Progress) => void {
  let last = '';
  return (progress) => {
    const { dataset, step, detail, fraction, etaSeconds, bytesPerSecond } = progress;
    if (!output.interactive) {
      const key = `${dataset}/${step}`;
      if (key !== last) output.note(`${dataset}: ${names[step]}`);
      last = key;
      return;
    }
    const filled = Math.round(fraction * BAR);
    const parts = [
      dataset,
      `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`,
      `${Math.floor(fraction * 100)} %`.padStart(5),
      names[step] + (detail === undefined ? '' : ` ${detail}`),
      bytesPerSecond !== undefined && `${bytes(bytesPerSecond)}/s`,
      etaSeconds !== undefined && etaSeconds > 0 && `${duration(etaSeconds * 1000)} left`,
    ];
    output.redraw(
      parts
        .filter(Boolean)
        .join('  ')
        .slice(0, output.columns - 1),
    );
  };
}
