/** One profile, or two columns of the same rows: in a job process, and nothing of it remains. */
import { thresholdsOf } from '../config';
import { dataTarget } from './dataTarget';
import { runPair, runProfile } from './jobMessages';
import { runJob } from './jobProcess';
import { configOf } from './rows';
import type { Run } from './run';
import { openScratch } from './scratch';
import type { DataRequest, Pair, PairRequest, Profile, ProfileListener, ProfileRequest } from '../protocol';

/** Whoever draws rows without saying by what seed draws these. */
const SEED = 42;

type Place = Pick<Run, 'jobEntry' | 'limits' | 'signal'>;

export async function profileOne(
  { jobEntry, limits, signal }: Place,
  request: ProfileRequest,
  listener: ProfileListener,
): Promise<Profile> {
  const { sample, seed = SEED, fast = false } = request;
  const target = await dataTarget(request);
  return withScratch(request, (scratch) => {
    const thresholds = thresholdsOf(configOf(target) ?? {});
    const job = {
      spec: { name: target.name },
      target,
      scratch,
      thresholds,
      seed,
      fast,
      ...(sample && { sample }),
      ...limits,
    };
    return runJob(jobEntry, runProfile, job, listener, signal);
  });
}

export async function pairOne({ jobEntry, limits, signal }: Place, request: PairRequest): Promise<Pair> {
  const { a, b } = request;
  const target = await dataTarget(request);
  return withScratch(request, (scratch) => {
    const job = { spec: { name: target.name }, target, scratch, a, b, ...limits };
    return runJob(jobEntry, runPair, job, () => undefined, signal);
  });
}

async function withScratch<T>({ configPath }: DataRequest, work: (scratch: string) => Promise<T>): Promise<T> {
  const { folder, release } = await openScratch(configPath);
  try {
    return await work(folder);
  } finally {
    await release();
  }
}
