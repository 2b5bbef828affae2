/** Looking at few files on the thread that asks: to start another takes longer. */
import { lstatSync } from 'node:fs';
import type { WholeFacts } from './hashFile';
import { allKept, type Standing } from './standing';
import { walk, type WalkQuestion } from './walk';

/** Some 2,500. */
const FEW_BYTES = 2 ** 18;
/** Nobody may wait for more of them that came since. */
const MOST = 5000;

/** Whether few files are remembered there; of what nothing is remembered, there may be many. */
export function remembersFew(hashFile: string): boolean {
  const found = lstatSync(hashFile, { throwIfNoEntry: false });
  return found !== undefined && found.size <= FEW_BYTES;
}

/**
 * What is known of the whole of a path that is as it was. Undefined where it is not, or may not be, and the threads are to look.
 * @param objects the folder of objects that are to have all of it
 */
export function stands(path: WalkQuestion, was: Standing, objects?: string): WholeFacts | undefined {
  const walked = walk({ ...path, was, most: MOST });
  if ('problem' in walked || walked.stands === undefined) return undefined;
  return objects === undefined || allKept({ do: 'kept', objects, ...was }) ? walked.stands : undefined;
}
