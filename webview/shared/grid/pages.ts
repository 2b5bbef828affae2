/** Pages of a view: those in sight are asked for first, then their neighbours; a bounded number is kept. */
import { tableFromIPC } from 'apache-arrow';
import type { GridError, GridPageBytes, GridPageRequest, GridView } from '../../../src/protocol';

export const PAGE_ROWS = 200;
/** Columns are asked for by so many neighbours in the data. */
export const BLOCK_COLUMNS = 32;
const KEPT = 120;
const AT_ONCE = 2;

export type AskPage = (request: Omit<GridPageRequest, 'id'>, signal: AbortSignal) => Promise<GridPageBytes>;

interface Block {
  /** Positions in the data. */
  readonly rows: readonly number[];
  /** By position of the column. */
  readonly texts: ReadonlyMap<number, readonly (string | null)[]>;
  /** `row of the page/column`. */
  readonly cut: ReadonlySet<string>;
}

export interface LoadedCell {
  readonly row: number;
  readonly value: string | null;
  readonly cut: boolean;
}

export class Pages {
  private readonly blocks = new Map<string, Block>();
  private readonly asked = new Map<string, AbortController>();
  private wanted: readonly string[] = [];
  private view: GridView = { filters: [], sort: [] };
  private failed = false;
  /** Of the view, once it is known. */
  rows: number | undefined;
  /** Counts up with everything that comes in. */
  version = 0;

  constructor(
    private readonly ask: AskPage,
    private readonly columns: number,
    private readonly onChange: () => void,
    private readonly onError: (error: GridError) => void,
  ) {}

  show(view: GridView, rows: number | undefined): void {
    this.stop();
    this.blocks.clear();
    this.view = view;
    this.rows = rows;
    this.failed = false;
    this.version++;
  }

  stop(): void {
    this.wanted = [];
    for (const controller of this.asked.values()) controller.abort();
    this.asked.clear();
  }

  /** Whether something is on its way. */
  get busy(): boolean {
    return this.asked.size > 0;
  }

  /** Undefined: not here yet. */
  cell(row: number, column: number): LoadedCell | undefined {
    const block = this.blocks.get(keyOf(Math.floor(row / PAGE_ROWS), Math.floor(column / BLOCK_COLUMNS)));
    const at = row % PAGE_ROWS;
    const position = block?.rows[at];
    if (block === undefined || position === undefined) return undefined;
    return { row: position, value: block.texts.get(column)?.[at] ?? null, cut: block.cut.has(`${at}/${column}`) };
  }

  /** Position in the data of a row of the view, where any of its blocks is here. */
  position(row: number, columns: readonly number[]): number | undefined {
    for (const column of columns) {
      const loaded = this.cell(row, column);
      if (loaded) return loaded.row;
    }
    return undefined;
  }

  /** What is in sight now: everything else that is on its way is called back. */
  want(firstRow: number, lastRow: number, columns: readonly number[]): void {
    if (this.failed) return;
    const blocks = [...new Set(columns.map((column) => Math.floor(column / BLOCK_COLUMNS)))];
    const [first, last] = [Math.floor(firstRow / PAGE_ROWS), Math.floor(Math.max(firstRow, lastRow) / PAGE_ROWS)];
    const end = this.rows === undefined ? first : Math.floor(Math.max(0, this.rows - 1) / PAGE_ROWS);
    const pages = Array.from({ length: last - first + 1 }, (_, index) => first + index);
    const near = [last + 1, first - 1];
    this.wanted = [...pages, ...near]
      .filter((page) => page >= 0 && page <= end)
      .flatMap((page) => blocks.map((block) => keyOf(page, block)));
    for (const [key, controller] of this.asked) {
      if (this.wanted.includes(key)) continue;
      this.asked.delete(key);
      controller.abort();
    }
    this.next();
  }

  private next(): void {
    // Nobody knows how many rows there are before the first answer.
    const atOnce = this.rows === undefined ? 1 : AT_ONCE;
    for (const key of this.wanted) {
      if (this.asked.size >= atOnce) return;
      if (!this.blocks.has(key) && !this.asked.has(key)) void this.fetch(key);
    }
  }

  private async fetch(key: string): Promise<void> {
    const [page = 0, block = 0] = key.split('/').map(Number);
    const first = block * BLOCK_COLUMNS;
    const length = Math.max(0, Math.min(BLOCK_COLUMNS, this.columns - first));
    const columns = Array.from({ length }, (_, index) => first + index);
    const controller = new AbortController();
    this.asked.set(key, controller);
    try {
      const request = { view: this.view, offset: page * PAGE_ROWS, limit: PAGE_ROWS, columns };
      const answer = await this.ask(request, controller.signal);
      if (controller.signal.aborted) return;
      this.asked.delete(key);
      this.keep(key, decoded(answer, columns));
      this.rows = answer.rows;
      this.version++;
      this.next();
      this.onChange();
    } catch (error) {
      if (controller.signal.aborted) return;
      this.asked.delete(key);
      this.failed = true;
      this.onError(error as GridError);
    }
  }

  private keep(key: string, block: Block): void {
    this.blocks.set(key, block);
    for (const oldest of this.blocks.keys()) {
      if (this.blocks.size <= KEPT) break;
      if (!this.wanted.includes(oldest)) this.blocks.delete(oldest);
      else break;
    }
  }
}

function keyOf(page: number, block: number): string {
  return `${page}/${block}`;
}

function decoded({ arrow, cut }: GridPageBytes, columns: readonly number[]): Block {
  const { rows, texts } = decodePage(arrow);
  return {
    rows,
    texts: new Map(columns.map((column, index) => [column, texts[index] ?? []])),
    cut: new Set(cut.map(([row, index]) => `${row}/${columns[index] ?? -1}`)),
  };
}

/** Positions in the data, and the texts by column. */
export function decodePage(arrow: Uint8Array): { rows: number[]; texts: (string | null)[][] } {
  const table = tableFromIPC(arrow);
  const [rows = [], ...texts] = table.schema.fields.map((_, index): unknown[] => [...(table.getChildAt(index) ?? [])]);
  return { rows: rows.map(Number), texts: texts as (string | null)[][] };
}
