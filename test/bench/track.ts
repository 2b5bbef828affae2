/** `mldata track --dvc` against `dvc add` of the same folder, with nothing in any cache, and once more with nothing changed. */
import { execFile } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { dvcProgram } from '../host/trackingPython';
import { cache } from './data';
import { inTurn, print, type Measured } from './measure';

const execute = promisify(execFile);
const LARGE = 1000;
const SMALL_BYTES = 1000;

export async function benchTrack({
  megabytes,
  files,
  rounds,
}: {
  megabytes: number;
  files: number;
  rounds: number;
}): Promise<void> {
  await compare(LARGE, Math.round((megabytes * 1e6) / LARGE), rounds);
  await compare(files, SMALL_BYTES, rounds);
}

async function compare(files: number, bytes: number, rounds: number): Promise<void> {
  await mkdir(cache, { recursive: true });
  // Beside the data, which are moved in and out: caches are on the same disk.
  const folder = await mkdtemp(join(cache, 'track-'));
  const data = await randomFiles(files, bytes);
  const [dvc] = await dvcProgram();
  const env = { ...process.env, DVC_NO_ANALYTICS: 'true', DVC_SITE_CACHE_DIR: join(folder, 'site') };
  const root = join(folder, 'repository');
  const run = async (command: string, ...args: readonly string[]) => {
    await execute(command, args, { cwd: root, env, maxBuffer: 1 << 26 });
  };
  const theirs = () => run(dvc, 'add', '--quiet', 'data');
  const ours = () =>
    run(process.execPath, resolve('dist/cli.js'), 'track', 'data', '--dvc', '--dvc-mode', 'native', '--quiet');
  const startAnew = async () => {
    for (const made of ['data.dvc', '.gitignore', '.mldata', join('.dvc', 'cache'), join('.dvc', 'tmp')]) {
      await rm(join(root, made), { recursive: true, force: true });
    }
    await rm(join(folder, 'site'), { recursive: true, force: true });
    await execute('sync'); // else one pays for what the other wrote
  };
  try {
    await mkdir(root);
    await run('git', 'init', '--quiet');
    await run(dvc, 'init', '--quiet');
    await rename(data, join(root, 'data'));
    const results = await inTurn(
      rounds,
      {
        'dvc add': theirs,
        'dvc add, nothing changed': theirs,
        'mldata track': ours,
        'mldata track, nothing changed': ours,
      },
      (name) => (name.includes(',') ? Promise.resolve() : startAnew()),
    );
    const size = (files * bytes) / 1e6;
    console.log(
      `\nA folder of ${files} files, ${size.toFixed(0)} MB, into the cache of DVC: ${availableParallelism()} threads, ${rounds} rounds`,
    );
    report(results, size);
  } finally {
    if (existsSync(join(root, 'data'))) await rename(join(root, 'data'), data);
    await rm(folder, { recursive: true, force: true });
  }
}

function report(results: readonly Measured[], megabytes: number): void {
  const [theirs, , ours] = results;
  if (!theirs || !ours) return;
  const share = (part: number, whole: number) => `${((part / whole) * 100).toFixed(1)} %`;
  print([
    ['', 'median', 'MB/s', 'of dvc add', 'of the first run', 'all'],
    ...results.map(({ name, median, seconds }) => [
      name,
      `${median.toFixed(2)} s`,
      (megabytes / median).toFixed(0),
      share(median, theirs.median),
      share(median, (name.startsWith('dvc') ? theirs : ours).median),
      seconds.map((each) => each.toFixed(2)).join(' '),
    ]),
  ]);
}

/** A folder of files that nothing makes smaller, in folders of a hundred. */
async function randomFiles(files: number, bytes: number): Promise<string> {
  const folder = join(cache, `random-${files}x${bytes}`);
  if (existsSync(folder)) return folder;
  const draft = `${folder}.${process.pid}`;
  const content = Buffer.alloc(bytes);
  for (let index = 0; index < files; index++) {
    const file = join(draft, String(Math.floor(index / 100)).padStart(4, '0'), `${index}.bin`);
    if (index % 100 === 0) await mkdir(dirname(file), { recursive: true });
    await writeFile(file, randomFillSync(content));
  }
  await rename(draft, folder);
  return folder;
}
