/** Keys of other datasets: columns that there are, as many on one side as on the other, and datasets that there are. */
import type { ConfigPath, DatasetSpec, ForeignKey } from '../protocol';
import type { Layers } from './layers';
import { nearest } from './nearest';
import type { Report } from './problem';
import type { WrittenSchema } from './written';

/** Reports what is wrong in the keys of one dataset. @param declared its columns; none: they are not known */
export function checkForeignKeys(
  keys: readonly ForeignKey[] = [],
  declared: readonly string[],
  { dataset, where }: Layers<WrittenSchema>,
  report: Report,
): void {
  for (const [index, { fields, reference }] of keys.entries()) {
    const at: ConfigPath = [...where('foreignKeys'), index];
    if (fields.length !== reference.fields.length)
      report({
        code: 'invalid-value',
        severity: 'error',
        message: `The key has ${fields.length} columns here and ${reference.fields.length} there.`,
        suggestion: 'Name as many columns under `reference.fields` as under `fields`, in the same order.',
        path: [...at, 'reference', 'fields'],
        part: 'value',
        dataset,
      });
    for (const field of fields) {
      if (declared.length === 0 || declared.includes(field)) continue;
      const meant = nearest(field, declared);
      report({
        code: 'unknown-column',
        severity: 'warning',
        message: `The foreign key names the column \`${field}\`, which is not declared under \`columns\`.`,
        suggestion: meant === undefined ? `Declare \`${field}\`.` : `Did you mean \`${meant}\`?`,
        path: [...at, 'fields'],
        part: 'value',
        dataset,
      });
    }
  }
}

/** The datasets that keys name, each once. */
export function keyDatasets({ foreignKeys = [] }: DatasetSpec['schema']): string[] {
  return [...new Set(foreignKeys.flatMap(({ reference }) => reference.resource ?? []))];
}

/** Reports keys of datasets that the config does not have. */
export function checkResources(
  specs: readonly DatasetSpec[],
  names: readonly string[],
  where: (dataset: string) => ConfigPath,
  report: Report,
): void {
  for (const { name: dataset, schema } of specs) {
    for (const [index, { reference }] of (schema.foreignKeys ?? []).entries()) {
      const { resource } = reference;
      if (resource === undefined || names.includes(resource)) continue;
      const meant = nearest(resource, names);
      report({
        code: 'unknown-dataset',
        severity: 'error',
        message: `There is no dataset \`${resource}\`.`,
        suggestion: meant === undefined ? `The datasets are ${names.join(', ')}.` : `Did you mean \`${meant}\`?`,
        path: [...where(dataset), index, 'reference', 'resource'],
        part: 'value',
        dataset,
      });
    }
  }
}
