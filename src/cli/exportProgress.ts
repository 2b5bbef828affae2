/** Progress of an export: a live line for a person, one line per step and format for a log. */
import type { ExportProgress, ExportStep } from '../protocol';
import type { Console } from './console';
import { bytes } from './numbers';
import { progressLine } from './progress';

const steps: Readonly<Record<ExportStep, string>> = {
  read: 'reading',
  write: 'writing',
  package: 'packaging',
  hash: 'hashing',
  publish: 'publishing',
  track: 'tracking',
};

export function exportReporter(
  output: Pick<Console, 'interactive' | 'columns' | 'note' | 'redraw'>,
  target: string,
): (progress: ExportProgress) => void {
  let said: string | undefined;
  return ({ step, format, bytes: written, ...progress }) => {
    const doing = format === undefined ? steps[step] : `${steps[step]} ${format}`;
    if (output.interactive) {
      const detail = written === undefined ? {} : { detail: bytes(written) };
      const line = progressLine({ ...progress, ...detail, name: target, step: doing });
      output.redraw([line.slice(0, output.columns - 1)]);
    } else if (said !== doing && (step !== 'write' || format !== undefined)) output.note(`${target}: ${doing}`);
    said = doing;
  };
}
