/** Fetching through random bad days: what comes out is a version that the server had, to the byte, or an error that says why. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  Downloader,
  USUAL,
  type DownloaderOptions,
  type Expected,
  type FetchRequest,
  type Timing,
  type Watch,
} from '../../src/engine/fetch';
import { MldataError } from '../../src/protocol';
import type { Hosted, MisbehavingServer, Mishap } from '../host/misbehavingServer';
import { exitOf } from '../host/processes';
import { seeded } from '../host/random';

/** What a host takes minutes over takes milliseconds here. */
export const HURRIED: Timing = {
  connectMs: 2_000,
  headersMs: 1_000,
  idleMs: 150,
  tries: 5,
  backoff: { firstMs: 1, mostMs: 8 },
  retryAfterMs: 2_000,
  record: { bytes: 32 * 1024, ms: 20 },
  breaker: { failures: 5, openMs: 30 },
};

/** On every second day, a thread of its own writes what is not short. */
const THREADS = { script: resolve('dist/hashedWriter.worker.js'), from: 100_000 };

const CALM: Timing = { ...USUAL, tries: 3, backoff: HURRIED.backoff };

export interface Came {
  readonly seed: number;
  /** Whether its process was killed on the way, and another one went on. */
  readonly killed: boolean;
  /** `gaveUp`: the first run did, and a second one, on a good day, went on and came to the end. */
  readonly outcome: 'whole' | 'gaveUp' | 'mismatch';
  readonly why?: string;
  readonly log: readonly string[];
}

const quiet = (log: string[]): Watch => ({
  onProgress: () => undefined,
  log: (line) => log.push(line),
  signal: new AbortController().signal,
});

/**
 * @param script `fetchAndDie`, bundled
 * Throws an `AssertionError` that names the seed where the bytes are no version that the server had.
 */
