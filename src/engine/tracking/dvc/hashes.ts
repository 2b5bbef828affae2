/** The hash of a path as it is now, reading only what was not read before. */
import type { TrackRun } from '../site';
import { contentOf, type Content, type Look } from './content';
import { dirObject } from './dirHash';
import type { OutFacts } from './dvcFileEdit';
import { Meter } from './meter';
import { readFiles, type HashedFile } from './reading';

/** What is known of a path once its bytes are. */
export interface Hashed {
  readonly facts: OutFacts;
  /** With their places, in the order of the content. */
  readonly files: readonly HashedFile[];
  /** Of a folder: the text that lists what is in it, which is an object too. */
  readonly listing?: string;
}

/**
 * What stands at a path now, as a `.dvc` has it. Throws what `contentOf` and `readFiles` throw.
 * @param path absolute
 */
export async function factsOf(
  path: string,
  look: Look,
  run: Pick<TrackRun, 'onProgress' | 'signal'>,
): Promise<OutFacts> {
  const content = await contentOf(path, look, run.signal);
  return 'stands' in content ? content.stands : (await hashContent(content, run)).facts;
}

export async function hashContent(content: Content, run: Pick<TrackRun, 'onProgress' | 'signal'>): Promise<Hashed> {
  const unknown = content.files.filter(({ known }) => known === undefined);
  const meter = new Meter(run, 'hash', bytesOf(unknown));
  try {
    const hashed = hashedOf(content, await readFiles(unknown, content, { meter }, run.signal));
    await remember(content, hashed);
    return hashed;
  } finally {
    meter.stop();
  }
}

/** The whole, from what was read of it; the rest is known. */
export function hashedOf({ files, isFolder }: Content, read: readonly HashedFile[]): Hashed {
  const news = new Map(read.map((file) => [file.relpath, file]));
  const all = files.map((file) => news.get(file.relpath) ?? { ...file, md5: file.known ?? '', settled: true });
  const size = bytesOf(all);
  const [only] = all;
  if (!isFolder && only !== undefined) return { facts: { md5: only.md5, size, isexec: only.exec }, files: all };
  const { md5, content } = dirObject(all);
  return { facts: { md5, size, nfiles: all.length }, files: all, listing: content };
}

/** @param linked stamps of files that are objects now, by path in the folder: nobody writes into those */
export async function remember(
  { remembered }: Content,
  { facts, files, listing }: Hashed,
  linked: ReadonlyMap<string, string> = new Map(),
): Promise<void> {
  for (const { relpath, stamp, md5, settled } of files) {
    const asObject = linked.get(relpath);
    if (asObject !== undefined) remembered.note(relpath, asObject, md5);
    else if (settled) remembered.note(relpath, stamp.text, md5);
  }
  await remembered.save({ ...facts, ...(listing !== undefined && { listing: Buffer.byteLength(listing) }) });
}

export function bytesOf(files: readonly { readonly stamp: { readonly size: number } }[]): number {
  return files.reduce((sum, { stamp }) => sum + stamp.size, 0);
}
