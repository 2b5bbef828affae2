/** Programs that are there to be run. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Some start Python and import much. */
const STARTUP_MS = 60_000;

/** The first of the commands that starts; undefined where none does. */
export async function firstThatStarts(
  commands: readonly (readonly string[])[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<readonly string[] | undefined> {
  for (const command of commands) {
    if (await starts(command, env)) return command;
  }
  return undefined;
}

async function starts([program = '', ...args]: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return promisify(execFile)(program, [...args, '--version'], { timeout: STARTUP_MS, windowsHide: true, env }).then(
    () => true,
    () => false,
  );
}
