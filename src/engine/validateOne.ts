/** One validation, in a job process; nothing of it remains. */
import { resolve } from 'node:path';
import { keyDatasets, plannedChecks } from '../config';
import { dataTarget, unknownSplit } from './dataTarget';
import { findReferences } from './findReferences';
import { runValidate } from './jobMessages';
import { runJob } from './jobProcess';
import { buildFolder } from './named';
import { configOf, type RowsTarget } from './rows';
import type { Run } from './run';
import { openScratch } from './scratch';
import type { ChecksSpec, Quality, ValidateProgress, ValidateRequest } from '../protocol';

/** Whoever draws rows without saying by what seed draws these. */
const SEED = 42;

/** A dataset of the config is checked as it is read, also where it is built: whether its next build would pass. */
export async function validateOne(
  { jobEntry, limits, signal }: Pick<Run, 'jobEntry' | 'limits' | 'signal'>,
  request: ValidateRequest,
  onProgress: (progress: ValidateProgress) => void,
): Promise<Quality> {
  const { sample, seed = SEED, split, quarantine, checks = 'usual' } = request;
  const isBuild = (await buildFolder(resolve(request.folder, request.target))) !== undefined;
  const { split: _split, ...withoutSplit } = request;
  const target = await dataTarget(isBuild ? request : { ...withoutSplit, source: true });
  if (split !== undefined && target.of === 'files') throw unknownSplit(target.name, split, []);
  const { folder: scratch, release } = await openScratch(request.configPath);
  try {
    const spec = configOf(target);
    const { configPath } = request;
    const references =
      spec && configPath !== undefined ? await findReferences(keyDatasets(spec.schema), configPath) : {};
    const job = {
      spec: { name: target.name },
      target,
      scratch,
      planned: plannedChecks(checksOf(target), checks),
      references,
      seed,
      ...(split !== undefined && { split }),
      ...(sample && { sample }),
      ...(quarantine !== undefined && { quarantine }),
      ...limits,
    };
    const quality = await runJob(jobEntry, runValidate, job, { onCheck: onProgress }, signal);
    return configPath !== undefined && target.of === 'source' && !isBuild
      ? { ...quality, config: configPath }
      : quality;
  } finally {
    await release();
  }
}

/** What the config says; of a build that is named by its folder, what it said then. */
function checksOf(target: RowsTarget): ChecksSpec | undefined {
  return configOf(target)?.checks ?? (target.of === 'build' ? target.manifest.checked?.checks : undefined);
}
