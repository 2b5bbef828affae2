import pLimit from 'p-limit';

/** All at once there are more than a process may have open. */
const AT_ONCE = 16;

/** Looks at many files, some at a time. */
export function eachOf<T, R>(files: readonly T[], work: (file: T) => Promise<R>): Promise<R[]> {
  return pLimit(AT_ONCE).map(files, work);
}
