/** Where what is read meanwhile lies, for those that look at data. */
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeFolder } from './folders';
import { clearLeftOvers, endRun, runId } from './runs';
import { openWorkspace } from './workspace';

const PREFIX = 'mldata-data-';

export interface Scratch {
  readonly id: string;
  /** Absolute; empty. */
  readonly folder: string;
  readonly release: () => Promise<void>;
}

/**
 * A folder beside the config, whose disk has room for its data, else among the temporary files of the system. What
 * processes that died left there goes first.
 */
export async function openScratch(configPath: string | undefined): Promise<Scratch> {
  // Data may be looked at where nothing may be written.
  const workspace = configPath === undefined ? undefined : await openWorkspace(configPath).catch(() => undefined);
  if (workspace === undefined) await clearLeftOvers(tmpdir(), PREFIX);
  const id = runId();
  const folder = workspace === undefined ? join(tmpdir(), `${PREFIX}${id}`) : join(workspace.state, 'tmp', id);
  await makeFolder(folder);
  const release = async (): Promise<void> => {
    await rm(folder, { recursive: true, force: true });
    endRun(id);
  };
  return { id, folder, release };
}
