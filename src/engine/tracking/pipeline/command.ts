/** The command of a stage, as the shell of whoever runs `dvc repro` reads it. */
import { access } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { CONFIG_FILES } from '../../../config';
import { MldataError } from '../../../protocol';
import { portablePath } from '../../sources';

/**
 * Names the config only where mldata would not find it by itself. Throws `stage-config-name` for one that no quotes make
 * safe in every shell.
 * @param folder where the command runs
 */
export async function buildCommand(dataset: string, configPath: string, folder: string): Promise<string> {
  const config = (await isFoundIn(folder, configPath)) ? [] : ['--config', quoted(portablePath(folder, configPath))];
  const options = [...config, '--no-track'];
  const args = dataset.startsWith('-') ? [...options, '--', dataset] : [dataset, ...options];
  return ['mldata', 'build', ...args].join(' ');
}

async function isFoundIn(folder: string, configPath: string): Promise<boolean> {
  if (dirname(configPath) !== folder) return false;
  for (const name of CONFIG_FILES) {
    if (name === basename(configPath)) return true;
    const isThere = await access(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (isThere) return false;
  }
  return false;
}

/** DVC hands the line to `sh` or `cmd.exe`: between double quotes both leave alone what is neither of these. */
function quoted(path: string): string {
  if (/^[\p{L}\p{N}_./-]+$/u.test(path) && !path.startsWith('-')) return path;
  if (!/["$`\\%!\r\n]/.test(path)) return `"${path.startsWith('-') ? './' : ''}${path}"`;
  throw new MldataError(
    'config',
    'stage-config-name',
    `The config ${path} has a name that shells read as something else, and its path is part of a command in dvc.yaml. Rename it without any of " $ \` \\ % !, and try again.`,
  );
}
