/** The real DVC that tracking is compared with. */
import path from 'node:path';
import { testPython } from './python';

/** Command line of `dvc`, which lies in a folder with the other programs of its environment. */
export async function dvcProgram(): Promise<readonly [string]> {
  const programs = path.dirname(await testPython());
  return [path.join(programs, process.platform === 'win32' ? 'dvc.exe' : 'dvc')];
}

/** The same by its interpreter, as somebody's chosen Python is asked. */
export async function dvcOfPython(): Promise<readonly string[]> {
  return [await testPython(), '-m', 'dvc'];
}
