/** Verified drafts on their way to become objects, some at a time: once they are safe on the disk. */
import { open } from 'node:fs/promises';
import { eachOf } from '../../eachOf';
import { runProgram } from '../program';
import { ask } from './disk/disk';
import type { PublishQuestion } from './disk/publish';
import type { Stamp } from './disk/stamp';
import { changed, type HashedFile } from './reading';

/** So much is worth a flush: what is an object when a run is ended need not be read again. */
const ENOUGH = { files: 2048, bytes: 64 * 2 ** 20 };

/** A draft, and where what it holds came from. */
type Draft = PublishQuestion['drafts'][number] & Pick<HashedFile, 'path'>;

type Taken = Pick<HashedFile, 'draft' | 'path' | 'md5' | 'linked'> & { readonly stamp: Pick<Stamp, 'size' | 'text'> };

export class Drafts {
  private waiting: Draft[] = [];
  private bytes = 0;
  private publishing = Promise.resolve();
  private busy = false;
  private failed: Error | undefined;
  private published = 0;

  /** @param folder where the drafts lie */
  constructor(
    private readonly place: Pick<PublishQuestion, 'objects' | 'shared'>,
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {}

  /** How many objects there are now that were not there before. */
  get added(): number {
    return this.published;
  }

  /**
   * Takes those that have a draft; reading goes on while the disk works on the ones before. Throws what that met, and
   * `dvc-changed`.
   */
  take(files: readonly Taken[]): void {
    for (const { draft, path, md5, stamp, linked } of files) {
      if (draft === undefined) continue;
      this.waiting.push({ draft, path, md5, ...(linked && { stamp: stamp.text }) });
      this.bytes += stamp.size;
    }
    const enough = this.waiting.length >= ENOUGH.files || this.bytes >= ENOUGH.bytes;
    if (this.failed !== undefined) throw this.failed;
    if (enough && !this.busy) this.begin();
  }

  /** Rejects with what the disk throws, `dvc-changed`, or the cancelled error. */
  async publishAll(): Promise<void> {
    await this.publishing;
    this.begin();
    await this.publishing;
  }

  private begin(): void {
    const drafts = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    this.busy = true;
    this.publishing = this.publish(drafts);
    this.publishing.then(
      () => {
        this.busy = false;
      },
      (error: unknown) => {
        this.failed = error as Error;
      },
    );
  }

  private async publish(drafts: readonly Draft[]): Promise<void> {
    if (drafts.length === 0) return;
    await this.flush(drafts);
    const written = await ask({ do: 'publish', ...this.place, drafts }, this.signal);
    if (written !== undefined) throw changed(drafts[written]?.path ?? this.folder);
    this.published += drafts.length;
  }

  /** One flush of the whole disk takes as long as that of a few files. Where none can be asked for it is file by file. */
  private async flush(drafts: readonly Draft[]): Promise<void> {
    const { folder, signal } = this;
    const ran = process.platform === 'linux' ? await runProgram(['sync', '-f', folder], { folder, signal }) : undefined;
    if (ran?.code === 0) return;
    await eachOf(drafts, async ({ draft }) => {
      signal.throwIfAborted();
      // Windows flushes only what may be written.
      const handle = await open(draft, 'r+');
      await handle.sync().finally(() => handle.close());
    });
  }
}
