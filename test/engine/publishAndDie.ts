/**
 * Publishes or recovers a build and kills itself after the n-th call that changes the disk, as a power cut would.
 * Arguments: `publish` or `recover`, the output folder, the name of the staging folder, n, the files to publish.
 */
import fs from 'node:fs/promises';
import { join } from 'node:path';
import { previousBuild } from '../../src/engine/manifest';
import { publish, recover } from '../../src/engine/build/publish';

const [what, output = '', staging = '', dieAt, ...files] = process.argv.slice(2);
let calls = 0;

function counted<Arguments extends unknown[], Result>(call: (...args: Arguments) => Promise<Result>) {
  return async (...args: Arguments): Promise<Result> => {
    const result = await call(...args);
    calls++;
    if (calls === Number(dieAt)) process.kill(process.pid, 'SIGKILL');
    return result;
  };
}

const { open } = fs;
Object.assign(fs, {
  mkdir: counted(fs.mkdir),
  rename: counted(fs.rename),
  rm: counted(fs.rm),
  rmdir: counted(fs.rmdir),
  open: async (...args: Parameters<typeof open>) => {
    if (args[1] === 'r') return open(...args);
    const handle = await counted(open)(...args);
    handle.writeFile = counted(handle.writeFile.bind(handle));
    return handle;
  },
});

void (async () => {
  if (what === 'publish') await publish(output, join(output, staging), files, await previousBuild(output));
  else await recover(output, () => false);
})();
