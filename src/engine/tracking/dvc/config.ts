/** What is set for a DVC repository: of the system, the user, the repository and this clone, the last one winning. */
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { MldataError } from '../../../protocol';
import { readText } from '../../readText';
import { readIni } from './ini';

export type DvcLevel = 'system' | 'global' | 'repo' | 'local';

export interface DvcSetting {
  readonly value: string;
  readonly level: DvcLevel;
  /** Absolute: paths in a value are relative to its folder. */
  readonly file: string;
}

/** By section and key in lower case, such as `core` and `remote`, or `remote "store"` and `url`. */
export type DvcConfig = ReadonlyMap<string, ReadonlyMap<string, DvcSetting>>;

/**
 * Throws `dvc-config-unreadable`.
 * @param folder the folder `.dvc`
 */
export async function readDvcConfig(folder: string): Promise<DvcConfig> {
  const config = new Map<string, Map<string, DvcSetting>>();
  for (const [level, file] of dvcConfigFiles(folder)) {
    const { entries, broken } = readIni(await textOf(file));
    if (broken !== undefined) throw unreadable(file, `line ${broken + 1} is neither a section nor \`key = value\``);
    for (const { section, key, value } of entries) {
      const settings = config.get(section) ?? new Map<string, DvcSetting>();
      config.set(section, settings.set(key, { value, level, file }));
    }
  }
  return config;
}

/** Every file that settings may stand in, the weakest first. */
export function dvcConfigFiles(folder: string): [DvcLevel, string][] {
  return [
    ['system', join(process.env['DVC_SYSTEM_CONFIG_DIR'] || systemFolder(), 'config')],
    ['global', join(process.env['DVC_GLOBAL_CONFIG_DIR'] || userFolder(), 'config')],
    ['repo', join(folder, 'config')],
    ['local', join(folder, 'config.local')],
  ];
}

/** A setting that is a path, absolute; undefined where it is none. */
export function pathSetting({ value, file }: DvcSetting): string {
  const home = /^~(?=$|[/\\])/.test(value) ? homedir() + value.slice(1) : value;
  return resolve(dirname(file), home);
}

function systemFolder(): string {
  if (process.platform === 'win32') return join(process.env['ProgramData'] || 'C:\\ProgramData', 'iterative', 'dvc');
  if (process.platform === 'darwin') return '/Library/Application Support/dvc';
  return join((process.env['XDG_CONFIG_DIRS'] || '/etc/xdg').split(':')[0] ?? '', 'dvc');
}

function userFolder(): string {
  if (process.platform === 'win32') {
    return join(process.env['LOCALAPPDATA'] || join(homedir(), 'AppData', 'Local'), 'iterative', 'dvc');
  }
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'dvc');
  return join(process.env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'dvc');
}

async function textOf(file: string): Promise<string> {
  try {
    return await readText(file);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return '';
    throw unreadable(file, message);
  }
}

function unreadable(file: string, why: string): MldataError {
  return new MldataError(
    'config',
    'dvc-config-unreadable',
    `${file} cannot be read: ${why}. Mend it; \`dvc config --list\` says whether DVC can read it.`,
  );
}
