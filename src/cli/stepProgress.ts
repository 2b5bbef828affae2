/** Progress in steps: a live line for a person, one line per step for a log. */
import type { Console } from './console';
import { progressLine } from './progress';

/**
 * @param doing what is done in a step, such as `reading`
 * @param noted what a log says of it, once; as on the live line unless said
 */
export function stepProgress<Step extends string>(
  output: Pick<Console, 'interactive' | 'columns' | 'note' | 'redraw'>,
  target: string,
  doing: (step: Step) => string,
  noted = doing,
): (progress: {
  readonly step: Step;
  readonly detail?: string;
  readonly fraction: number;
  readonly etaSeconds?: number;
}) => void {
  const said = new Set<string>();
  return ({ step, ...progress }) => {
    const note = noted(step);
    if (output.interactive) {
      const line = progressLine({ ...progress, name: target, step: doing(step) });
      output.redraw([line.slice(0, output.columns - 1)]);
    } else if (!said.has(note)) output.note(`${target}: ${note}`);
    said.add(note);
  };
}
