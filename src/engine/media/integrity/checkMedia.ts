/** Whether an image or audio file is whole: what it is by its content, its structure, and every pixel or sample of it. */
import { closeSync, openSync, statSync } from 'node:fs';
import { BeyondEnd } from './bytes';
import { checkAudio } from './checkAudio';
import { checkImage } from './checkImage';
import { FileBytes } from './fileBytes';
import { recognise } from './recognise';
import type { MediaProblem, MediaVerdict } from './verdict';

export interface CheckOptions {
  /** What is expected; left out where either will do. */
  readonly kind?: 'image' | 'audio';
  /** That decoding an image may take; the caller stops recordings by the signal. */
  readonly seconds?: number;
  readonly signal: AbortSignal;
  /** Is called whenever the next part of the file is read or decoded. */
  readonly onHeadway?: () => void;
}

const SECONDS = 5;
/** Most images are not larger, and are read at once. */
const READ_BYTES = 1 << 20;
/** Damage leads to more damage: the first of it says enough. */
const MOST_PROBLEMS = 10;
/** Fewer at the end of a file mean nothing. */
const LEAST_ZEROS = 1024;
const SEARCHED_BYTES = 1 << 18;

/**
 * All that is wrong with a file is in the verdict, also that it cannot be read. Throws once the signal is aborted, and
 * `image-reader-missing`.
 * @param path of the file
 */
export async function checkMedia(
  path: string,
  { kind, seconds = SECONDS, signal, onHeadway }: CheckOptions,
): Promise<MediaVerdict> {
  let descriptor: number | undefined;
  try {
    // In a thread of its own, waiting is cheaper than a promise for each step. What is no file may not even open.
    const status = statSync(path);
    if (!status.isFile()) return unreadable('it is not a file');
    descriptor = openSync(path, 'r');
    const onRead = (): void => {
      signal.throwIfAborted();
      onHeadway?.();
    };
    const file = new FileBytes(descriptor, status.size, onRead);
    file.upTo(0, READ_BYTES);
    return await checkContent(file, path, { ...(kind && { kind }), seconds, signal });
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof BeyondEnd) return unreadable('it became shorter while it was read');
    if (error instanceof Error && 'syscall' in error) return unreadable(error.message);
    throw error;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

async function checkContent(
  file: FileBytes,
  path: string,
  { kind, seconds, signal }: Required<Pick<CheckOptions, 'seconds' | 'signal'>> & Pick<CheckOptions, 'kind'>,
): Promise<MediaVerdict> {
  const { known, problems } = recognise(file, path, kind);
  if (!known) return { decoded: false, problems };
  const recognised = { kind: known.kind, format: known.format, decoded: false };
  if (problems.some(({ severity }) => severity === 'error')) return { ...recognised, problems };
  if (!known.checked) {
    const message = `The content is ${known.title}, a format that is not checked.`;
    return { ...recognised, problems: [...problems, { code: 'file-unsupported', severity: 'warning', message }] };
  }
  const checked =
    known.kind === 'image'
      ? await checkImage(file, known.format, seconds, signal)
      : await checkAudio(file, known.format, signal);
  const [first, ...others] = inOrder([...problems, ...checked.problems]).slice(0, MOST_PROBLEMS);
  return { ...recognised, ...checked, problems: first ? [withZeros(first, file), ...others] : [] };
}

/** Adds from where on a damaged file has only zeros: there its copy or download stopped. */
function withZeros(problem: MediaProblem, file: FileBytes): MediaProblem {
  let end = Math.max(0, file.length - LEAST_ZEROS);
  if (problem.severity !== 'error' || !file.isZero(end, file.length)) return problem;
  let start = end;
  for (; start > 0 && file.isZero(start, end); start = Math.max(0, start - SEARCHED_BYTES)) end = start;
  const zeros = start + 1 + file.view(start, end - start).findLastIndex((byte) => byte !== 0);
  return { ...problem, message: `${problem.message} From byte ${zeros} on there are only zeros.` };
}

/** Errors first, else as they lie in the file; those without a place last. */
function inOrder(problems: readonly MediaProblem[]): MediaProblem[] {
  const place = ({ byte = Number.MAX_SAFE_INTEGER }: MediaProblem): number => byte;
  const rank = ({ severity }: MediaProblem): number => (severity === 'error' ? 0 : 1);
  return [...problems].sort((a, b) => rank(a) - rank(b) || place(a) - place(b));
}

function unreadable(reason: string): MediaVerdict {
  const message = `The file cannot be read: ${reason}.`;
  return { decoded: false, problems: [{ code: 'file-unreadable', severity: 'error', message }] };
}
