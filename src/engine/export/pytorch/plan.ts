/** All that is decided about the columns before anything is written. */
import type { ExportRequest, Finding } from '../../../protocol';
import type { ReadData } from '../exported';
import type { EncodersDocument, SchemaDocument } from './documents';
import { dtypes, kindOf, roleOf, type PlannedColumn } from './kinds';
import { keysOf } from './names';
import type { Extent } from './stats';
import { targetOf } from './target';
import { categoriesOf, classesOf, type Category, type Classes } from './vocabulary';

export interface Plan {
  readonly target: string;
  readonly task: SchemaDocument['task'];
  readonly columns: readonly PlannedColumn[];
  readonly categories: readonly Category[];
  /** Absent: the target is a number. */
  readonly classes?: Classes;
  readonly findings: readonly Finding[];
}

/** Throws as `targetOf` and `classesOf` do. */
export async function planColumns(data: ReadData, request: ExportRequest): Promise<Plan> {
  const target = targetOf(data, request);
  const planned = data.columns.map((column): PlannedColumn => ({
    ...column,
    use: roleOf(column, target.name, data),
    kind: kindOf(column),
  }));
  const texts = planned.filter(({ use, kind, type }) => use === 'feature' && kind === 'text' && isPlainText(type));
  const categories = await categoriesOf(data, texts);
  const { classes, findings } = await classesOf(data, target);
  const encoded = new Set(categories.map(({ column }) => column));
  return {
    target: target.name,
    task: classes === undefined ? 'regression' : classes.values.length > 2 ? 'multiclass' : 'binary',
    columns: planned.map((column) => {
      if (column.use === 'target') return classes === undefined ? column : { ...column, kind: 'class' };
      return encoded.has(column.name) ? { ...column, kind: 'category' } : column;
    }),
    categories,
    ...(classes !== undefined && { classes }),
    findings,
  };
}

/** JSON, places and durations are texts in form only. */
function isPlainText(type: PlannedColumn['type']): boolean {
  return type === 'string' || type === 'any';
}

export function schemaOf(plan: Plan, extents: readonly Extent[], dataset: string, packageName: string): SchemaDocument {
  const keys = keysOf(plan.columns.map(({ name }) => name));
  return {
    ...{
      kind: 'mldata/pytorch-schema',
      version: 1,
      dataset,
      package: packageName,
      target: plan.target,
      task: plan.task,
    },
    columns: plan.columns.map(({ name, use, type, kind, description }, index) => {
      const { nullable = false, length } = extents[index] ?? {};
      const dtype = dtypes[kind];
      return {
        ...{ name, key: keys[index] ?? name, role: use, type, kind, nullable },
        ...(dtype !== undefined && { dtype }),
        ...(length !== undefined && { length }),
        ...(description !== undefined && { description }),
      };
    }),
  };
}

export function encodersOf(
  { categories, classes }: Plan,
  encodings: Pick<EncodersDocument, 'scalers' | 'oneHot'>,
): EncodersDocument {
  return {
    ...{ kind: 'mldata/pytorch-encoders', version: 1, categories: [...categories] },
    ...(classes !== undefined && { classes }),
    ...encodings,
  };
}
