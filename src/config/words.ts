/** What messages say beyond the kind of value; kept apart from `.meta()` because that would land in the JSON Schema. */
import * as z from 'zod';
import { percentage } from './shorthands';

interface Words {
  /** Completes the sentence "Expected …". */
  readonly expected?: string;
  /** Keys that the format has, and this version can't do yet. */
  readonly later?: readonly string[];
}
export const words = z.registry<Words>();

export function worded<T extends z.ZodType>(schema: T, expected: string): T {
  words.add(schema, { expected });
  return schema;
}

/** A list of one may be written without brackets. */
export function oneOrMany<T extends z.ZodType>(item: T, least: number): z.ZodUnion<[T, z.ZodArray<T>]> {
  return z.union([item, worded(z.array(item).min(least), least === 0 ? 'a list' : 'a list of one or more')]);
}

export const columnName = worded(z.string(), 'the name of a column');

export const share = worded(
  z.union([z.number().min(0).max(1), z.string().regex(percentage)]),
  'a share from 0 to 1, or a percentage such as 80%',
);
