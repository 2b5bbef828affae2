/** What a transform is to the engine: learning from the training rows, and changing a table, both as SQL. */
import type * as z from 'zod';
import type { Transform } from '../../config';
import type { Database } from '../duckdb';
import type { Change, Side, Table } from './table';

export interface TransformContext {
  readonly database: Database;
  /** A name for a table that nothing has yet. */
  readonly freshName: () => string;
  /** For what is drawn at random; recorded in the manifest. */
  readonly seed: number;
  /** What the step takes in beside the rows; absent where it takes in nothing. */
  readonly side?: Side;
  /** SQL of the training rows among those that are changed; absent where nothing was learned from these rows. */
  readonly training?: string;
}

export interface FitContext extends TransformContext {
  /** SQL of a relation with the training rows, columns by their ids, in no order. */
  readonly training: string;
}

/** Plain JSON: it stands in the manifest, and new data is changed by it. */
export type Fitted = Readonly<Record<string, unknown>>;

/** @template P the parameters in full */
export interface Unfitted<P> {
  apply(parameters: P, table: Table, context: TransformContext): Change | Promise<Change>;
}

/** @template F what is learned */
export interface Fitting<P, F extends Fitted> {
  /** Learns from the training rows; the same rows give the same numbers to the last bit. */
  fit(parameters: P, table: Table, context: FitContext): Promise<F>;
  apply(parameters: P, table: Table, context: TransformContext, fitted: F): Change | Promise<Change>;
}

/** Learns with some parameters only. */
export interface FittingAtTimes<P, F extends Fitted> {
  fit(parameters: P, table: Table, context: FitContext): Promise<F>;
  /** @param fitted undefined with parameters that nothing is learned for */
  apply(parameters: P, table: Table, context: TransformContext, fitted: F | undefined): Change | Promise<Change>;
}

/** Any transform, whatever its parameters and what it learns. */
export type EngineTransform =
  | Unfitted<never>
  | {
      fit(parameters: never, table: Table, context: FitContext): Promise<Fitted>;
      apply(parameters: never, table: Table, context: TransformContext, fitted: never): Change | Promise<Change>;
    };

/** The parameters that a transform of the config has. */
export type ParametersOf<T extends Transform> = z.output<T['parameters']>;
