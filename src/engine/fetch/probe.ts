/** Whether an address answers, without taking what it has. */
import { MldataError } from '../../protocol';
import { shown } from './address';
import { ask, type Means, type Question } from './asking';
import { Fault, reasonOf } from './faults';

/** The status of the answer, whatever it is. Throws `unreachable`, and what {@link ask} does of an address. */
export async function probe(
  { url, credentials }: Pick<Question, 'url' | 'credentials'>,
  means: Means,
  signal: AbortSignal,
): Promise<number> {
  try {
    const { answer } = await ask({ url, headers: { range: 'bytes=0-0' }, credentials }, means, signal);
    answer.discard();
    return answer.status;
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    throw new MldataError('network', 'unreachable', `${shown(url)} cannot be reached: ${reasonOf(error)}.`, [], {
      cause: error,
    });
  }
}
