/**
 * Where the rows of a view lie. Filters and orders are over all rows: which they are, and in what order, is worked out
 * once for a view and kept as a table of positions. Rows in the order of the data are read where they are. Rows that lie
 * far apart are slow to gather, however few: they are gathered for many pages at a time, and for views of many rows copied
 * in their order beside that, after which every page is a run of neighbours.
 */
import type { Database } from '../duckdb';
import type { Rows } from '../rows';
import type { GridView } from '../../protocol';
import { conditionOf, orderOf } from './filters';
import { Shared } from './shared';

/** Views whose positions are kept: 8 bytes a row each. */
const KEPT_VIEWS = 6;
/** Runs of gathered rows that are kept of a view. */
const KEPT_RUNS = 8;
/** How many rows are gathered at a time, and how many values at most. */
const RUN_ROWS = 5000;
const RUN_VALUES = 500_000;
/** Rows of a page that lie no farther apart are read with what lies between them. */
const NEAR = 20_000;
/** Views that are copied: of more rows, and of no more values than a disk has room for. */
const COPIED_ROWS = 200_000;
const COPIED_VALUES = 1_000_000_000;

/** Rows of one page: those of a relation that a condition holds for, in the order of the expression. */
export interface Place {
  readonly relation: string;
  readonly where: string;
  readonly order: string;
}

/** Gathered rows. */
interface Run {
  readonly name: string;
  readonly made: Shared<void>;
}

interface View {
  readonly name: string;
  readonly rows: Shared<number>;
  /** By where they begin and how long they are, latest used last. */
  readonly runs: Map<string, Run>;
  copy?: Shared<void>;
  copied: boolean;
}

/** Runs work in a session of its own that the signal stops. */
export type InSession = <T>(signal: AbortSignal, work: (database: Database) => Promise<T>) => Promise<T>;

export class Views {
  /** By what they are, latest used last. */
  private readonly views = new Map<string, View>();
  private made = 0;

  constructor(
    private readonly data: Rows,
    private readonly inSession: InSession,
  ) {}

  /** How many rows the view has. Throws `filter-invalid`. */
  async rowsOf(view: GridView, signal: AbortSignal): Promise<number> {
    return isWhole(view) ? this.data.rows : this.known(view).rows.wait(signal);
  }

  /** Where the rows of the view from the one position up to the other are, both included. */
  async place(view: GridView, first: number, last: number, signal: AbortSignal): Promise<Place> {
    if (isWhole(view)) {
      return { relation: this.data.relation, where: this.data.between(first, last), order: '__row' };
    }
    const known = this.known(view);
    const rows = await known.rows.wait(signal);
    if (known.copied) {
      return { relation: `${known.name}_copy`, where: `rowid BETWEEN ${first} AND ${last}`, order: 'rowid' };
    }
    const near = await this.near(known, first, last, signal);
    if (near) return near;
    const place = await this.gathered(known, first, last, signal);
    // After what is waited for, which it would slow down.
    this.copyInOrder(known, view, rows);
    return place;
  }

  /** Stops what goes on behind what was asked for. */
  close(): void {
    for (const view of this.views.values()) stop(view);
    this.views.clear();
  }

  private known(view: GridView): View {
    const key = JSON.stringify([view.filters, view.sort]);
    const before = this.views.get(key);
    const known = before && !before.rows.stopped ? before : this.begin(key, view);
    this.views.delete(key);
    this.views.set(key, known);
    for (const [oldest, forgotten] of this.views) {
      if (this.views.size <= KEPT_VIEWS) break;
      this.views.delete(oldest);
      void this.drop(forgotten);
    }
    return known;
  }

  private begin(key: string, view: GridView): View {
    const name = `view_${this.made++}`;
    const begun: View = {
      name,
      rows: new Shared((signal) => this.writePositions(name, view, signal)),
      runs: new Map(),
      copied: false,
    };
    begun.rows.done.catch(() => {
      if (this.views.get(key) === begun) this.views.delete(key);
    });
    return begun;
  }

  /** Which rows there are, in order; the position in the view is the table's own row number. */
  private async writePositions(name: string, view: GridView, signal: AbortSignal): Promise<number> {
    const query = this.queryOf('__row AS position', view);
    return this.inSession(signal, async (database) => {
      await database.run(`CREATE TABLE ${name} AS ${query}`);
      return Number((await database.row(`SELECT count(*) AS rows FROM ${name}`))['rows']);
    });
  }

  private queryOf(what: string, view: GridView): string {
    const { columns, relation } = this.data;
    const where = conditionOf(view, columns);
    return `SELECT ${what} FROM ${relation}${where ? ` WHERE ${where}` : ''} ORDER BY ${orderOf(view, columns)}`;
  }

