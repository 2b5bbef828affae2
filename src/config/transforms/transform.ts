/**
 * What a transform is to the config: its parameters, and how it changes the columns. Pure, so that the editor can reason
 * about the steps of a dataset without its data; the build asks again with the columns it has read.
 */
import type * as z from 'zod';
import type { ColumnType } from '../../protocol';
import { nearest } from '../nearest';

/** The columns that a step meets. */
export interface Columns {
  /** By name, in their order; undefined: a type that is not known before the data is read. */
  readonly types: ReadonlyMap<string, ColumnType | undefined>;
  /** Whether the data may have columns beside these. */
  readonly open: boolean;
  /** What earlier steps took away, also where `open` leaves much possible. */
  readonly gone?: ReadonlyMap<string, Gone>;
}

/** How a column went. */
export interface Gone {
  /** The step that took it away. */
  readonly by: string;
  /** What it is called now. */
  readonly now?: string;
}

/** Reports a fault of a step, on one of its parameters. */
export type Fault = (fault: {
  readonly code: 'transform-column' | 'transform-step';
  readonly at: readonly (string | number)[];
  readonly message: string;
  readonly suggestion?: string;
}) => void;

/** Rows of other files or datasets that a step takes in. */
export interface Beside {
  /** As a source names them, and the parameter that does. */
  readonly entries: readonly { readonly path: string; readonly at: readonly (string | number)[] }[];
  /** Columns there whose values are to be like those of columns here, names of the latter by those of the former; or all of the same name. */
  readonly alike: ReadonlyMap<string, string> | 'same names';
}

/** A method, so that a transform of certain parameters stands among those of any. */
interface Learning<P> {
  learns(parameters: P): boolean;
}

export interface Transform<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** One sentence, for the editor. */
  readonly description: string;
  readonly parameters: S;
  /**
   * Whether it learns from the training rows, always or with some parameters. Such a step, and all after it, come after
   * the split and keep all rows.
   */
  readonly fitted: boolean | Learning<z.output<S>>['learns'];
  readonly removesRows: boolean;
  /** Whether it may add rows, or make others of them. */
  readonly remakesRows?: boolean;
  /** Whether it is told which rows to leave to train on: none of them is lost. */
  readonly chooses?: boolean;
  /** Whether it is about the rows of the dataset as such: what it learned is applied to new data without it. */
  readonly leavesNewData?: boolean;
  /** Whether the rows afterwards, always or with some parameters, are no more those of files. */
  readonly detaches?: boolean | Learning<z.output<S>>['learns'];
  /** What it takes in beside the rows, with some parameters; most take in nothing. */
  beside?(parameters: z.output<S>): Beside;
  /** The columns afterwards. Reports what does not suit the incoming ones. */
  columns(parameters: z.output<S>, incoming: Columns, fault: Fault): Columns;
}

/** Keeps the name and the type of the parameters where the transform is declared. */
export function transform<const N extends string, S extends z.ZodType>(
  declared: Transform<S> & { readonly name: N },
): Transform<S> & { readonly name: N } {
  return declared;
}

/** A list, and the same without brackets. */
export function asNames(names: string | readonly string[]): readonly string[] {
  return typeof names === 'string' ? [names] : names;
}

export const numeric: readonly ColumnType[] = ['integer', 'number'];
export const textual: readonly ColumnType[] = ['string', 'any', 'image', 'audio'];
export const temporal: readonly ColumnType[] = ['date', 'datetime'];
/** Those whose values can stand for categories. */
export const categorical: readonly ColumnType[] = ['string', 'any', 'boolean', ...numeric, ...temporal, 'time'];

/**
 * Reports names that no incoming column has, and columns of another type than `types`.
 * @param key the parameter that names them
 */
export function checkNames(
  names: string | readonly string[],
  { types, open, gone }: Columns,
  fault: Fault,
  key: string,
  allowed?: readonly ColumnType[],
): void {
  for (const [index, name] of asNames(names).entries()) {
    const at = typeof names === 'string' ? [key] : [key, index];
    if (asNames(names).indexOf(name) !== index) {
      fault({
        code: 'transform-column',
        at,
        message: `The column \`${name}\` is in the list twice.`,
        suggestion: 'Leave one of them out.',
      });
      continue;
    }
    if (!types.has(name)) {
      const left = gone?.get(name);
      if (left !== undefined) {
        fault({ code: 'transform-column', at, ...goneWords(name, left) });
        continue;
      }
      if (open) continue;
      const meant = nearest(name, types.keys());
      fault({
        code: 'transform-column',
        at,
        message: `There is no column \`${name}\` at this step.`,
        suggestion:
          meant === undefined ? `The columns are ${listed([...types.keys()])}.` : `Did you mean \`${meant}\`?`,
      });
      continue;
    }
    const type = types.get(name);
    if (type === undefined || allowed === undefined || allowed.includes(type)) continue;
    fault({
      code: 'transform-column',
      at,
      message: `The column \`${name}\` is of type ${type}; this step takes ${listed(allowed)}.`,
      suggestion: 'Choose another column, or cast it first with a step `cast`.',
    });
  }
}

function goneWords(name: string, { by, now }: Gone): { message: string; suggestion: string } {
  return now === undefined
    ? {
        message: `There is no column \`${name}\` at this step: \`${by}\` took it away.`,
        suggestion: `Move this step before \`${by}\`, or leave the column in.`,
      }
    : {
        message: `There is no column \`${name}\` at this step: \`${by}\` calls it \`${now}\`.`,
        suggestion: `Write \`${now}\`.`,
      };
}

/** Reports a new column that takes the name of another. */
export function checkFree(name: string, { types }: Columns, fault: Fault, at: readonly (string | number)[]): void {
  if (name === '') {
    fault({ code: 'transform-column', at, message: 'A column needs a name.' });
    return;
  }
  const twin = [...types.keys()].find((other) => other.toLowerCase() === name.toLowerCase());
  if (twin === undefined) return;
  fault({
    code: 'transform-column',
    at,
    message: `There already is a column \`${twin}\`.`,
    suggestion: 'Choose another name, or drop that column first.',
  });
}

/** The same columns, some of them of another type; names that are not there are left out. */
export function retyped(incoming: Columns, names: string | readonly string[], type: ColumnType | undefined): Columns {
  const changed = new Set(asNames(names));
  const types = Array.from(incoming.types, ([name, old]) => [name, changed.has(name) ? type : old] as const);
  return { ...incoming, types: new Map(types) };
}

/** The same columns and one more at the end. */
export function added(incoming: Columns, name: string, type: ColumnType | undefined): Columns {
  const types = new Map(incoming.types).set(name, type);
  if (incoming.gone?.has(name) !== true) return { ...incoming, types };
  return { ...incoming, types, gone: new Map([...incoming.gone].filter(([left]) => left !== name)) };
}

/**
 * The same columns without some.
 * @param by the step that takes them away
 */
export function without(incoming: Columns, names: string | readonly string[], by: string): Columns {
  const left = new Set(asNames(names));
  return {
    ...incoming,
    types: new Map([...incoming.types].filter(([name]) => !left.has(name))),
    gone: new Map([...(incoming.gone ?? []), ...Array.from(left, (name) => [name, { by }] as const)]),
  };
}

export function listed(names: readonly string[]): string {
  const some = names.slice(0, 20).join(', ');
  return names.length > 20 ? `${some} and ${names.length - 20} more` : some;
}
