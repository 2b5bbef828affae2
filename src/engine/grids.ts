/** The rows that are being looked at: sessions in this process, each with a database and a scratch folder of its own. */
import { join } from 'node:path';
import { memoryBytes } from '../config';
import { dataTarget } from './dataTarget';
import { Database } from './duckdb';
import { GridSession } from './grid';
import type { Limits } from './limits';
import { openRows } from './rows';
import { openScratch } from './scratch';
import { MldataError, type DataRequest } from '../protocol';

/** Questions are short: more of the machine would be taken from builds, and gain little. */
const MOST_THREADS = 4;
const MOST_MEMORY = 1e9;

interface Opened {
  readonly session: GridSession;
  readonly release: () => Promise<void>;
}

export class Grids {
  private readonly opened = new Map<string, Opened>();

  /** Throws what finding and reading the files throws. */
  async open(request: DataRequest, limits: Limits, signal: AbortSignal): Promise<GridSession> {
    const target = await dataTarget(request);
    const { id, folder: scratch, release } = await openScratch(request.configPath);
    try {
      const database = await Database.open({
        threads: Math.min(MOST_THREADS, limits.threads),
        memoryLimit: `${Math.floor(Math.min(MOST_MEMORY, memoryBytes(limits.memoryLimit)) / 1e6)}MB`,
        spillFolder: join(scratch, 'spill'),
        signal,
      });
      try {
        const rows = await openRows(target, { database, scratch, signal, onProgress: () => undefined });
        const session = await GridSession.open(id, database, rows);
        this.opened.set(id, { session, release });
        return session;
      } catch (error) {
        database.close();
        throw error;
      }
    } catch (error) {
      await release();
      throw error;
    }
  }

  /** Throws `grid-closed`. */
  get(id: string): GridSession {
    const found = this.opened.get(id);
    if (!found) throw new MldataError('usage', 'grid-closed', 'This data is no longer open. Open it again.');
    return found.session;
  }

  /** Closing what is closed is nothing. */
  async close(id: string): Promise<void> {
    const found = this.opened.get(id);
    if (!found) return;
    this.opened.delete(id);
    await found.session.close();
    await found.release();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.opened.keys()].map((id) => this.close(id)));
  }
}