  /** Rows between which there is little else. */
  private async near({ name }: View, first: number, last: number, signal: AbortSignal): Promise<Place | undefined> {
    const found = await this.inSession(signal, (database) =>
      database.rows(`SELECT position FROM ${name} WHERE rowid BETWEEN ${first} AND ${last} ORDER BY rowid`),
    );
    const positions = found.map((row) => Number(row['position']));
    const [from, to] = [Math.min(...positions), Math.max(...positions)];
    if (to - from > NEAR) return undefined;
    const list = positions.join(', ');
    return {
      relation: this.data.relation,
      where: `${this.data.between(from, to)} AND __row IN (${list})`,
      order: `list_position([${list}], __row)`,
    };
  }

  /** A page may lie across the border of two runs. */
  private async gathered(view: View, first: number, last: number, signal: AbortSignal): Promise<Place> {
    const most = Math.min(RUN_ROWS, Math.ceil(RUN_VALUES / (this.data.columns.length + 1)));
    const length = Math.max(last - first + 1, most);
    const starts = new Set([first, last].map((position) => position - (position % length)));
    const names: string[] = [];
    for (const start of starts) names.push(await this.run(view, start, length, signal));
    const relation = names.map((name) => `SELECT * FROM ${name}`).join(' UNION ALL ');
    return { relation: `(${relation})`, where: `__place BETWEEN ${first} AND ${last}`, order: '__place' };
  }

  private async run(view: View, start: number, length: number, signal: AbortSignal): Promise<string> {
    const key = `${start}/${length}`;
    const before = view.runs.get(key);
    const run = before && !before.made.stopped ? before : this.gather(view, start, length, key);
    view.runs.delete(key);
    view.runs.set(key, run);
    for (const [oldest, forgotten] of view.runs) {
      if (view.runs.size <= KEPT_RUNS) break;
      view.runs.delete(oldest);
      void this.dropTables([forgotten.name], [forgotten.made]);
    }
    await run.made.wait(signal);
    return run.name;
  }

  private gather(view: View, start: number, length: number, key: string): Run {
    const name = `${view.name}_run_${this.made++}`;
    const made = new Shared((signal) =>
      this.inSession(signal, async (database) => {
        await database.run(
          `CREATE TABLE ${name} AS SELECT data.*, places.place AS __place FROM ${this.data.relation} AS data JOIN ` +
            `(SELECT position, rowid AS place FROM ${view.name} WHERE rowid BETWEEN ${start} AND ${start + length - 1}) AS places ` +
            `ON data.__row = places.position`,
        );
      }),
    );
    const run = { name, made };
    made.done.catch(() => view.runs.get(key) === run && view.runs.delete(key));
    return run;
  }

  /** Only one copy is made at a time, of the view that was asked for last. */
  private copyInOrder(view: View, definition: GridView, rows: number): void {
    if (view.copy || rows < COPIED_ROWS || rows * this.data.columns.length > COPIED_VALUES) return;
    for (const other of this.views.values()) {
      if (other.copied) continue;
      other.copy?.stop();
      delete other.copy;
    }
    const copy = new Shared((signal) =>
      this.inSession(signal, async (database) => {
        await database.run(`CREATE TABLE ${view.name}_copy AS ${this.queryOf('*', definition)}`);
      }),
    );
    view.copy = copy;
    copy.done.then(
      () => (view.copied = true),
      // Without it there are the gathered rows.
      () => undefined,
    );
  }

  private async drop(view: View): Promise<void> {
    stop(view);
    const runs = [...view.runs.values()];
    const made = [view.rows, ...(view.copy ? [view.copy] : []), ...runs.map((run) => run.made)];
    await this.dropTables([view.name, `${view.name}_copy`, ...runs.map(({ name }) => name)], made);
  }

  /** After what makes them has ended, whichever way. */
  private async dropTables(names: readonly string[], made: readonly Shared<unknown>[]): Promise<void> {
    await Promise.allSettled(made.map(({ done }) => done));
    const statements = names.map((name) => `DROP TABLE IF EXISTS ${name}`).join('; ');
    // Where the session is being closed there is nothing left to drop.
    await this.inSession(new AbortController().signal, (database) => database.run(statements)).catch(() => undefined);
  }
}

function isWhole({ filters, sort }: GridView): boolean {
  return filters.length === 0 && sort.length === 0;
}

function stop({ rows, copy, runs }: View): void {
  rows.stop();
  copy?.stop();
  for (const { made } of runs.values()) made.stop();
}
