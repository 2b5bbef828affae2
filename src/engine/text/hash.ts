/** Digests of a file, in one read; of large ones in a thread of its own. */
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { MldataError } from '../../protocol';
import { asReadError, readChunks } from './chunks';
import { HashPool } from './hashPool';

export type HashAlgorithm = 'sha256' | 'md5';

interface Digests {
  readonly bytes: number;
  readonly sha256?: string;
  readonly md5?: string;
}

/** Less is hashed sooner than a thread has started. */
const WORTH_A_THREAD = 32 * 2 ** 20;

const pool = new HashPool();

/**
 * Digests in lower-case hex, those that were asked for. Throws `source-unreadable` and `cancelled`.
 * @param inAll how many bytes are to be hashed, this file's among them; absent: this file's
 */
export async function hashFile(
  path: string,
  algorithms: readonly HashAlgorithm[],
  signal: AbortSignal,
  inAll?: number,
): Promise<Digests> {
  if (!pool.usable) return hashHere(path, algorithms, signal);
  const bytes = inAll ?? (await stat(path).catch(() => undefined))?.size ?? 0;
  if (bytes < WORTH_A_THREAD && !pool.warm) return hashHere(path, algorithms, signal);
  return hashIn(pool, path, algorithms, signal);
}

/** Undefined for a file that cannot be read. Throws `cancelled`. */
export async function sha256Of(path: string, signal: AbortSignal): Promise<string | undefined> {
  try {
    return (await hashFile(path, ['sha256'], signal)).sha256;
  } catch (error) {
    if (error instanceof MldataError && error.code === 'source-unreadable') return undefined;
    throw error;
  }
}

export async function hashIn(
  threads: HashPool,
  path: string,
  algorithms: readonly HashAlgorithm[],
  signal: AbortSignal,
): Promise<Digests> {
  try {
    const { bytes, digests } = await threads.hash(path, algorithms, signal);
    return { bytes, ...Object.fromEntries(algorithms.map((name, index) => [name, digests[index]])) };
  } catch (error) {
    throw asReadError(path, error);
  }
}

async function hashHere(path: string, algorithms: readonly HashAlgorithm[], signal: AbortSignal): Promise<Digests> {
  const hashes = algorithms.map((name) => ({ name, hash: createHash(name) }));
  let bytes = 0;
  for await (const chunk of readChunks(path, signal)) {
    for (const { hash } of hashes) hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, ...Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest('hex')])) };
}
