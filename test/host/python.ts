/** Pythons with packages of their own, for tests that compare with what people use there. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { cached } from './cache';
import { onPath, run } from './processes';

/** Installs in parallel what pip takes minutes for, and makes environments that can be moved into their place. */
const UV = 'uv==0.13.9';
/** Every package of the tests with all that it needs; its first lines say how it is made from `requirements.in`. */
const LOCK = path.join(__dirname, 'requirements.lock');
/** Likewise, made from `servers.in`. */
const SERVERS = path.join(__dirname, 'servers.lock');
/** What `requirements.lock` is made from: their versions alone. */
export const testRequirements = path.join(__dirname, 'requirements.in');

/** Path of the Python of the tests: DVC, NumPy, SciPy, pandas … as `requirements.lock` names them. */
export function testPython(): Promise<string> {
  return locked('tests', LOCK, 'the packages of the tests');
}

/** Path of a Python with servers that tests ask, as `servers.lock` names them. */
export function serverPython(): Promise<string> {
  return locked('servers', SERVERS, 'the servers of the tests');
}

async function locked(name: string, lock: string, what: string): Promise<string> {
  const hash = createHash('sha256')
    .update(await readFile(lock))
    .digest('hex');
  return environment(`${name}-${hash.slice(0, 12)}`, ['--require-hashes', '-r', lock], what);
}

/**
 * Path of a Python that has these packages, of any version that fits: for benchmarks against what cannot be installed
 * together.
 * @param name of its folder
 */
export function findPython(name: string, requirements: readonly string[]): Promise<string> {
  return environment(name, requirements, requirements.join(', '));
}

/** The first time, the packages are installed into the user's cache folder. */
async function environment(name: string, packages: readonly string[], what: string): Promise<string> {
  const base = onPath('python3', 'python');
  if (base === undefined)
    throw new Error('These tests need Python 3.10 to 3.13 with venv: install it, and run them again.');
  const version = (await run(base, ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])).trim();
  const folder = await cached(`python-${version}-${name}`, async (staging) => {
    console.log(`Installing ${what} (once) …`);
    try {
      const installer = pythonIn(await findInstaller(base, version));
      await run(installer, ['-m', 'uv', 'venv', '--quiet', '--relocatable', '--clear', '--python', base, staging]);
      const into = ['--quiet', '--no-cache', '--python', staging];
      await run(installer, ['-m', 'uv', 'pip', 'install', ...into, ...packages]);
    } catch (error) {
      throw new Error(
        `These tests need a Python with ${what}: install Python 3.10 to 3.13 with venv and pip ` +
          "(Debian: apt-get install python3-venv), and let pip and uv reach the packages' registry once.",
        { cause: error },
      );
    }
  });
  return pythonIn(folder);
}

function findInstaller(base: string, version: string): Promise<string> {
  return cached(`python-${version}-${UV.replace('==', '-')}`, async (staging) => {
    await run(base, ['-m', 'venv', staging]);
    await run(pythonIn(staging), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', UV]);
  });
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
