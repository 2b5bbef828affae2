/** Rows on their way through the steps, and how a step changes them. */
import type { ColumnType } from '../../protocol';
import type { StageColumn } from '../schema';
import type { StepProblem } from './stepError';

export interface Table {
  /** SQL name of a relation with `id` (the order of the rows, never changed by a step), `__file`, and the columns by their ids. */
  readonly relation: string;
  readonly columns: readonly StageColumn[];
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
  /** SQL that stands behind the incoming table, called `t`: joins that keep every row once. */
  readonly joins?: readonly string[];
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
