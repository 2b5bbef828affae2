/** Digests of a file, in one read. */
import { createHash } from 'node:crypto';
import { readChunks } from './chunks';

export type HashAlgorithm = 'sha256' | 'md5';

/** Digests in lower-case hex, those that were asked for. Throws `source-unreadable` and `cancelled`. */
export async function hashFile(
  path: string,
  algorithms: readonly HashAlgorithm[],
  signal: AbortSignal,
): Promise<{ readonly bytes: number; readonly sha256?: string; readonly md5?: string }> {
  const hashes = algorithms.map((name) => ({ name, hash: createHash(name) }));
  let bytes = 0;
  for await (const chunk of readChunks(path, signal)) {
    for (const { hash } of hashes) hash.update(chunk);
    bytes += chunk.length;
  }
  return { bytes, ...Object.fromEntries(hashes.map(({ name, hash }) => [name, hash.digest('hex')])) };
}
