/** The installed DVC, where somebody prefers it to what is done here. */
import { runProgram } from '../program';
import { MldataError, type DvcOptions } from '../../../protocol';

export interface DvcProgram {
  /** How it is called, such as `['/venv/bin/python', '-m', 'dvc']`. */
  readonly command: readonly string[];
  readonly version: string;
}

/** What older ones write is not what is written here. */
const LEAST = [3, 66] as const;

/**
 * The installed DVC that is to write; undefined: mldata is. Throws `dvc-missing` where it has to be the installed one and
 * none is there that can, and the cancelled error.
 */
export async function dvcToUse(
  { mode, executables }: DvcOptions,
  folder: string,
  signal: AbortSignal,
): Promise<DvcProgram | undefined> {
  if (mode === 'native') return undefined;
  const found = await findDvcProgram(executables, folder, signal);
  const usable = found !== undefined && isRecent(found.version);
  if (usable || mode === 'auto') return usable ? found : undefined;
  const least = LEAST.join('.');
  const lacks = found === undefined ? 'DVC was not found' : `DVC ${found.version} is too old`;
  throw new MldataError(
    'config',
    'dvc-missing',
    `${lacks}; version ${least} or newer is needed. Install it with \`pip install "dvc>=${least}"\`, or let mldata write the files itself: --dvc-mode native.`,
  );
}

/**
 * The first of them that can be started, of those that are recent enough if there is any; `dvc` of the PATH is the last.
 * Throws the cancelled error.
 * @param executables command lines
 */
export async function findDvcProgram(
  executables: DvcOptions['executables'],
  folder: string,
  signal: AbortSignal,
): Promise<DvcProgram | undefined> {
  let old: DvcProgram | undefined;
  for (const command of [...(executables ?? []), ['dvc']]) {
    const ran = await runProgram([...command, '--version'], { folder, signal });
    const version = ran?.code === 0 ? /^\d+(\.\d+)+/m.exec(ran.stdout.toString())?.[0] : undefined;
    if (version === undefined) continue;
    if (isRecent(version)) return { command, version };
    old ??= { command, version };
  }
  return old;
}

function isRecent(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const [leastMajor, leastMinor] = LEAST;
  return major === leastMajor ? minor >= leastMinor : major > leastMajor;
}

/** Runs a command of DVC in a folder of its repository. Throws `dvc-failed` with its words, and the cancelled error. */
export async function runDvc(
  { command }: DvcProgram,
  args: readonly string[],
  folder: string,
  signal: AbortSignal,
): Promise<string> {
  const ran = await runProgram([...command, ...args], { folder, signal });
  if (ran?.code === 0) return ran.stdout.toString();
  const said = ran === undefined ? `${command.join(' ')} cannot be started` : wordsOf(ran.stderr);
  throw new MldataError('buildFailed', 'dvc-failed', `\`dvc ${args[0] ?? ''}\` failed in ${folder}: ${said}`);
}

/** What DVC calls an error, without its progress and its advertisement. */
function wordsOf(stderr: string): string {
  const lines = stderr.split(/[\r\n]+/).map((line) => line.trim());
  const errors = lines.filter((line) => line.startsWith('ERROR: ')).map((line) => line.slice('ERROR: '.length));
  return (errors.length > 0 ? errors : lines.filter((line) => line !== '').slice(-3)).join('; ');
}
