/**
 * Publishes or recovers a build and kills itself before or after the n-th call of the file system, as a power cut would.
 * Arguments: `publish` or `recover`, the output folder, the name of the staging folder, n, `before` or `after`, the build
 * before as JSON, the files to publish. Without n it counts the calls and says how many there were.
 *
 * Every function of the file system counts, whatever it is, so that none which publishing comes to use can be forgotten.
 */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { publish, recover } from '../../src/engine/output/publish';
import type { PreviousBuild } from '../../src/engine/manifest';

const [what, output = '', staging = '', dieAt, when, before = '', ...files] = process.argv.slice(2);
let calls = 0;

type Call = (...args: unknown[]) => unknown;

/** Makes each function of an object count itself, and end the process where that is wanted. */
function countAll(functions: object): void {
  for (const [name, { value }] of Object.entries(Object.getOwnPropertyDescriptors(functions))) {
    if (name === 'constructor' || typeof value !== 'function') continue;
    const counted = async function (this: unknown, ...args: unknown[]) {
      const isTheOne = ++calls === Number(dieAt);
      if (isTheOne && when === 'before') process.kill(process.pid, 'SIGKILL');
      try {
        return await ((value as Call).apply(this, args) as Promise<unknown>);
      } finally {
        if (isTheOne && when === 'after') process.kill(process.pid, 'SIGKILL');
      }
    };
    Object.defineProperty(functions, name, { value: counted });
  }
}

void (async () => {
  const handle = await fs.open(process.execPath, 'r');
  await handle.close();
  countAll(fs);
  countAll(Object.getPrototypeOf(handle) as object);
  if (what === 'publish') await publish(output, join(output, staging), files, JSON.parse(before) as PreviousBuild);
  else await recover(output, () => false);
  process.stdout.write(String(calls));
})();
