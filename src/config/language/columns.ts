/** Which columns a dataset has at a point of its config, as far as texts and data tell; the config may be half written. */
import { columnTypes, type ColumnType, type ConfigPath, type SourceLook } from '../../protocol';
import { isRecord } from '../shape';
import { isFitted, transformOf } from '../steps';
import type { Columns } from '../transforms';

/** Before a step, where the rows are split, or as they are read. */
export type Point = number | 'split' | 'read';

/** A place within a dataset, or within `defaults` where none is named. */
export interface Within {
  readonly dataset?: string;
  readonly point: Point;
  /** The path within the dataset. */
  readonly rest: ConfigPath;
}

/** Undefined for what belongs to no dataset. */
export function withinDataset(path: ConfigPath): Within | undefined {
  const [root, name] = path;
  if (root !== 'defaults' && (root !== 'datasets' || name === undefined)) return undefined;
  const rest = path.slice(root === 'defaults' ? 1 : 2);
  const [section, index] = rest;
  const point = section === 'split' ? 'split' : section === 'transforms' && typeof index === 'number' ? index : 'read';
  return { ...(root === 'datasets' && { dataset: String(name) }), point, rest };
}

/** A section of a dataset as it is written, in the dataset or else in `defaults`, and where that is. */
export interface Section {
  readonly value: unknown;
  readonly at: ConfigPath;
}

/** Both layers where they have the section, the dataset's own first. */
export function sectionsOf(data: unknown, dataset: string | undefined, key: string): Section[] {
  const root = isRecord(data) ? data : {};
  const datasets = isRecord(root['datasets']) ? root['datasets'] : {};
  const layers: Section[] = [
    ...(dataset === undefined ? [] : [{ value: datasets[dataset], at: ['datasets', dataset] }]),
    { value: root['defaults'], at: ['defaults'] },
  ];
  return layers.flatMap(({ value, at }) =>
    isRecord(value) && Object.hasOwn(value, key) ? [{ value: value[key], at: [...at, key] }] : [],
  );
}

/** The steps of a dataset, and where the list is written. */
export function stepsOf(data: unknown, dataset: string | undefined): { steps: readonly unknown[]; at: ConfigPath } {
  const [section] = sectionsOf(data, dataset, 'transforms');
  return { steps: Array.isArray(section?.value) ? section.value : [], at: section?.at ?? [] };
}

/** A declared column, and where. */
export interface Declared {
  readonly name: string;
  readonly type: ColumnType | undefined;
  readonly role: string | undefined;
  readonly at: ConfigPath;
}

/** Columns by name; those of `defaults` come first unless the dataset declares them itself. */
export function declaredColumns(data: unknown, dataset: string | undefined): Map<string, Declared> {
  const found = new Map<string, Declared>();
  for (const { value, at } of sectionsOf(data, dataset, 'schema').reverse()) {
    const columns = isRecord(value) ? value['columns'] : undefined;
    if (!isRecord(columns)) continue;
    for (const [name, column] of Object.entries(columns)) {
      const map = isRecord(column) ? column : { type: column };
      const role = typeof map['role'] === 'string' ? map['role'] : undefined;
      found.set(name, {
        name,
        type: columnTypes.find((type) => type === map['type']),
        role,
        at: [...at, 'columns', name],
      });
    }
  }
  return found;
}

/** The columns at a point: those that are declared, those of the data, and what the steps before made of them. */
export function columnsAt(
  data: unknown,
  dataset: string | undefined,
  point: Point,
  look?: SourceLook,
): ReadonlyMap<string, ColumnType | undefined> {
  const types = new Map<string, ColumnType | undefined>(look?.columns.map(({ name, type }) => [name, type]));
  for (const { name, type } of declaredColumns(data, dataset).values()) types.set(name, type ?? types.get(name));
  if (point === 'read') return types;
  let columns: Columns = { types, open: true };
  const { steps } = stepsOf(data, dataset);
  const before = typeof point === 'number' ? steps.slice(0, point) : steps;
  for (const step of before) {
    const read = readStep(step);
    if (point === 'split' && read?.fitted === true) break;
    columns = read?.after(columns) ?? columns;
  }
  return columns.types;
}

export interface ReadStep {
  readonly name: string;
  readonly fitted: boolean;
  /** The columns after it. */
  after(columns: Columns): Columns;
}

/** A step as it is written; undefined where it is none or its parameters are not sound. */
export function readStep(step: unknown): ReadStep | undefined {
  if (!isRecord(step)) return undefined;
  const [name = ''] = Object.keys(step);
  const transform = transformOf(name);
  const parsed = transform?.parameters.safeParse(step[name]);
  if (transform === undefined || parsed?.success !== true) return undefined;
  return {
    name,
    fitted: isFitted({ transform: name, parameters: parsed.data as Record<string, never> }),
    after: (columns) => transform.columns(parsed.data, columns, () => undefined),
  };
}
