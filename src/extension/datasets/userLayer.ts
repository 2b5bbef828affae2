/** The user's own config file, so that a dataset reads here as the engine builds it. */
import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { parseUserConfig, userConfigPath } from '../../config';
import type { UserConfig } from '../../config';

export function userFile(): string {
  return userConfigPath(process.env, process.platform, homedir());
}

/** Undefined where there is none that could be read: a build says what is wrong with it. */
export async function userLayer(): Promise<UserConfig | undefined> {
  const file = userFile();
  try {
    return parseUserConfig(await readFile(file, 'utf8'), file);
  } catch {
    return undefined;
  }
}
