/** Columns that a config names from elsewhere: in keys of other datasets, and in joins, where one name means two. */
import { datasetSource } from '../dependencies';
import { isRecord } from '../shape';
import { sectionsOf, stepsOf } from './columns';

export interface Reference {
  /** Whose column it is; undefined for what `defaults` say of every dataset. */
  readonly dataset: string | undefined;
  readonly column: string;
}

/** What another name for a column would have to change beyond its own uses. */
export function referencesIn(data: unknown): Reference[] {
  const datasets = isRecord(data) && isRecord(data['datasets']) ? Object.keys(data['datasets']) : [];
  return [...datasets, undefined].flatMap((dataset) => [
    ...sectionsOf(data, dataset, 'schema').flatMap(({ value }) => inKeys(dataset, value)),
    ...stepsOf(data, dataset).steps.flatMap((step) => inJoin(dataset, step)),
  ]);
}

function inKeys(dataset: string | undefined, schema: unknown): Reference[] {
  const keys = isRecord(schema) ? schema['foreignKeys'] : undefined;
  if (!Array.isArray(keys)) return [];
  return keys.flatMap((key: unknown) => {
    const reference = isRecord(key) ? key['reference'] : undefined;
    if (!isRecord(reference)) return [];
    const { resource = dataset, fields } = reference;
    return textsOf(fields).map((column) => ({ dataset: textsOf(resource)[0], column }));
  });
}

function inJoin(dataset: string | undefined, step: unknown): Reference[] {
  const join = isRecord(step) ? step['join'] : undefined;
  if (!isRecord(join)) return [];
  const { on, columns } = join;
  const other = datasetSource(`dataset://${textsOf(join['dataset']).join('')}`)?.dataset;
  const there = [...textsOf(isRecord(on) ? Object.values(on) : on), ...textsOf(columns)];
  return [
    // A name by itself is that of both sides.
    ...(isRecord(on) ? [] : textsOf(on)).map((column) => ({ dataset, column })),
    ...(other === undefined ? [] : there.map((column) => ({ dataset: other, column }))),
  ];
}

function textsOf(value: unknown): string[] {
  return [value].flat().filter((item) => typeof item === 'string');
}
