/** A file of this machine, taken over as one of the network is: locked, hashed on its way, and put there as a whole. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';
import { cancelled, MldataError } from '../../protocol';
import { makeFolder } from '../folders';
import { flush, refuseWithoutRoom } from '../output';
import { explain } from '../trouble';
import { receiptOf, type FetchRequest, type Watch } from './download';
import { lockWhenFree } from './lockWhenFree';
import { Meter } from './progress';
import { addressOf, writeReceipt, type Receipt } from './record';
import { shown } from './address';

/** Throws `checksum-mismatch`, after which nothing is kept, `cancelled`, and what the disk does. */
export async function takeOver(
  request: Pick<FetchRequest, 'url' | 'target' | 'expected'>,
  watch: Watch,
): Promise<Receipt> {
  const { url, target } = request;
  const name = shown(url);
  try {
    await makeFolder(dirname(target));
    const release = await lockWhenFree(target, name, 'fetched', watch);
    try {
      return (await receiptOf(request)) ?? (await takeLocked(request, watch));
    } finally {
      await release();
    }
  } catch (error) {
    throw explain(error, name);
  }
}

async function takeLocked(
  { url, target, expected = {} }: Pick<FetchRequest, 'url' | 'target' | 'expected'>,
  watch: Watch,
): Promise<Receipt> {
  const startedAt = new Date().toISOString();
  const name = shown(url);
  const { size } = await stat(url);
  await refuseWithoutRoom(dirname(target), size, name);
  const draft = `${target}.${randomBytes(4).toString('hex')}.new`;
  try {
    const { bytes, ...actual } = await copied(url, draft, size, watch);
    for (const algorithm of ['sha256', 'md5'] as const) {
      const wanted = expected[algorithm];
      if (wanted !== undefined && wanted !== actual[algorithm])
        throw mismatch(name, algorithm, wanted, actual[algorithm]);
    }
    await rm(`${target}.json`, { force: true });
    await rename(draft, target);
    await flush(dirname(target));
    const fetchedAt = new Date().toISOString();
    const receipt: Receipt = {
      ...{ version: 1, address: addressOf(url), from: name, startedAt, fetchedAt, bytes },
      ...actual,
    };
    await writeReceipt(`${target}.json`, receipt);
    return receipt;
  } finally {
    await rm(draft, { force: true });
  }
}

async function copied(
  url: URL,
  draft: string,
  size: number,
  { onProgress, signal }: Watch,
): Promise<{ bytes: number; sha256: string; md5: string }> {
  const hashes = { sha256: createHash('sha256'), md5: createHash('md5') };
  const meter = new Meter(shown(url), onProgress);
  meter.begin(0);
  let bytes = 0;
  const handle: FileHandle = await open(draft, 'wx', 0o644);
  try {
    for await (const chunk of createReadStream(url, { highWaterMark: 2 ** 20 }) as AsyncIterable<Buffer>) {
      if (signal.aborted) throw cancelled();
      for (const hash of Object.values(hashes)) hash.update(chunk);
      await handle.writeFile(chunk);
      bytes += chunk.length;
      meter.moved(bytes, size);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  meter.moved(bytes, size, true);
  return { bytes, sha256: hashes.sha256.digest('hex'), md5: hashes.md5.digest('hex') };
}

function mismatch(name: string, algorithm: string, wanted: string, found: string): MldataError {
  return new MldataError(
    'checkFailed',
    'checksum-mismatch',
    `${name} is not the file that was expected: its ${algorithm} is ${found}, not ${wanted}. Nothing of it was kept.`,
  );
}
