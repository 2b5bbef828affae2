/** One try at a build or an export: makes the folders it works in, and clears them away however it ends. */
import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { REPORT_FILE, type Built } from './build';
import { makeFolder } from './folders';
import { readManifest, readReport } from './manifest';
import { BUILD, recover, stagingFolder, type Kind } from './output';
import { isRunning } from './runs';
import { closeWay, openWay, removeEmpty, type Way } from './wayTo';

/** Where a run with this id works. */
export interface Site {
  readonly id: string;
  /** On any disk. */
  readonly scratch: string;
  /** The output folder; the run stages its files in a folder inside. */
  readonly output: string;
}

/** @param work builds and publishes; given the staging folder */
export function attempt(site: Site, work: (staging: string) => Promise<Built>): Promise<Built> {
  return attemptAt(site, BUILD, publishedBuild, work);
}

/**
 * @param published what was published there, read again
 * @param work writes and publishes; given the staging folder
 */
export async function attemptAt<T>(
  site: Site,
  kind: Kind,
  published: (output: string) => Promise<T | undefined>,
  work: (staging: string) => Promise<T>,
): Promise<T> {
  const { id, scratch, output } = site;
  const staging = stagingFolder(output, id);
  const head = join(output, kind.head);
  const before = await stampOf(head);
  const way = await openWay(staging, kind);
  try {
    await makeFolder(scratch);
    await makeFolder(staging);
    const result = await work(staging);
    // It is published. What cannot be cleared away now, a later build clears away.
    await clear(site, way, kind).catch(() => undefined);
    return result;
  } catch (error) {
    await clear(site, way, kind);
    // It came too late, whether somebody cancelled or the process died: the new files are in place.
    const standing = (await stampOf(head)) === before ? undefined : await published(output);
    if (standing) return standing;
    throw error;
  } finally {
    closeWay(way);
  }
}

async function clear({ id, scratch, output }: Site, way: Way, kind: Kind): Promise<void> {
  await rm(scratch, { recursive: true, force: true }).catch(() => undefined);
  // Finishes a publication that was killed half-way, and removes the staging folder.
  await recover(output, (other) => other !== id && isRunning(other), kind);
  await removeEmpty(way);
}

/** Tells one published head from the next; undefined where there is none. */
async function stampOf(head: string): Promise<string | undefined> {
  const found = await stat(head, { bigint: true }).catch(() => undefined);
  return found && `${found.ino} ${found.mtimeNs} ${found.size}`;
}

async function publishedBuild(output: string): Promise<Built | undefined> {
  const build = await readReport(join(output, REPORT_FILE));
  const manifest = await readManifest(output).catch(() => undefined);
  return build && manifest && { build, manifest };
}
