/** Writing and hashing away from the thread that reads the network: worth its start where a file is long. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { HashedWriter, type Digests, type Writer, type WriterOptions } from './hashedWriter';
import type { Point } from './record';

export type WriterAsk =
  | { readonly to: 'confirm'; readonly with: Parameters<Writer['confirm']> }
  | { readonly to: 'write'; readonly with: Parameters<Writer['write']> }
  | { readonly to: 'record'; readonly with: Parameters<Writer['record']> }
  | { readonly to: 'digests' };

export interface WriterQuestion {
  readonly id: number;
  readonly ask: WriterAsk;
}

export interface WriterAnswer {
  readonly id: number;
  readonly value?: unknown;
  readonly failed?: { readonly code: string | undefined; readonly message: string };
}

export interface WriterThreads {
  /** The bundle of `hashedWriter.worker.ts`, which is absent where the source itself runs. */
  readonly script: string;
  /** How long a file is that gets one, bytes. */
  readonly from: number;
}

export const WRITER_THREADS: WriterThreads = { script: join(__dirname, 'hashedWriter.worker.js'), from: 64 * 2 ** 20 };

/** @param bytes how long the file will be; undefined: nobody knows */
export function writerFor(bytes: number | undefined, { script, from }: WriterThreads, options: WriterOptions): Writer {
  const isLong = bytes !== undefined && bytes >= from;
  return isLong && existsSync(script) ? new WriterThread(script, options) : new HashedWriter(options);
}

interface Waiting {
  readonly done: (value: unknown) => void;
  readonly fail: (error: Error) => void;
}

class WriterThread implements Writer {
  private readonly worker: Worker;
  private readonly waiting = new Map<number, Waiting>();
  private asked = 0;
  private dead: Error | undefined;

  constructor(script: string, options: WriterOptions) {
    this.worker = new Worker(script, { workerData: options });
    this.worker
      .on('message', ({ id, value, failed }: WriterAnswer) => {
        const { done, fail } = this.waiting.get(id) ?? {};
        this.waiting.delete(id);
        if (failed) fail?.(Object.assign(new Error(failed.message), { code: failed.code }));
        else done?.(value);
      })
      .on('error', (error) => {
        this.end(error);
      })
      .on('exit', () => {
        this.end(new Error('The thread that writes ended'));
      });
  }

  confirm(...of: Parameters<Writer['confirm']>): Promise<boolean> {
    return this.ask({ to: 'confirm', with: of });
  }

  write(...of: Parameters<Writer['write']>): Promise<void> {
    return this.ask({ to: 'write', with: of });
  }

  record(...of: Parameters<Writer['record']>): Promise<Point> {
    return this.ask({ to: 'record', with: of });
  }

  digests(): Promise<Digests> {
    return this.ask({ to: 'digests' });
  }

  async close(): Promise<void> {
    await this.worker.terminate();
  }

  private ask<T>(ask: WriterAsk): Promise<T> {
    return new Promise<T>((done, fail) => {
      if (this.dead) {
        fail(this.dead);
        return;
      }
      const id = this.asked++;
      this.waiting.set(id, { done: done as Waiting['done'], fail });
      const question: WriterQuestion = { id, ask };
      this.worker.postMessage(question);
    });
  }

  private end(error: Error): void {
    this.dead ??= error;
    for (const { fail } of this.waiting.values()) fail(this.dead);
    this.waiting.clear();
  }
}
