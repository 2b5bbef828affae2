/** What a thread does with the file it is asked about. */
import { MldataError } from '../../../protocol/errors';
import { checkMedia } from './checkMedia';
import type { CheckAnswer, CheckQuestion } from './pool';

/** What nobody foresaw is a problem of the file, too: it must not keep the others from being checked. */
export async function answer(question: CheckQuestion, signal: AbortSignal): Promise<CheckAnswer> {
  const { path, kind, seconds, headway } = question;
  const onHeadway = () => Atomics.add(headway, 0, 1);
  onHeadway();
  try {
    const verdict = await checkMedia(path, {
      ...(kind && { kind }),
      seconds,
      signal,
      onHeadway,
    });
    return { verdict };
  } catch (error) {
    if (error instanceof MldataError) return { error: error.toData() };
    const message = `The file cannot be checked: ${error instanceof Error ? error.message : String(error)}.`;
    return { verdict: { decoded: false, problems: [{ code: 'file-unreadable', severity: 'error', message }] } };
  }
}
