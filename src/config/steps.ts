/** The steps of a dataset: each one's parameters in full, and whether they follow from each other. */
import type { ColumnType, ConfigPath, SplitSpec, TableSchema, TransformSpec } from '../protocol';
import { nearest } from './nearest';
import type { Report } from './problem';
import { transforms, type Beside, type Columns, type Fault, type Transform } from './transforms';
import type { WrittenSplit, WrittenTransform } from './written';

export interface StepsContext {
  readonly dataset: string;
  readonly schema: TableSchema;
  readonly split: SplitSpec | undefined;
  /** Where the list is written, and where each key of the split is. */
  readonly at: ConfigPath;
  readonly splitAt: (key: keyof WrittenSplit) => ConfigPath;
}

/** What a step of this name is. */
export function transformOf(name: string): Transform | undefined {
  return Object.hasOwn(transforms, name) ? (transforms as Readonly<Record<string, Transform>>)[name] : undefined;
}

/** Whether a step learns from the training rows. */
export function isFitted({ transform: name, parameters }: TransformSpec): boolean {
  const fitted = transformOf(name)?.fitted ?? false;
  return typeof fitted === 'boolean' ? fitted : fitted(parameters);
}

/** Whether the rows after a step are no more those of files. */
function detaches({ transform: name, parameters }: TransformSpec): boolean {
  const detached = transformOf(name)?.detaches ?? false;
  return typeof detached === 'boolean' ? detached : detached(parameters);
}

/** What a step takes in beside the rows. */
export function besideOf({ transform: name, parameters }: TransformSpec): Beside | undefined {
  return transformOf(name)?.beside?.(parameters);
}

/** Reports what is wrong in the list; a step with a fault is left out. */
export function resolveSteps(
  written: readonly WrittenTransform[],
  context: StepsContext,
  report: Report,
): TransformSpec[] {
  const { dataset, schema, split, at } = context;
  if (written.length === 0 && split === undefined) return [];
  const declared = Object.entries(schema.columns).map(([name, { type }]) => [name, type] as const);
  const start: Columns = { types: new Map(declared), open: declared.length === 0 || schema.extraColumns !== 'error' };
  let columns = start;
  let fitted: string | undefined;
  const steps: TransformSpec[] = [];
  const checkSplit = (): void => {
    if (split !== undefined) checkSplitColumns(split, { start, columns, at: context.splitAt, dataset }, report);
  };
  for (const [index, step] of written.entries()) {
    const names = Object.keys(step);
    const [name] = names;
    if (name === undefined || names.length > 1) {
      report({
        code: 'transform-step',
        severity: 'error',
        message: names.length > 1 ? `This step has ${names.length} transforms.` : 'This step is empty.',
        suggestion: 'Write one transform per step, each behind a hyphen of its own.',
        path: [...at, index],
        part: 'value',
        dataset,
      });
      continue;
    }
    const transform = transformOf(name);
    const parsed = transform?.parameters.safeParse(step[name]);
    if (transform === undefined || parsed?.success !== true) continue;
    const spec: TransformSpec = { transform: name, parameters: parsed.data as TransformSpec['parameters'] };
    if (isFitted(spec) && fitted === undefined) {
      checkSplit();
      fitted = name;
    }
    if ((transform.removesRows || transform.remakesRows) && fitted !== undefined) {
      report({
        code: 'transform-order',
        severity: 'error',
        message: transform.removesRows
          ? `\`${name}\` takes rows away after \`${fitted}\` has learned from them.`
          : `\`${name}\` makes other rows after \`${fitted}\` has learned from them.`,
        suggestion: `Move \`${name}\` before \`${fitted}\`.`,
        path: [...at, index, name],
        part: 'key',
        dataset,
      });
      continue;
    }
    const fault: Fault = ({ code, at: within, message, suggestion }) => {
      report({
        code,
        severity: 'error',
        message,
        ...(suggestion !== undefined && { suggestion }),
        path: [...at, index, name, ...within],
        part: 'value',
        dataset,
      });
    };
    const numbers = split?.indices !== undefined ? 'indices' : split?.writeIndices ? 'writeIndices' : undefined;
    if (numbers !== undefined && detaches(spec))
      fault({
        code: 'transform-step',
        at: [],
        message: `After \`${name}\` rows have no numbers in files any more, which \`${numbers}\` of the split is about.`,
        suggestion: `Remove \`${numbers}\`, or put what the step does into a dataset of its own and take that as the source.`,
      });
    columns = transform.columns(parsed.data, columns, fault);
    steps.push(spec);
  }
  if (fitted === undefined) checkSplit();
  return steps;
}

/** Types that run along time, or may turn out to. */
const timely: readonly (ColumnType | undefined)[] = ['date', 'datetime', 'integer', 'number', 'any', undefined];

interface SplitPlace {
  /** The columns as declared, and as the split finds them. */
  readonly start: Columns;
  readonly columns: Columns;
  readonly at: StepsContext['splitAt'];
  readonly dataset: string;
}

/** Reports columns of the split that are not there when it comes, and a time without an order. */
function checkSplitColumns(split: SplitSpec, { start, columns, at, dataset }: SplitPlace, report: Report): void {
  for (const key of ['stratify', 'group', 'time'] as const) {
    const name = split[key];
    if (name === undefined) continue;
    const where = { path: at(key), part: 'value', dataset } as const;
    const type = columns.types.get(name);
    if (columns.types.has(name)) {
      if (key !== 'time' || timely.includes(type)) continue;
      report({
        ...where,
        code: 'time-unordered',
        severity: 'error',
        message: `The column \`${name}\` is of type ${type}, which has no time order.`,
        suggestion: 'Declare it as date, datetime or a number.',
      });
    } else if (columns.gone?.has(name) || (!columns.open && (start.open || start.types.has(name)))) {
      report({
        ...where,
        code: 'transform-order',
        severity: 'error',
        message: `The split needs the column \`${name}\`, which the steps before it leave out.`,
        suggestion: `Keep \`${name}\` until after the split, or drop it after the first step that learns.`,
      });
    } else if (start.types.size > 0) {
      const meant = nearest(name, start.types.keys());
      // Beside the declared ones the data may have any, unless the name looks like a slip.
      if (columns.open && meant === undefined) continue;
      report({
        ...where,
        code: 'unknown-column',
        severity: columns.open ? 'info' : 'warning',
        message: `The column \`${name}\` is not declared under \`schema\`${columns.open ? '' : ', and `extraColumns` is `error`'}.`,
        suggestion: meant === undefined ? `Declare \`${name}\`.` : `Did you mean \`${meant}\`?`,
      });
    }
  }
}
