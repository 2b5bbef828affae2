/** From the written form to the datasets that the engine builds: `defaults`, then the dataset, then what is implied. */
import { descriptionKeys } from '../protocol';
import type { ConfigPath, DatasetSpec, TableSchema } from '../protocol';
import { resolveChecks, resolveGates, schemaAfter, schemaAtSplit } from './checking';
import { checkColumn, resolveColumn } from './columns';
import { checkDrift, resolveDrift } from './drift';
import { checkForeignKeys } from './foreignKeys';
import { section } from './layers';
import type { DatasetLayers, Layers } from './layers';
import { nearest } from './nearest';
import { checkOutput, resolveOutput } from './output';
import type { Report } from './problem';
import { resolveProfile } from './profile';
import { asList } from './shorthands';
import { checkSource, resolveSource } from './source';
import { checkSplit, resolveSplit } from './split';
import { resolveSteps } from './steps';
import { checkTracking, resolveTracking } from './tracking';
import type { WrittenDataset, WrittenSchema } from './written';

/** Reports what is wrong in one layer by itself: a dataset as written, or `defaults`. */
export function checkLayer(layer: WrittenDataset, path: ConfigPath, report: Report): void {
  if (layer.source !== undefined) checkSource(layer.source, [...path, 'source'], report);
  for (const [name, column] of Object.entries(layer.schema?.columns ?? {})) {
    checkColumn(resolveColumn(column), [...path, 'schema', 'columns', name], report);
  }
  if (layer.split) checkSplit(layer.split, [...path, 'split'], report);
  if (layer.output) checkOutput(layer.output, [...path, 'output'], report);
  if (layer.drift) checkDrift(layer.drift, [...path, 'drift'], report);
  if (layer.tracking) checkTracking(layer.tracking, [...path, 'tracking'], report);
}

/** The dataset in full; reports what is wrong between its parts. Undefined without a source. */
export function resolveDataset(layers: DatasetLayers, report: Report): DatasetSpec | undefined {
  const { name, own, base } = layers;
  const schema = resolveSchema(section(layers, 'schema'), report);
  const split = resolveSplit(section(layers, 'split'), schema, report);
  const output = resolveOutput(section(layers, 'output'), report);
  const steps = resolveSteps(
    own.transforms ?? base.transforms ?? [],
    {
      dataset: name,
      schema,
      split,
      at: own.transforms === undefined ? ['defaults', 'transforms'] : ['datasets', name, 'transforms'],
      splitAt: section(layers, 'split').where,
    },
    report,
  );
  const profile = resolveProfile(section(layers, 'profile'));
  const hasChecks = own.checks !== undefined || base.checks !== undefined;
  const checks = hasChecks ? resolveChecks(layers, schemaAtSplit(schema, steps), report) : undefined;
  const gates = resolveGates(layers);
  const drift = resolveDrift(layers, schemaAfter(schema, steps), report);
  const tracking = resolveTracking(section(layers, 'tracking'));
  const source = own.source ?? base.source;
  if (source === undefined) return undefined;
  return {
    name,
    ...description({ ...base, ...own }),
    source: resolveSource(source),
    schema,
    ...(steps.length > 0 && { transforms: steps }),
    ...(split && { split }),
    output,
    ...(profile && { profile }),
    ...(checks && { checks }),
    ...(gates && { gates }),
    ...(drift && { drift }),
    ...(tracking && { tracking }),
  };
}

type Description = Pick<DatasetSpec, (typeof descriptionKeys)[number]>;

function description(written: WrittenDataset): Description {
  const { keywords, contributors } = written;
  const texts = descriptionKeys.filter((key) => key !== 'keywords' && key !== 'contributors');
  return {
    ...Object.fromEntries(texts.filter((key) => written[key] !== undefined).map((key) => [key, written[key]])),
    ...(keywords !== undefined && { keywords: asList(keywords) }),
    ...(contributors !== undefined && { contributors: asList(contributors) }),
  };
}

function resolveSchema(layers: Layers<WrittenSchema>, report: Report): TableSchema {
  const { own, base, dataset } = layers;
  const columns = columnsOf(own.columns, base.columns);
  const names = Object.keys(columns);
  const primaryKey = asList(own.primaryKey ?? base.primaryKey);
  for (const [index, column] of primaryKey.entries()) {
    if (names.length === 0 || Object.hasOwn(columns, column)) continue;
    const meant = nearest(column, names);
    const at = layers.where('primaryKey');
    report({
      code: 'unknown-column',
      severity: 'warning',
      message: `The primary key names the column \`${column}\`, which is not declared under \`columns\`.`,
      suggestion: meant === undefined ? `Declare \`${column}\`.` : `Did you mean \`${meant}\`?`,
      path: Array.isArray(own.primaryKey ?? base.primaryKey) ? [...at, index] : at,
      part: 'value',
      dataset,
    });
  }
  const foreignKeys = (own.foreignKeys ?? base.foreignKeys)?.map(
    ({ fields, reference: { resource, fields: there } }) => ({
      fields: asList(fields),
      reference: { ...(resource !== undefined && { resource }), fields: asList(there) },
    }),
  );
  checkForeignKeys(foreignKeys, names, layers, report);
  const evolution = own.evolution ?? base.evolution;
  const onError = own.onError === undefined ? base.onError : own.onError;
  return {
    columns,
    primaryKey,
    ...(foreignKeys && { foreignKeys }),
    extraColumns: own.extraColumns ?? base.extraColumns ?? 'ignore',
    ...(evolution && { evolution }),
    // YAML reads the bare word `null` as nothing.
    onError: onError === null ? 'null' : (onError ?? 'fail'),
  };
}

type Columns = TableSchema['columns'];

/** What `defaults` declares, in full: hundreds of datasets may inherit hundreds of columns and declare none. */
const inherited = new WeakMap<object, Columns>();

/** Those of `defaults` first, in their order. */
function columnsOf(own: WrittenSchema['columns'], base: WrittenSchema['columns']): Columns {
  if (base === undefined) return resolved(own ?? {});
  const below = inherited.get(base) ?? resolved(base);
  inherited.set(base, below);
  if (own === undefined) return below;
  // A Map keeps the order and takes any name; `fromEntries` makes own properties of them all.
  return Object.fromEntries(new Map([...Object.entries(below), ...Object.entries(resolved(own))]));
}

function resolved(columns: NonNullable<WrittenSchema['columns']>): Columns {
  return Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, resolveColumn(column)]));
}
