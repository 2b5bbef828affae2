/** The beginnings of files, read also where their line ends change further on than anybody looked when they were opened. */
import type { OpenSource } from '../sources';
import { evenReading, isReadersComplaint, type Reading } from './readOne';

type MixedNewlines = Pick<Reading, 'mixedNewlines'>;

/**
 * What `work` comes to. Where the reader complains, every file that was opened is gone through, and the work is done again
 * with those that mix line ends known; where none does, the complaint stands.
 * @param work tells `onOpen` of each source that it opens, and makes anew what it has made before
 */
export async function evenly<T>(
  work: (reading: MixedNewlines, onOpen: (source: OpenSource) => void) => Promise<T>,
  signal: AbortSignal,
): Promise<T> {
  const opened: OpenSource[] = [];
  const asFound: MixedNewlines = { mixedNewlines: new Map() };
  try {
    return await work(asFound, (source) => opened.push(source));
  } catch (error) {
    if (!isReadersComplaint(error)) throw error;
    const even = await evenReading(opened, asFound, signal);
    if (even.mixedNewlines.size === 0) throw error;
    return work(even, () => undefined);
  }
}
