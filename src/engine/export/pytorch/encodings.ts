/** What the build's steps did to the columns that are exported, for whoever wants the values back as they were read. */
import * as z from 'zod';
import type { Manifest, StepRecord } from '../../../protocol';
import type { ReadData } from '../exported';
import { columnStepSchema, type ColumnStep, type EncodersDocument } from './documents';

type Encodings = Pick<EncodersDocument, 'scalers' | 'oneHot'>;

export function encodingsOf({ columns, manifest }: Pick<ReadData, 'columns' | 'manifest'>): Encodings {
  const steps = manifest?.steps ?? [];
  const scalers = columns.flatMap(({ name }) => {
    const { steps: undone, original, complete } = backFrom(name, steps, manifest);
    return undone.length === 0 ? [] : [{ column: name, original, steps: undone, complete }];
  });
  const names = new Set(columns.map(({ name }) => name));
  return { scalers, oneHot: steps.flatMap((step, index) => oneHotOf(step, steps.slice(index + 1), names)) };
}

interface Back {
  readonly original: string;
  readonly steps: ColumnStep[];
  readonly complete: boolean;
}

/** Steps that name columns, and leave their values as they are. */
const keepValues = new Set(['sort', 'deduplicate', 'drop_missing']);

/** From the last step to the first, as long as a step can be undone. */
function backFrom(column: string, steps: readonly StepRecord[], manifest: Manifest | undefined): Back {
  const undone: ColumnStep[] = [];
  let name = column;
  for (const step of [...steps].reverse()) {
    const { transform, parameters } = step;
    if (keepValues.has(transform)) continue;
    if (transform === 'rename') {
      name = renamedFrom(name, parameters) ?? name;
      continue;
    }
    const change = undoable(step, name);
    if (change !== undefined) undone.unshift(change);
    else if (touches(step, name)) return { original: name, steps: undone, complete: false };
  }
  const read = manifest?.columnsRead ?? manifest?.columns ?? [];
  return { original: name, steps: undone, complete: read.some((each) => each.name === name) };
}

const oneHotSchema = z.object({
  columns: z.array(
    z.object({
      column: z.string(),
      categories: z.array(z.object({ category: z.string(), name: z.string().optional() })),
    }),
  ),
});

const columnNames = z.union([z.string(), z.array(z.string())]).transform((names) => [names].flat());

/** Whether a step may have changed the values of the column, or made it; a column that is not there before was made later. */
function touches({ transform, parameters, fitted }: StepRecord, name: string): boolean {
  const named = columnNames.safeParse(parameters['columns']).data?.includes(name) ?? false;
  switch (transform) {
    case 'sql':
      return true;
    case 'derive':
      return parameters['column'] === name;
    case 'select':
      return !named;
    case 'one_hot':
      return (
        named ||
        (oneHotSchema.safeParse(fitted).data?.columns ?? []).some(({ categories }) =>
          categories.some((made) => made.name === name),
        )
      );
    // What they add has names that no column had.
    case 'datetime_parts':
    case 'text_length':
      return named && parameters['drop'] === true;
    case 'join':
      return false;
    default:
      return named;
  }
}

const renames = z.record(z.string(), z.string());

function renamedFrom(name: string, parameters: StepRecord['parameters']): string | undefined {
  const written = renames.safeParse(parameters['columns']);
  return written.success ? Object.entries(written.data).find(([, after]) => after === name)?.[0] : undefined;
}

const fittedSchema = z.object({ columns: z.array(z.looseObject({ column: z.string() })) });
const lookupSchema = z.object({ categories: z.array(z.string()) });

/** The step on this column with its numbers; undefined where it cannot be undone. */
function undoable({ transform, parameters, fitted }: StepRecord, name: string): ColumnStep | undefined {
  const named = columnNames.safeParse(parameters['columns']);
  if (!named.success || !named.data.includes(name)) return undefined;
  const learned = fittedSchema.safeParse(fitted).data?.columns.find(({ column }) => column === name);
  return columnStepSchema.safeParse({ step: transform, ...numbersOf(transform, parameters, learned) }).data;
}

function numbersOf(transform: string, parameters: StepRecord['parameters'], learned: Record<string, unknown> = {}) {
  const { column: _, ...numbers } = learned;
  switch (transform) {
    case 'minmax_scale': {
      const [least, most] = Array.isArray(parameters['range']) ? parameters['range'] : [0, 1];
      return { ...numbers, least, most };
    }
    case 'log':
      return {
        offset: parameters['offset'] ?? 0,
        ...(parameters['base'] !== undefined && { base: parameters['base'] }),
      };
    case 'power':
      return numbers['curve'] as object;
    case 'ordinal':
      return { categories: categoriesOf(parameters, numbers), other: parameters['unknown'] === -1 ? -1 : null };
    default:
      return numbers;
  }
}

function categoriesOf(parameters: StepRecord['parameters'], { lookup }: Record<string, unknown>): unknown {
  const written = parameters['order'];
  if (Array.isArray(written)) return written.map(String);
  if (typeof lookup !== 'string') return undefined;
  return lookupSchema.safeParse(JSON.parse(lookup)).data?.categories;
}

/** Those whose columns all are there as the step made them. */
function oneHotOf(
  { transform, fitted }: StepRecord,
  later: readonly StepRecord[],
  names: ReadonlySet<string>,
): EncodersDocument['oneHot'] {
  if (transform !== 'one_hot') return [];
  return (oneHotSchema.safeParse(fitted).data?.columns ?? []).flatMap(({ column: original, categories }) => {
    const columns = categories.flatMap(({ category, name }) =>
      name === undefined ? [] : [{ column: name, category }],
    );
    const whole = columns.every(({ column }) => names.has(column) && !later.some((step) => touches(step, column)));
    const first = categories.find(({ name }) => name === undefined)?.category;
    return whole && columns.length > 0 ? [{ original, columns, ...(first !== undefined && { first }) }] : [];
  });
}
