import pLimit from 'p-limit';

/** All at once there are more than a process may have open. */
const AT_ONCE = 16;

/** Looks at many files, some at a time. Once one fails no other is begun, and those that were have ended when it rejects. */
export async function eachOf<T, R>(files: readonly T[], work: (file: T) => Promise<R>): Promise<R[]> {
  const limit = pLimit({ concurrency: AT_ONCE, rejectOnClear: true });
  const looks = files.map((file) => limit(work, file));
  try {
    return await Promise.all(looks);
  } catch (error) {
    limit.clearQueue();
    await Promise.allSettled(looks);
    throw error;
  }
}
