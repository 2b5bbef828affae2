/** What a check is to the config: its parameters, and what they must suit. Pure, as transforms are. */
import type * as z from 'zod';
import type { CheckName, TableSchema } from '../../protocol';

/** Reports a fault of a check's parameters. */
export type CheckFault = (fault: {
  readonly code: 'check-column' | 'check-parameter';
  readonly at: readonly (string | number)[];
  readonly message: string;
  readonly suggestion?: string;
}) => void;

export interface Check<S extends z.ZodType = z.ZodType, P = unknown> {
  readonly name: CheckName;
  /** One sentence, for the editor. */
  readonly description: string;
  /** The written form. A bare value beside the map is what `bare` names. */
  readonly parameters: S;
  /** The key that a bare value stands for, where it may be written without a map: `missing: 5%`. */
  readonly bare?: string;
  /** Whether `validate` makes it where the config does not name it; a build makes what is named. */
  readonly byDefault: boolean;
  /** The parameters in full, plain JSON: shorthands are read, what is left out is filled in. */
  resolve(written: z.output<S>): P;
  /**
   * Reports what does not go together, or does not suit the columns. It is asked once with what the config tells of them,
   * and once with those that were read; `at` of a fault is a path into what is written.
   * @param schema the columns of the rows that are checked; there may be others unless `extraColumns` is `error`
   */
  refuse?(parameters: P, schema: TableSchema, fault: CheckFault): void;
}

/** Keeps the name and the types of the parameters where the check is declared. */
export function check<const N extends CheckName, S extends z.ZodType, P>(
  declared: Check<S, P> & { readonly name: N },
): Check<S, P> & { readonly name: N } {
  return declared;
}
