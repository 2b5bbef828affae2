/** Where the values of a dataset come from: which layer wrote each, and where. */
import { splitNames } from '../protocol';
import type { ConfigPath, DatasetSpec, OriginLayer } from '../protocol';
import { compressionText } from './compression';
import { section, sectionNames, USER_FILE } from './layers';
import type { DatasetLayers } from './layers';
import { over } from './over';
import { thresholdsOf } from './profile';
import { profileDefaults } from './profileDefaults';

export interface WrittenValue {
  /** As it is written. */
  readonly value: unknown;
  readonly layer: Extract<OriginLayer, 'dataset' | 'defaults' | 'user'>;
  /** Where it is written in the file of its layer. */
  readonly path: ConfigPath;
}

/** What is written for a dataset and holds, by dotted key (`output.formats`, `schema.columns.age`). */
export function writtenValues(layers: DatasetLayers): Map<string, WrittenValue> {
  const values = new Map<string, WrittenValue>();
  const { name, own, base } = layers;
  for (const [key, value] of Object.entries({ ...base, ...own })) {
    if (sectionNames.some((known) => known === key)) continue;
    const isOwn = Object.hasOwn(own, key);
    values.set(key, {
      value,
      layer: isOwn ? 'dataset' : 'defaults',
      path: isOwn ? ['datasets', name, key] : ['defaults', key],
    });
  }
  for (const sectionName of sectionNames) {
    const layered = section(layers, sectionName);
    for (const [key, value] of Object.entries(over(sectionName, own[sectionName], base[sectionName]))) {
      if (key === 'columns') continue;
      const [root, ...rest] = layered.where(key as never);
      const isUser = root === USER_FILE;
      values.set(`${sectionName}.${key === 'format' ? 'formats' : key}`, {
        value,
        layer: isUser ? 'user' : root === 'defaults' ? 'defaults' : 'dataset',
        path: isUser || root === undefined ? rest : [root, ...rest],
      });
    }
  }
  const columns = { ...base.schema?.columns, ...own.schema?.columns };
  for (const [column, value] of Object.entries(columns)) {
    const isOwn = own.schema?.columns !== undefined && Object.hasOwn(own.schema.columns, column);
    values.set(`schema.columns.${column}`, {
      value,
      layer: isOwn ? 'dataset' : 'defaults',
      path: [...(isOwn ? ['datasets', name] : ['defaults']), 'schema', 'columns', column],
    });
  }
  return values;
}

/** What a key comes to in the dataset as it is built, whoever said it. */
const resolved: Readonly<Record<string, (spec: DatasetSpec) => unknown>> = {
  'schema.extraColumns': ({ schema }) => schema.extraColumns,
  'schema.onError': ({ schema }) => schema.onError,
  ...Object.fromEntries(splitNames.map((name) => [`split.${name}`, ({ split }: DatasetSpec) => split?.ratios[name]])),
  'split.seed': ({ split }) => split?.seed,
  'split.writeIndices': ({ split }) => split?.writeIndices,
  'output.formats': ({ output }) => output.formats.map(({ format }) => format),
  'output.compression': ({ output: { formats } }) => {
    const [only] = formats;
    return only && formats.length === 1
      ? compressionText(only.compression)
      : Object.fromEntries(formats.map(({ format, compression }) => [format, compressionText(compression)]));
  },
  'output.path': ({ output }) => output.path,
  ...Object.fromEntries(
    (Object.keys(profileDefaults) as (keyof typeof profileDefaults)[]).map((key) => [
      `profile.${key}`,
      (spec: DatasetSpec) => thresholdsOf(spec)[key],
    ]),
  ),
};

/** Undefined where the key has no value, such as one of a split that there isn't, or where it is only ever written. */
export function resolvedValue(spec: DatasetSpec, key: string): unknown {
  return Object.hasOwn(resolved, key) ? resolved[key]?.(spec) : undefined;
}

/** The keys that have a value without being written. */
export const impliedKeys = Object.keys(resolved);
