/** What messages say beyond the kind of value; kept apart from `.meta()` because that would land in the JSON Schema. */
import * as z from 'zod';
import { percentage } from './shorthands';

/** What a text of the config stands for, so that an editor can complete, find and rename it. */
export type Named =
  /** A column at that point of the dataset; `newColumn`: one that comes to be there. */
  | 'column'
  | 'newColumn'
  | 'dataset'
  | 'path'
  /** SQL over columns; `query`: a whole SELECT. */
  | 'expression'
  | 'query';

interface Words {
  /** Completes the sentence "Expected …". */
  readonly expected?: string;
  readonly names?: Named;
}

/** By what is inside of a schema, which is the same where something stands for it until it is built. */
const words = new WeakMap<object, Words>();

export function worded<T extends z.ZodType>(schema: T, expected: string, names?: Named): T {
  words.set(schema._zod, { expected, ...(names !== undefined && { names }) });
  return schema;
}

/** Its own, or those of the schema that it was made from. */
export function wordsOf(schema: z.core.$ZodType): Words | undefined {
  const { parent } = schema._zod;
  return words.get(schema._zod) ?? (parent && wordsOf(parent));
}

/** A list of one may be written without brackets. */
export function oneOrMany<T extends z.ZodType>(item: T, least: number): z.ZodUnion<[T, z.ZodArray<T>]> {
  return z.union([item, worded(z.array(item).min(least), least === 0 ? 'a list' : 'a list of one or more')]);
}

export const columnName = worded(z.string(), 'the name of a column', 'column');
/** Of a column that is not there yet, or of another table. */
export const otherName = worded(z.string(), 'the name of a column');

export const share = worded(
  z.union([z.number().min(0).max(1), z.string().regex(percentage)]),
  'a share from 0 to 1, or a percentage such as 80%',
);
