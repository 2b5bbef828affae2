/** Progress of builds: a live line for each dataset that is being built for a person, one line per step for a log. */
import type { BuildStep, Progress } from '../protocol';
import type { Console } from './console';
import { bytes, duration, loadWords } from './numbers';

const names: Readonly<Record<BuildStep, string>> = {
  fetch: 'fetching',
  resolve: 'looking for files',
  read: 'reading',
  enforce: 'enforcing the schema',
  transform: 'transforming',
  split: 'splitting',
  check: 'checking',
  fit: 'learning from the training rows',
  write: 'writing',
  hash: 'hashing',
  publish: 'publishing',
  track: 'tracking',
  compare: 'comparing with its baseline',
};

const BAR = 24;

export function progressReporter(
  output: Pick<Console, 'interactive' | 'columns' | 'note' | 'notes' | 'redraw'>,
): (progress: Progress) => void {
  /** What was last said of each dataset that is being built, in the order in which they were started. */
  const running = new Map<string, string>();
  return (progress) => {
    const { dataset, step, said, done } = progress;
    if (said !== undefined) output.note(said);
    else if (done) running.delete(dataset);
    else if (!output.interactive) {
      if (output.notes && running.size === 0) setImmediate(loadWords);
      if (running.get(dataset) !== step) output.note(`${dataset}: ${names[step]}`);
      running.set(dataset, step);
    } else {
      const line = progressLine({ ...progress, name: dataset, step: names[step] });
      running.set(dataset, line.slice(0, output.columns - 1));
    }
    if (output.interactive) output.redraw([...running.values()]);
  };
}

/** How far work on `name` is, in one line. */
export function progressLine(
  at: Pick<Progress, 'detail' | 'fraction' | 'etaSeconds' | 'bytesPerSecond'> & { name: string; step: string },
): string {
  const { name, step, detail, fraction, etaSeconds, bytesPerSecond } = at;
  const filled = Math.round(fraction * BAR);
  const parts = [
    name,
    `[${'#'.repeat(filled)}${'-'.repeat(BAR - filled)}]`,
    `${Math.floor(fraction * 100)} %`.padStart(5),
    step + (detail === undefined ? '' : ` ${detail}`),
    bytesPerSecond !== undefined && `${bytes(bytesPerSecond)}/s`,
    etaSeconds !== undefined && etaSeconds > 0 && `${duration(etaSeconds * 1000)} left`,
  ];
  return parts.filter(Boolean).join('  ');
}
