/** One comparison of two sets of rows: in a job process, and nothing of it remains. */
import { driftSettings, type DriftSettings } from '../config';
import { driftSides } from './driftSides';
import { runDrift } from './jobMessages';
import { runJob } from './jobProcess';
import type { Run } from './run';
import { openScratch } from './scratch';
import { MldataError, type Drift, type DriftProgress, type DriftRequest, type DriftSpec } from '../protocol';

/** Throws what `driftSides` throws, `drift-levels` for a measure without thresholds, and what reading and comparing the rows throws. */
export async function driftOne(
  { jobEntry, limits, signal }: Pick<Run, 'jobEntry' | 'limits' | 'signal'>,
  request: DriftRequest,
  onProgress: (progress: DriftProgress) => void,
): Promise<Drift> {
  const { baseline, current, spec } = await driftSides(request);
  const settings = driftSettings(overConfig(spec?.drift, request.settings));
  refuseWithoutLevels(settings);
  const { folder: scratch, release } = await openScratch(request.configPath);
  try {
    const job = {
      spec: { name: `${baseline.name} and ${current.name}` },
      ...{ baseline, current, scratch },
      settings,
      metrics: request.metrics,
      ...(spec && { dataset: spec.name, configColumns: Object.keys(spec.schema.columns) }),
      ...limits,
    };
    const drift = await runJob(jobEntry, runDrift, job, { onDrift: onProgress }, signal);
    const { configPath } = request;
    return spec && configPath !== undefined ? { ...drift, config: configPath, dataset: spec.name } : drift;
  } finally {
    await release();
  }
}

/** What the config says was held against this already; what a command asks for was not. */
function refuseWithoutLevels({ method, thresholds }: DriftSettings): void {
  if (method === 'auto' || thresholds[method] !== undefined) return;
  throw new MldataError(
    'usage',
    'drift-levels',
    `\`${method}\` is in the units of each column, so that nothing says how much is drift. Write \`thresholds: { ${method}: [low, medium, high] }\` under \`drift\` in the config, or take \`wassersteinNormalized\`.`,
  );
}

/** What somebody asks for over what the config says: of thresholds and columns each by itself. */
function overConfig(said: DriftSpec = {}, asked: DriftSpec = {}): DriftSpec {
  return {
    ...said,
    ...asked,
    thresholds: { ...said.thresholds, ...asked.thresholds },
    columns: { ...said.columns, ...asked.columns },
  };
}
