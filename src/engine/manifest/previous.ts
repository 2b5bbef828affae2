/** The build that stands in an output folder: what the next one may replace, and nothing else. */
import { join, posix } from 'node:path';
import { DRIFT_FILE, MANIFEST_FILE, QUALITY_FILE, type Manifest } from '../../protocol';
import { readText } from '../readText';
import { readManifest } from './document';
import { hasDrift } from './drift';

export interface PreviousBuild {
  /** Its files relative to the output folder, with forward slashes. */
  readonly artifacts: readonly string[];
  /** There is a manifest of ours that does not say: one of another version, or with the marks of a merge in it. */
  readonly unreadable: boolean;
}

/** Undefined where no manifest of ours stands. */
export async function previousBuild(output: string): Promise<PreviousBuild | undefined> {
  return beforeOf(output, await readManifest(output));
}

/** The same, of the manifest that was read from the folder. */
export async function beforeOf(output: string, manifest: Manifest | undefined): Promise<PreviousBuild | undefined> {
  if (manifest) {
    const artifacts = manifest.artifacts.map(({ path }) => posix.normalize(path));
    const reports = [...(manifest.checked ? [QUALITY_FILE] : []), ...((await hasDrift(output)) ? [DRIFT_FILE] : [])];
    return { artifacts: [...artifacts, ...reports], unreadable: false };
  }
  const text = await readText(join(output, MANIFEST_FILE)).catch(() => '');
  return /^kind: mldata\/manifest\r?$/m.test(text) ? { artifacts: [], unreadable: true } : undefined;
}
