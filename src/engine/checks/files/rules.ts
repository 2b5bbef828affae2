/** Whether a file is as the rules of the config say. */
import type { FilesParameters } from '../../../config';
import type { MediaVerdict } from '../../media';
import type { FileProblem, FileProblemCode } from './problems';

type Bounds = FilesParameters['width'];

export function againstRules(verdict: MediaVerdict, rules: FilesParameters): FileProblem[] {
  const { format, width, height, seconds, sampleRate, channels } = verdict;
  const problems: FileProblem[] = [];
  const outside = (code: FileProblemCode, what: string, value: number | undefined, { minimum, maximum }: Bounds) => {
    if (value === undefined) return;
    const limit =
      minimum !== undefined && value < minimum
        ? `at least ${minimum}`
        : maximum !== undefined && value > maximum
          ? `at most ${maximum}`
          : undefined;
    if (limit !== undefined) problems.push(problem(code, `${what} is ${shown(value)}, and ${limit} is allowed.`));
  };
  const unlisted = <T>(code: FileProblemCode, what: string, value: T | undefined, allowed: readonly T[]) => {
    if (value === undefined || allowed.length === 0 || allowed.includes(value)) return;
    problems.push(problem(code, `${what} is ${String(value)}, and ${allowed.join(', ')} is allowed.`));
  };
  unlisted('file-format', 'Its format', format, rules.formats);
  outside('file-dimensions', 'Its width', width, rules.width);
  outside('file-dimensions', 'Its height', height, rules.height);
  outside('file-duration', 'Its length in seconds', seconds, rules.seconds);
  unlisted('file-sample-rate', 'Its sample rate', sampleRate, rules.sampleRates);
  unlisted('file-channels', 'Its number of channels', channels, rules.channels);
  return problems;
}

function problem(code: FileProblemCode, message: string): FileProblem {
  return { code, severity: 'error', message };
}

function shown(value: number): string {
  return String(Number(value.toPrecision(4)));
}
