/** A Python with packages of its own, for tests that compare with what people use there. */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { cached } from './cache';
import { onPath, run } from './processes';

/**
 * Path of a Python that has these packages; they are installed into the user's cache folder the first time.
 * @param name of that folder
 * @param requirements as pip takes them
 */
export async function findPython(name: string, requirements: readonly string[]): Promise<string> {
  const base = onPath('python3', 'python');
  if (base === undefined)
    throw new Error('These tests need Python 3.10 or newer with venv: install it, and run them again.');
  const version = (await run(base, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])).trim();
  const folder = await cached(`python-${version}-${name}`, async (staging) => {
    console.log(`Installing ${requirements.join(', ')} for the tests (once) …`);
    try {
      await run(base, ['-m', 'venv', staging]);
      await run(pythonIn(staging), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...requirements]);
    } catch (error) {
      throw new Error(
        `These tests need a Python with ${requirements.join(', ')}: install Python's venv and pip, and let pip reach its registry once.`,
        { cause: error },
      );
    }
  });
  return pythonIn(folder);
}

function pythonIn(folder: string): string {
  return process.platform === 'win32' ? path.join(folder, 'Scripts', 'python.exe') : path.join(folder, 'bin', 'python');
}

/** Runs a script that reads one JSON value and prints another. */
export async function askPython(python: string, script: string, question: unknown): Promise<unknown> {
  return new Promise((answer, fail) => {
    const child = execFile(python, [script], { maxBuffer: 1 << 28 }, (error, stdout, stderr) => {
      if (error) fail(new Error(`${path.basename(script)} ended badly:\n${stderr.slice(-4000)}`, { cause: error }));
      else answer(JSON.parse(stdout));
    });
    child.stdin?.end(JSON.stringify(question));
  });
}
