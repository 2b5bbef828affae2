/** Generated data of a given size, the same bytes each time, kept in the user's cache folder. */
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';

export const cache = join(
  process.env['XDG_CACHE_HOME'] ?? (homedir() ? join(homedir(), '.cache') : tmpdir()),
  'mldata',
  'bench',
);

const cities = ['Berlin', 'Paris', 'New York', 'São Paulo', '東京', 'Lagos', 'Oslo', 'Lima'];
const categories = ['alpha', 'beta', 'gamma', 'delta', 'epsilon'];
const words = 'the quick brown fox jumps over lazy dog while seven wizards box with jazz'.split(' ');

/** A CSV of about `megabytes` (10⁶ bytes) with 15 columns of mixed types. */
export async function eventsCsv(megabytes: number): Promise<string> {
  const path = join(cache, `events-${megabytes}mb-v1.csv`);
  if (existsSync(path)) return path;
  await mkdir(cache, { recursive: true });
  const draft = `${path}.${process.pid}`;
  await writeEventsCsv(draft, megabytes);
  await rename(draft, path);
  return path;
}

/** The same, anywhere. */
export async function writeEventsCsv(path: string, megabytes: number): Promise<void> {
  const random = xorshift(42);
  const pick = (values: readonly string[]) => values[Math.floor(random() * values.length)] ?? '';
  const stream = createWriteStream(path);
  stream.write('id,user,ts,amount,price,qty,flag,category,city,score,lat,lon,comment,ratio,label\n');
  const start = Date.UTC(2020, 0, 1);
  let written = 0;
  for (let id = 0; written < megabytes * 1e6;) {
    let block = '';
    for (let line = 0; line < 2000; line++, id++) {
      const time = new Date(start + id * 37_000).toISOString().slice(0, 19).replace('T', ' ');
      const comment = Array.from({ length: 6 }, () => pick(words)).join(' ');
      block +=
        `${id},u${String(Math.floor(random() * 200_000)).padStart(6, '0')},${time},${(random() * 200).toFixed(6)},` +
        `${(-Math.log(1 - random()) * 100).toFixed(4)},${Math.floor(random() * 1000)},${random() < 0.3},${pick(categories)},${pick(cities)},` +
        `${random().toFixed(12)},${(random() * 180 - 90).toFixed(8)},${(random() * 360 - 180).toFixed(8)},${comment},${(random() / 1000).toFixed(10)},${pick(['A', 'B', 'C'])}\n`;
    }
    written += Buffer.byteLength(block);
    if (!stream.write(block)) await once(stream, 'drain');
  }
  stream.end();
  await once(stream, 'finish');
}

/** A small generator of its own: the data must not depend on the platform. */
function xorshift(seed: number): () => number {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
}
