/**
 * Builds a workspace on a disk of its own, each time with room for one page or file more, until there is enough: all in
 * one process, which is started with mounts of its own. What came of each is copied to `outcomes/0`, `1`, … of the
 * workspace, and said as a line of JSON. Arguments: the workspace, `pages` or `files`, how many there is room for first.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { here } from './support';

/** So that a build which never finds room ends. */
const MOST = 200;
const PAGE = 4096;

const [folder = '', what, first] = process.argv.slice(2);
const disk = join(folder, 'disk');
const mount = (...args: string[]) => execFileSync('mount', args);

void (async () => {
  mkdirSync(disk);
  mkdirSync(join(folder, 'outcomes'));
  for (let tried = 0; tried < MOST; tried++) {
    mount('-t', 'tmpfs', 'tmpfs', disk);
    for (const part of ['data.csv', '.mldata.yaml', '.mldata', 'datasets'])
      execFileSync('cp', ['-a', join(folder, part), disk]);
    const { blocks, bfree, bsize, files, ffree } = await statfs(disk);
    const room = Number(first) + tried;
    const limit =
      what === 'pages' ? `size=${(blocks - bfree) * bsize + room * PAGE}` : `nr_inodes=${files - ffree + room}`;
    mount('-o', `remount,${limit}`, disk);
    const request = { configPath: join(disk, '.mldata.yaml'), threads: 2 };
    const { datasets } = await here.build(request, () => undefined, new AbortController().signal);
    const [{ status, error } = { status: 'failed' }] = datasets;
    const outcome = join(folder, 'outcomes', String(tried));
    for (const part of ['datasets', '.mldata']) cpSync(join(disk, part), join(outcome, part), { recursive: true });
    execFileSync('umount', [disk]);
    console.log(JSON.stringify({ code: status === 'failed' ? 1 : 0, stderr: error?.message ?? '' }));
    if (status !== 'failed') break;
  }
})();
