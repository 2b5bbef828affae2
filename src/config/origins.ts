/** Where the values of a dataset come from: which layer wrote each, and where. */
import { driftMeasures, splitNames } from '../protocol';
import type { ConfigPath, DatasetSpec, OriginLayer } from '../protocol';
import { compressionText } from './compression';
import { driftSettings } from './driftDefaults';
import { section, sectionNames, USER_FILE } from './layers';
import type { DatasetLayers } from './layers';
import { over } from './over';
import { thresholdsOf } from './profile';
import { profileDefaults } from './profileDefaults';
import { isRecord } from './shape';
import type { WrittenDataset } from './written';

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
      if (isNested(sectionName, key)) continue;
      const [root, ...rest] = layered.where(key as never);
      const isUser = root === USER_FILE;
      values.set(`${sectionName}.${key === 'format' ? 'formats' : key}`, {
        value,
        layer: isUser ? 'user' : root === 'defaults' ? 'defaults' : 'dataset',
        path: isUser || root === undefined ? rest : [root, ...rest],
      });
    }
  }
  for (const [section, key] of nested) {
    const upper = mapAt(own, section, key);
    for (const [entry, value] of Object.entries({ ...mapAt(base, section, key), ...upper })) {
      const isOwn = Object.hasOwn(upper, entry);
      values.set(`${section}.${key}.${entry}`, {
        value,
        layer: isOwn ? 'dataset' : 'defaults',
        path: [...(isOwn ? ['datasets', name] : ['defaults']), section, key, entry],
      });
    }
  }
  return values;
}

/** Maps within a section of which each entry is layered by itself. */
const nested = [
  ['schema', 'columns'],
  ['drift', 'thresholds'],
  ['drift', 'columns'],
] as const;

function isNested(section: string, key: string): boolean {
  return nested.some(([ofSection, ofKey]) => ofSection === section && ofKey === key);
}

function mapAt(written: WrittenDataset, section: 'schema' | 'drift', key: string): Record<string, unknown> {
  const part: unknown = (written[section] as Record<string, unknown> | undefined)?.[key];
  return isRecord(part) ? part : {};
}

/** What a key comes to in the dataset as it is built, whoever said it. */
const resolved: Readonly<Record<string, (spec: DatasetSpec) => unknown>> = {
  'schema.extraColumns': ({ schema }) => schema.extraColumns,
  'schema.evolution': ({ schema }) => schema.evolution ?? 'ignore',
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
  ...Object.fromEntries(
    (['method', 'epsilon', 'correction', 'share'] as const).map((key) => [
      `drift.${key}`,
      ({ drift }: DatasetSpec) => driftSettings(drift)[key],
    ]),
  ),
  'tracking.dvc': ({ tracking }) => tracking?.dvc,
  'tracking.gitLfs': ({ tracking }) => tracking?.gitLfs,
  'drift.bins': ({ drift }) => {
    const { bins } = driftSettings(drift);
    return bins.by === 'edges' ? { edges: bins.edges } : { [bins.by]: bins.count };
  },
  ...Object.fromEntries(
    driftMeasures.map((measure) => [
      `drift.thresholds.${measure}`,
      ({ drift }: DatasetSpec) => driftSettings(drift).thresholds[measure],
    ]),
  ),
};

/** Undefined where the key has no value, such as one of a split that there isn't, or where it is only ever written. */
export function resolvedValue(spec: DatasetSpec, key: string): unknown {
  return Object.hasOwn(resolved, key) ? resolved[key]?.(spec) : undefined;
}

/** The keys that have a value without being written. */
export const impliedKeys = Object.keys(resolved);
