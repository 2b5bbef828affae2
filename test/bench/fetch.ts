/** Fetching against `curl`, what a kill costs, what breakers cost, and 1,000 bad days. */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, open, readFile, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { Downloader, USUAL } from '../../src/engine/fetch';
import { ask } from '../../src/engine/fetch/asking';
import { Breakers } from '../../src/engine/fetch/breakers';
import { directClient, type Answer } from '../../src/engine/fetch/client';
import { RING_BYTES } from '../../src/engine/fetch/partFile';
import { partRecordSchema } from '../../src/engine/fetch/record';
import { runSchedule, type Came } from '../engine/fetchSchedules';
import { bundleScript } from '../host/bundleScript';
import { MisbehavingServer } from '../host/misbehavingServer';
import { exitOf } from '../host/processes';
import { temporaryFolder } from '../host/workspace';
import { inTurn, print } from './measure';

const run = promisify(execFile);
const SCHEDULES = 1000;
/** Most of them wait for a server most of the time. */
const AT_ONCE = 32;
const REQUESTS = 500;

const watch = (log: string[] = []) => ({
  onProgress: () => undefined,
  log: (line: string) => void log.push(line),
  signal: new AbortController().signal,
});

export async function benchFetch({ megabytes, rounds }: { megabytes: number; rounds: number }): Promise<void> {
  const folder = await temporaryFolder();
  try {
    const source = join(folder, 'source.bin');
    await fill(source, megabytes);
    const server = spawn(process.execPath, ['--import', 'tsx', join(__dirname, 'fileServer.ts'), source], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      const url = new URL(await addressOf(server));
      const script = await bundleScript(join(__dirname, '..', 'engine', 'fetchAndDie.ts'), folder);
      await copyFile(resolve('dist', 'hashedWriter.worker.js'), join(folder, 'hashedWriter.worker.js'));
      await throughput(url, script, folder, megabytes, rounds);
      await killed(url, script, folder, megabytes);
    } finally {
      server.kill();
    }
    await overhead();
    await badDays(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each in a process of its own. */
async function throughput(url: URL, script: string, folder: string, megabytes: number, rounds: number): Promise<void> {
  const target = join(folder, 'target.bin');
  const curl = `curl --silent --fail --output '${target}' '${url.href}'`;
  const cpu = new Map<string, number[]>();
  const measured = (name: string, run: () => Promise<number>) => async () => {
    cpu.set(name, [...(cpu.get(name) ?? []), await run()]);
  };
  const results = await inTurn(
    rounds,
    {
      mldata: measured('mldata', () =>
        shell(`'${process.execPath}' '${script}' '${url.href}' '${target}' ${USUAL.record.bytes}`),
      ),
      curl: measured('curl', () => shell(curl)),
      'curl, sync': measured('curl, sync', () => shell(`${curl} && sync '${target}'`)),
      'curl, sha256sum, sync': measured('curl, sha256sum, sync', () =>
        shell(`${curl} && sha256sum '${target}' && sync '${target}'`),
      ),
    },
    async () => {
      for (const path of [target, `${target}.json`]) await rm(path, { force: true });
      // What the disk still writes of the one before would be measured with the next.
      await run('sync');
    },
  );
  const [ours] = results;
  if (!ours) return;
  console.log(`\n${megabytes} MB over loopback, ${rounds} rounds; mldata hashes and syncs what it writes`);
  print([
    ['', 'median', 'best', 'MB/s', 'processor', 'speed of mldata in proportion'],
    ...results.map(({ name, median, seconds }) => [
      name,
      `${median.toFixed(2)} s`,
      `${Math.min(...seconds).toFixed(2)} s`,
      (megabytes / median).toFixed(0),
      `${Math.min(...(cpu.get(name) ?? [])).toFixed(2)} s`,
      `${(median / ours.median).toFixed(2)} ×`,
    ]),
  ]);
}

/** Runs a line, and returns what it took of the processor, in seconds. */
async function shell(line: string): Promise<number> {
  const { stdout } = await run('sh', ['-c', `${line}; code=$?; times; exit $code`]);
  const [, children = ''] = stdout.trim().split('\n').slice(-2);
  return [...children.matchAll(/(\d+)m([\d.]+)s/g)].reduce((sum, [, m, s]) => sum + 60 * Number(m) + Number(s), 0);
}

/** Half-way, by SIGKILL. */
async function killed(url: URL, script: string, folder: string, megabytes: number): Promise<void> {
  const target = join(folder, 'killed.bin');
  const child = spawn(process.execPath, [script, url.href, target, `${USUAL.record.bytes}`], { stdio: 'ignore' });
  const ended = exitOf(child);
  const size = () =>
    stat(`${target}.part`).then(
      (found) => found.size,
      () => 0,
    );
  while ((await size()) < megabytes * 5e5) await sleep(5);
  child.kill('SIGKILL');
  await ended;
  const there = await size();
  const { points } = partRecordSchema.parse(JSON.parse(await readFile(`${target}.part.json`, 'utf8')));
  const twice = there - (points.at(-1)?.bytes ?? 0) + RING_BYTES;
  const log: string[] = [];
  await new Downloader({ allowInner: true }).fetch({ url, target }, watch(log));
  console.log(
    `\nKilled after ${(there / 1e6).toFixed(0)} MB: ${log.join(', ')}; at most ${(twice / 1e6).toFixed(1)} MB, ${((twice / megabytes / 1e6) * 100).toFixed(2)} % of the file, were fetched twice`,
  );
}

async function overhead(): Promise<void> {
  const server = await MisbehavingServer.start();
  server.host('small', Buffer.alloc(100));
  const url = server.url('small');
  const client = directClient({ allowInner: true, connectMs: USUAL.connectMs });
  const means = { client, timing: USUAL, breakers: new Breakers(USUAL.breaker), log: () => undefined };
  const { signal } = new AbortController();
  const drain = async ({ body }: Answer) => {
    for await (const chunk of body) if (chunk.length === 0) return;
  };
  const results = await inTurn(5, {
    plain: async () => {
      for (let index = 0; index < REQUESTS; index++) await drain(await client(url, {}, signal));
    },
    asked: async () => {
      for (let index = 0; index < REQUESTS; index++) {
        await drain((await ask({ url, headers: {}, credentials: {} }, means, signal)).answer);
      }
    },
  });
  const [plain, asked] = results.map(({ median }) => (median / REQUESTS) * 1000);
  console.log(
    `A request takes ${plain?.toFixed(2)} ms, and ${asked?.toFixed(2)} ms with breaker, time limits and redirects`,
  );
  await server.stop();
}

async function badDays(folder: string): Promise<void> {
  const server = await MisbehavingServer.start();
  const script = await bundleScript(join(__dirname, '..', 'engine', 'fetchAndDie.ts'), folder);
  const started = performance.now();
  const came = await pLimit(AT_ONCE).map(
    Array.from({ length: SCHEDULES }, (_, seed) => 10_000 + seed),
    (seed) => runSchedule(seed, server, folder, script),
  );
  const many = (those: (each: Came) => boolean) => String(came.filter(those).length);
  const says = (line: RegExp) => many(({ log }) => log.some((each) => line.test(each)));
  console.log(
    `\n${SCHEDULES} bad days in ${((performance.now() - started) / 1000).toFixed(0)} s; on none of them were the bytes wrong`,
  );
  print([
    ['', 'days'],
    ['came through at once', many(({ outcome }) => outcome === 'whole')],
    ['gave up, said why, and went on later', many(({ outcome }) => outcome === 'gaveUp')],
    ['refused for their hash', many(({ outcome }) => outcome === 'mismatch')],
    ['whose process was killed', many(({ killed }) => killed)],
    ['that resumed', says(/resuming from/)],
    ['that started over', says(/starting over/)],
    ['with a silent server', says(/no byte came|no answer came/)],
    ['with an answer of 408, 429 or 5xx', says(/the server answered (408|429|5\d\d)/)],
  ]);
  await server.stop();
}

async function fill(path: string, megabytes: number): Promise<void> {
  const block = Buffer.from(Array.from({ length: 1e6 }, (_, index) => (index * 2654435761) & 255));
  const handle = await open(path, 'w');
  for (let index = 0; index < megabytes; index++) await handle.write(block);
  await handle.close();
}

async function addressOf(server: ChildProcess): Promise<string> {
  if (!server.stdout) throw new Error('The server says nothing');
  const [said] = (await once(server.stdout, 'data')) as [Buffer];
  return said.toString().trim();
}
