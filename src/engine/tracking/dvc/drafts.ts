/** Verified drafts on their way to become objects, some at a time: once they are safe on the disk. */
import { open } from 'node:fs/promises';
import { eachOf } from '../../eachOf';
import { runProgram } from '../program';
import { ask } from './disk/disk';
import type { PublishQuestion } from './disk/publish';
import type { HashedFile } from './reading';

/** So much waits at most: what is there when a run is ended need not be read again. */
const AT_MOST = { files: 8192, bytes: 2 ** 30 };

type Draft = PublishQuestion['drafts'][number];

export class Drafts {
  private waiting: Draft[] = [];
  private bytes = 0;
  private publishing = Promise.resolve();
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

  /** Takes those that have a draft; reading goes on while the disk works on the ones before. */
  async take(
    files: readonly (Pick<HashedFile, 'draft' | 'md5'> & { readonly stamp: { readonly size: number } })[],
  ): Promise<void> {
    for (const { draft, md5, stamp } of files) {
      if (draft === undefined) continue;
      this.waiting.push({ draft, md5 });
      this.bytes += stamp.size;
    }
    while (this.waiting.length >= AT_MOST.files || this.bytes >= AT_MOST.bytes) {
      const before = this.publishing;
      await before;
      if (before === this.publishing) this.begin();
    }
  }

  /** Rejects with what the disk throws, or the cancelled error. */
  async publishAll(): Promise<void> {
    await this.publishing;
    this.begin();
    await this.publishing;
  }

  private begin(): void {
    const drafts = this.waiting;
    this.waiting = [];
    this.bytes = 0;
    this.publishing = this.publish(drafts);
    this.publishing.catch(() => undefined); // whoever waits for it next hears of it
  }

  private async publish(drafts: readonly Draft[]): Promise<void> {
    if (drafts.length === 0) return;
    await this.flush(drafts);
    await ask({ do: 'publish', ...this.place, drafts }, this.signal);
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