export async function runSchedule(
  seed: number,
  server: MisbehavingServer,
  folder: string,
  script: string,
): Promise<Came> {
  const random = seeded(seed);
  const own = await mkdtemp(join(folder, `${seed}-`));
  const target = join(own, 'data.csv');
  const bytes = contentOf(seed, sizeFor(random));
  const tags = pick(random, ['strong', 'strong', 'strong', 'strong', 'date', 'date', 'weak', 'none'] as const);
  const mishaps = Array.from({ length: Math.floor(random() * 6) }, () => mishapsOf(random)).flat();
  const hosted = server.host(`${seed}.csv`, bytes, tags, mishaps);
  const couldBeCut = mishaps.some(({ kind }) => kind === 'endless');
  const redirected = random() < 0.25;
  if (redirected) {
    server.route(`go-${seed}.csv`, (_, response) => {
      response.writeHead(302, { location: `/${seed}.csv?signature=${random()}` }).end();
    });
  }
  const expected = expectedOf(random, bytes);
  const url = server.url(redirected ? `go-${seed}.csv` : `${seed}.csv`);
  const log: string[] = [];
  try {
    const killed = random() < 0.2;
    if (killed) await fetchAndKill(script, url, target, random() * 120);
    const options = { allowInner: true, random, ...(seed % 2 === 1 && { threads: THREADS }) };
    const came = await fetchAll({ url, target, ...(expected && { expected }) }, hosted, options, log);
    await check(target, hosted, expected, came.outcome, couldBeCut);
    return { seed, killed, ...came, log };
  } catch (error) {
    const course = [`seed ${seed}, tags ${tags}, hash ${JSON.stringify(expected)}`, JSON.stringify(mishaps), ...log];
    throw new Error(`${String(error)}\n${course.join('\n')}`, { cause: error });
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

async function fetchAll(
  request: FetchRequest,
  hosted: Hosted,
  options: DownloaderOptions,
  log: string[],
): Promise<Pick<Came, 'outcome' | 'why'>> {
  const hurried = new Downloader({ ...options, timing: HURRIED });
  const first = await hurried.fetch(request, quiet(log)).then(
    () => undefined,
    (error: unknown) => error,
  );
  if (first === undefined) return { outcome: 'whole' };
  assert.ok(first instanceof MldataError, 'it threw what is no MldataError');
  assert.ok(['network', 'checkFailed', 'authentication'].includes(first.kind), `${first.kind}: ${first.message}`);
  if (first.code === 'checksum-mismatch') return { outcome: 'mismatch', why: first.message };
  // What it left is gone on from when the server behaves.
  hosted.mishaps.length = 0;
  const calm = new Downloader({ ...options, timing: CALM });
  try {
    await calm.fetch(request, quiet(log));
  } catch (error) {
    if (!(error instanceof MldataError) || error.code !== 'checksum-mismatch') throw error;
    return { outcome: 'mismatch', why: error.message };
  }
  return { outcome: 'gaveUp', why: first.message };
}

async function check(
  target: string,
  { versions }: Hosted,
  expected: Expected | undefined,
  outcome: Came['outcome'],
  couldBeCut: boolean,
): Promise<void> {
  const names = await readdir(join(target, '..'));
  if (outcome === 'mismatch') {
    assert.deepEqual(names, [], 'something was kept of what is not the file');
    assert.ok(expected && (versions.length > 1 || couldBeCut), 'the file was the expected one all the time');
    return;
  }
  assert.deepEqual(names.sort(), ['data.csv', 'data.csv.json']);
  const got = createHash('sha256')
    .update(await readFile(target))
    .digest('hex');
  assert.ok(versions.includes(got), 'the bytes are none that the server ever had');
  if (expected) assert.equal(got, versions[0], 'the bytes are not those that were expected');
  const { sha256 } = JSON.parse(await readFile(`${target}.json`, 'utf8')) as { sha256: string };
  assert.equal(sha256, got, 'the receipt says something else');
}

async function fetchAndKill(script: string, url: URL, target: string, afterMs: number): Promise<void> {
  const child = spawn(process.execPath, [script, url.href, target, `${HURRIED.record.bytes}`], { stdio: 'ignore' });
  const ended = exitOf(child);
  await sleep(afterMs);
  child.kill('SIGKILL');
  await ended;
}

function sizeFor(random: () => number): number {
  const kind = random();
  return kind < 0.05 ? Math.floor(random() * 3) : Math.floor(random() * 600_000);
}

function contentOf(seed: number, bytes: number): Buffer {
  const content = Buffer.alloc(bytes);
  const random = seeded(seed ^ 0x5f5f5f);
  for (let index = 0; index + 4 <= bytes; index += 4) content.writeUInt32LE(Math.floor(random() * 2 ** 32), index);
  return content;
}

function expectedOf(random: () => number, bytes: Buffer): Expected | undefined {
  const kind = random();
  if (kind < 0.2) return { sha256: createHash('sha256').update(bytes).digest('hex') };
  return kind < 0.3 ? { md5: createHash('md5').update(bytes).digest('hex') } : undefined;
}

function pick<T>(random: () => number, all: readonly T[]): T {
  return all[Math.floor(random() * all.length)] as T;
}

/** One, or one after the drop that makes it possible. */
function mishapsOf(random: () => number): Mishap[] {
  const at = random();
  const drop: Mishap = { kind: pick(random, ['drop', 'end']), at };
  return pick<() => Mishap[]>(random, [
    () => [drop],
    () => [{ kind: pick(random, ['cutChunks', 'stall', 'endless']), at }],
    () => [{ kind: pick(random, ['refuse', 'slow', 'gzip', 'chunked', 'noValidator']) }],
    () => [{ kind: 'status', status: pick(random, [408, 429, 500, 502, 503, 504]) }],
    () => [{ kind: 'status', status: pick(random, [429, 503]), retryAfter: '0' }],
    () => [drop, { kind: 'status', status: pick(random, [412, 416, 304]) }],
    () => [
      drop,
      { kind: pick(random, ['wrongStart', 'wrongTotal', 'longer', 'shorter', 'unreadableRange', 'multipart']) },
    ],
    () => [drop, { kind: pick(random, ['ignoreRange', 'ignoreIfRange', 'noValidator', 'gzip', 'chunked']) }],
    () => [drop, { kind: 'change', sameLength: random() < 0.5 }, { kind: 'ignoreIfRange' }],
    () => [drop, { kind: 'change', sameLength: random() < 0.5 }],
  ])();
}
