/** Rows on their way through the steps, and how a step changes them. */
import type { ColumnType } from '../../protocol';
import type { StageColumn } from '../schema';
import type { StepProblem } from './stepError';

export interface Table {
  /**
   * SQL name of a relation with `id` (the order of the rows), `__file` and `__read` (which row of which file it was; no
   * file where a step made it), and the columns by their ids.
   */
  readonly relation: string;
  readonly columns: readonly StageColumn[];
  /** Whether the step before gave the rows other ids: `__was` in the relation is what they were; missing for new rows. */
  readonly renumbered?: true;
}

/** Rows of other files or datasets that a step takes in. */
export interface Side {
  /** As the config names it. */
  readonly name: string;
  /** SQL name of a relation with `id` (their order, from 0), `__file`, `__read`, and the columns by their ids. */
  readonly relation: string;
  readonly columns: readonly StageColumn[];
  /** Types that the files themselves say, by the names of columns; a text says none. */
  readonly held: ReadonlyMap<string, readonly ColumnType[]>;
}

/** A column with a new value. */
export interface NewColumn {
  readonly name: string;
  /** SQL over the ids of the incoming columns. */
  readonly value: string;
  /** Left out: what the engine's type of the value is closest to. */
  readonly type?: ColumnType;
}

export interface Change {
  /** The columns afterwards, in their order: as they came, or with a new value. */
  readonly columns: readonly (StageColumn | NewColumn)[];
  /** SQL condition that is true for the rows that stay. */
  readonly where?: string;
  /** SQL that stands behind the incoming table, called `t`: joins that keep every row once, unless the rows are detached. */
  readonly joins?: readonly string[];
  /** SQL over `t` and what is joined: the rows stand in this order, and what is equal in it as it stood. */
  readonly order?: readonly string[];
  /** Whether the rows are no more those of files: several may be made of one. */
  readonly detached?: true;
  /** Rows that come after the others: the SQL of each column's value, over a side called `s`. */
  readonly more?: { readonly side: Side; readonly values: readonly string[] };
  /** SQL name of a table that takes the place of the rows; it is called `t` in their place. */
  readonly instead?: string;
  /** Compute the values once, at this step, where what is wrong with them can be told of it. */
  readonly stored?: boolean;
  /** What is said of it although it is done. */
  readonly warnings?: readonly StepProblem[];
}

export function isNew(column: StageColumn | NewColumn): column is NewColumn {
  return 'value' in column;
}

/** The column of this name. The config's side has made sure that it is there. */
export function columnNamed({ columns }: Table, name: string): StageColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new Error(`There is no column ${name}`);
  return column;
}

/** The columns of these names, in their order; one may be written without a list. */
export function columnsNamed(table: Table, names: string | readonly string[]): StageColumn[] {
  return [names].flat().map((name) => columnNamed(table, name));
}

/** The change that gives some columns new values and leaves the others as they are. */
export function replaced(
  { columns }: Table,
  names: string | readonly string[],
  value: (column: StageColumn) => Omit<NewColumn, 'name'>,
): Change {
  return {
    columns: columns.map((column) =>
      names === column.name || (typeof names !== 'string' && names.includes(column.name))
        ? { name: column.name, ...value(column) }
        : column,
    ),
  };
}
