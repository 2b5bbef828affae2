/** `reports/drift.json` beside a manifest: how far the build is from its baseline. No manifest lists it, since it comes later. */
import { lstat, open } from 'node:fs/promises';
import { join } from 'node:path';
import { readText } from '../readText';
import { DRIFT_FILE, driftSchema, type Drift } from '../../protocol';

/** As JSON begins that we write. */
const OURS = /^\{\s*"kind": "mldata\/drift"/;

/** Undefined where there is none that can be read. */
export async function readDrift(folder: string): Promise<Drift | undefined> {
  try {
    return driftSchema.parse(JSON.parse(await readText(join(folder, DRIFT_FILE))));
  } catch {
    return undefined;
  }
}

/** Whether the file that stands there is one that a build of ours wrote, so that the next one may remove it. */
export async function hasDrift(folder: string): Promise<boolean> {
  const path = join(folder, DRIFT_FILE);
  if ((await lstat(path).catch(() => undefined))?.isFile() !== true) return false;
  const handle = await open(path, 'r').catch(() => undefined);
  if (handle === undefined) return false;
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(64), 0, 64, 0);
    return OURS.test(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await handle.close();
  }
}
