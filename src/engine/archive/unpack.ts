/** Unpacks an archive into a folder of its own: nothing outside, no links, no more than there is room for. */
import { randomBytes } from 'node:crypto';
import { open, rename, rm, stat, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import picomatch from 'picomatch';
import { cancelled, MldataError } from '../../protocol';
import { makeFolder } from '../folders';
import { readDecompressed } from '../text';
import { safeName, unsafe, type Member } from './member';
import { readTar } from './tar';
import { readZip } from './zip';

export interface UnpackLimits {
  readonly files: number;
  readonly bytes: number;
  /** What comes out in proportion to the archive, once it is more than `freely` bytes. */
  readonly ratio: number;
  readonly freely: number;
}

export const UNPACK_LIMITS: UnpackLimits = { files: 200_000, bytes: 200e9, ratio: 250, freely: 200e6 };

export interface UnpackRequest {
  readonly archive: string;
  /** Where the members go; nothing stands there. */
  readonly folder: string;
  /** Globs over the names of members; absent: all. */
  readonly members?: readonly string[];
  readonly limits?: UnpackLimits;
  /** Hears how much came out of it so far. */
  readonly onBytes?: (bytes: number) => void;
  readonly signal: AbortSignal;
}

type Read = (path: string, take: (member: Member) => Promise<void>, signal: AbortSignal) => Promise<void>;

const tarOf =
  (codec: 'none' | 'gzip' | 'zstd'): Read =>
  (path, take, signal) =>
    readTar(path, readDecompressed(path, codec, signal), take);

const READERS: readonly [RegExp, Read][] = [
  [/\.zip$/i, readZip],
  [/\.tar$/i, tarOf('none')],
  [/\.(tar\.gz|tgz)$/i, tarOf('gzip')],
  [/\.(tar\.zst|tzst)$/i, tarOf('zstd')],
];

/** Whether a file of this name is one to unpack. */
export function isArchive(name: string): boolean {
  return READERS.some(([ending]) => ending.test(name));
}

/**
 * The names of the members that were unpacked, in order. All are there, or the folder is not. Throws `archive-unsafe`,
 * `archive-damaged`, `archive-empty` where no member matches, `source-truncated`, `source-corrupt`, `cancelled`, and
 * what the disk does.
 */
export async function unpack(request: UnpackRequest): Promise<string[]> {
  const { archive, folder, signal } = request;
  const read = READERS.find(([ending]) => ending.test(archive))?.[1];
  if (!read) throw unsafe(archive, 'it ends in none of .zip, .tar, .tar.gz, .tgz, .tar.zst');
  const draft = join(dirname(folder), `.${basename(folder)}-${randomBytes(4).toString('hex')}`);
  const unpacking = new Unpacking(request, draft, (await stat(archive)).size);
  try {
    await makeFolder(draft);
    await read(archive, (member) => unpacking.take(member), signal);
    if (signal.aborted) throw cancelled();
    if (unpacking.names.length === 0) throw nothing(request);
    await unpacking.flush();
    await rename(draft, folder);
    return unpacking.names.sort();
  } catch (error) {
    await unpacking.close();
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/** Members that are open until they are flushed. */
const AT_ONCE = 32;

class Unpacking {
  readonly names: string[] = [];
  private bytes = 0;
  private readonly open: FileHandle[] = [];
  private readonly seen = new Set<string>();
  private readonly folders = new Set<string>();
  private readonly matches: (name: string) => boolean;
  private readonly limits: UnpackLimits;

  constructor(
    private readonly request: UnpackRequest,
    private readonly draft: string,
    private readonly packed: number,
  ) {
    this.matches = request.members ? picomatch([...request.members], { dot: true }) : () => true;
    this.limits = request.limits ?? UNPACK_LIMITS;
  }

  async take(member: Member): Promise<void> {
    const { archive, signal } = this.request;
    if (signal.aborted) throw cancelled();
    const name = safeName(member.name, archive);
    if (name === undefined || !this.matches(name)) return;
    if (member.other !== undefined) throw unsafe(archive, `its member ${JSON.stringify(name)} is ${member.other}`);
    // Systems differ in whether these are one file.
    const same = name.normalize('NFC').toLowerCase();
    if (this.seen.has(same)) throw unsafe(archive, `it has more than one member ${JSON.stringify(name)}`);
    this.seen.add(same);
    this.refuseBoth(same);
    if (this.seen.size > this.limits.files) throw unsafe(archive, `it has more than ${this.limits.files} members`);
    await this.write(name, member);
    this.names.push(name);
  }

  /** Throws `archive-unsafe` where a name is that of a file and of a folder. */
  private refuseBoth(name: string): void {
    let both = this.folders.has(name) ? name : undefined;
    for (let above = dirname(name); above !== '.'; above = dirname(above)) {
      this.folders.add(above);
      if (this.seen.has(above)) both = above;
    }
    if (both === undefined) return;
    throw unsafe(this.request.archive, `its member ${JSON.stringify(both)} is a file and a folder at once`);
  }

  private async write(name: string, member: Member): Promise<void> {
    const path = join(this.draft, name);
    await makeFolder(dirname(path));
    const handle = await open(path, 'wx', 0o644);
    this.open.push(handle);
    for await (const chunk of member.content()) {
      if (this.request.signal.aborted) throw cancelled();
      this.count(chunk.length);
      await handle.writeFile(chunk);
    }
    if (this.open.length >= AT_ONCE) await this.flush();
  }

  /** Several members at once: after each of very many the disk would be waited for as often. */
  async flush(): Promise<void> {
    await Promise.all(this.open.map((handle) => handle.sync()));
    await this.close();
  }

  async close(): Promise<void> {
    await Promise.all(this.open.splice(0).map((handle) => handle.close()));
  }

  private count(more: number): void {
    const { archive } = this.request;
    const { bytes, ratio, freely } = this.limits;
    this.bytes += more;
    this.request.onBytes?.(this.bytes);
    if (this.bytes > bytes) throw unsafe(archive, `more than ${Math.round(bytes / 1e9)} GB would come out of it`);
    if (this.bytes > freely && this.bytes > ratio * this.packed) {
      throw unsafe(
        archive,
        `more than ${ratio} times its size would come out of it, as if it were made to fill the disk`,
      );
    }
  }
}

function nothing({ archive, members }: UnpackRequest): MldataError {
  const what = members ? `no member that matches ${members.join(', ')}` : 'no files';
  return new MldataError('buildFailed', 'archive-empty', `${archive} has ${what}. Correct \`members\` in the config.`);
}
