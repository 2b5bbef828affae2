/**
 * The numbers of a build for the pipeline that it is a stage of: written where DVC runs the build, and kept true from then
 * on whoever runs it.
 */
import { lstat, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isBelow } from './output';
import { METRICS_FILE, metricsTexts, replaceText } from './tracking';
import { explain } from './trouble';
import type { BuildRequest, DatasetBuild, Manifest } from '../protocol';

export interface MeasuredSite {
  /** The folder of the build, absolute. */
  readonly output: string;
  /** The build that stands there. */
  readonly manifest: Manifest;
  readonly request: BuildRequest;
}

/** DVC tells a command which stage it is. */
const STAGE_VARIABLE = 'DVC_STAGE';

/** The report of a build whose numbers are written. Whatever goes wrong with that is said, and stops no build. */
export async function measured(
  build: DatasetBuild,
  { output, manifest, request }: MeasuredSite,
): Promise<DatasetBuild> {
  const isStage = Boolean(process.env[STAGE_VARIABLE]) && request.names?.includes(build.dataset) === true;
  if (!isStage && !(await isThere(join(output, METRICS_FILE)))) return build;
  try {
    for (const [file, text] of metricsTexts(manifest, build.drift)) {
      const path = join(output, file);
      if ((await readFile(path, 'utf8').catch(() => undefined)) === text) continue;
      if (!(await isBelow(output, file))) throw new Error(`${path} is a link to another place`);
      await replaceText(path, text);
    }
    return build;
  } catch (error) {
    const finding = {
      code: 'metrics-not-kept',
      severity: 'warning',
      message: `The build is whole, but the numbers that DVC compares could not be written. ${explain(error, build.dataset).message}`,
      dataset: build.dataset,
    } as const;
    return { ...build, findings: [...build.findings, finding] };
  }
}

function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
