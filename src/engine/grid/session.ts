/** Rows that somebody looks at: pages of views, single values, images. */
import type { Database } from '../duckdb';
import { mediaFinder, thumbnailOf } from '../media';
import type { Rows } from '../rows';
import {
  cancelled,
  COPIED_CHARACTERS,
  MAX_PAGE_ROWS,
  MldataError,
  SHOWN_CHARACTERS,
  type GridCell,
  type GridCellRequest,
  type GridPage,
  type GridPageRequest,
  type GridThumbnail,
  type OpenedGrid,
} from '../../protocol';
import { pageOf } from './arrow';
import { beginning, cutOff, wholeText } from './cells';
import { imageColumns } from './images';
import { Views } from './views';

/** Of a value that is asked for by itself. */
const CELL_CHARACTERS = 1_000_000;
const THUMBNAIL_PIXELS = 128;
/** How long files are taken for unchanged. */
const TRUSTED_MS = 500;

export class GridSession {
  private readonly closing = new AbortController();
  private readonly views: Views;
  private readonly find: ReturnType<typeof mediaFinder>;
  private readonly running = new Set<Promise<unknown>>();
  /** What pages are being made of: those of another view are given up. */
  private readonly making = new Map<AbortController, string>();
  private lookedAt = -Infinity;

  private constructor(
    private readonly id: string,
    private readonly database: Database,
    private readonly data: Rows,
    private readonly images: readonly boolean[],
  ) {
    this.views = new Views(data, (signal, work) => this.inSession(signal, work));
    this.find = mediaFinder(data.mediaFolders);
  }

  /** Takes over the database that has the rows. */
  static async open(id: string, database: Database, data: Rows): Promise<GridSession> {
    return new GridSession(id, database, data, await imageColumns(database, data));
  }

  get opened(): OpenedGrid {
    const { rows, columns, findings } = this.data;
    return {
      id: this.id,
      rows,
      columns: columns.map(({ name, type, physicalType }, index) => ({
        name,
        type,
        physicalType,
        image: this.images[index] ?? false,
      })),
      findings,
    };
  }

  /** Throws `filter-invalid` and `source-changed`; cancelled, too, once a page of another view is asked for. */
  async page(request: GridPageRequest, signal: AbortSignal): Promise<GridPage> {
    const { view, offset, limit, long = false } = request;
    if (!isCount(offset) || !isCount(limit) || limit > MAX_PAGE_ROWS) throw new RangeError('No page is there');
    const wanted = request.columns ?? this.data.columns.map((_, index) => index);
    const columns = wanted.map((index) => this.column(index));
    const characters = long ? COPIED_CHARACTERS : SHOWN_CHARACTERS;
    const mine = this.giveUpOthers(JSON.stringify(view));
    try {
      return await this.unlessChanged(AbortSignal.any([signal, mine.signal]), async (stopped) => {
        const total = await this.views.rowsOf(view, stopped);
        const last = Math.min(offset + limit, total) - 1;
        if (last < offset) return { rows: total, offset, ...(await pageOf([], columns.length, characters)) };
        const { relation, where, order } = await this.views.place(view, offset, last, stopped);
        const values = columns.map((column, index) => `, ${beginning(column, characters)} AS v${index}`).join('');
        const rows = await this.inSession(stopped, (database) =>
          database.rows(`SELECT __row AS row${values} FROM ${relation} WHERE ${where} ORDER BY ${order}`),
        );
        return { rows: total, offset, ...(await pageOf(rows, columns.length, characters)) };
      });
    } finally {
      this.making.delete(mine);
    }
  }

  async cell({ row, column }: GridCellRequest, signal: AbortSignal): Promise<GridCell> {
    const value = await this.value(row, `left(${wholeText(this.column(column))}, ${CELL_CHARACTERS + 1})`, signal);
    return value === null ? { text: null, cut: false } : cutOff(value, CELL_CHARACTERS);
  }

  async thumbnail({ row, column }: GridCellRequest, signal: AbortSignal): Promise<GridThumbnail> {
    const value = await this.value(row, wholeText(this.column(column)), signal);
    if (value === null) return { message: 'There is no path.' };
    const file = await this.find(value);
    if (file.state === 'missing') return { message: `${value} is not there.` };
    if (file.state === 'unreadable')
      return { message: `${value} cannot be opened, or lies outside of what the data may reach.` };
    const png = await thumbnailOf(file, THUMBNAIL_PIXELS);
    return png ? { png: png.toString('base64') } : { message: `${value} is no image that can be read.` };
  }

  async close(): Promise<void> {
    this.closing.abort();
    this.views.close();
    while (this.running.size > 0) await Promise.allSettled(this.running);
    this.database.close();
  }

  private async value(row: number, expression: string, signal: AbortSignal): Promise<string | null> {
    if (!isCount(row)) throw new RangeError('No row is there');
    return this.unlessChanged(signal, async (stopped) => {
      const [found] = await this.inSession(stopped, (database) =>
        database.rows(
          `SELECT ${expression} AS value FROM ${this.data.relation} WHERE ${this.data.between(row, row)} AND __row = ${row}`,
        ),
      );
      const value = found?.['value'] ?? null;
      return value === null ? null : String(value);
    });
  }

  private column(index: number): Rows['columns'][number] {
    const column = this.data.columns[index];
    if (!column) throw new RangeError(`There is no column at ${index}`);
    return column;
  }

  private giveUpOthers(view: string): AbortController {
    for (const [controller, other] of this.making) if (other !== view) controller.abort();
    const mine = new AbortController();
    this.making.set(mine, view);
    return mine;
  }

  /** Throws `source-changed` where a file is another one now: before it is read again, and in place of what comes of that. */
  private async unlessChanged<T>(signal: AbortSignal, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    if (performance.now() - this.lookedAt > TRUSTED_MS) {
      await this.data.assertUnchanged();
      this.lookedAt = performance.now();
    }
    try {
      return await work(AbortSignal.any([signal, this.closing.signal]));
    } catch (error) {
      if (signal.aborted || this.closing.signal.aborted) throw cancelled();
      if (!(error instanceof MldataError)) await this.data.assertUnchanged();
      throw error;
    }
  }

  private async inSession<T>(signal: AbortSignal, work: (database: Database) => Promise<T>): Promise<T> {
    const run = async (): Promise<T> => {
      const session = await this.database.connect(AbortSignal.any([signal, this.closing.signal]));
      try {
        return await work(session);
      } finally {
        session.close();
      }
    };
    const running = run();
    this.running.add(running);
    try {
      return await running;
    } finally {
      this.running.delete(running);
    }
  }
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
