/** The way from the text of a config to its datasets and findings. */
import type { ConfigPath, DatasetSpec, Finding, Location } from '../protocol';
import { checkCredentials } from './checkCredentials';
import { checkSecrets } from './checkSecrets';
import { checkDependencies } from './dependencies';
import type { ConfigDocument } from './document';
import { checkResources } from './foreignKeys';
import { section } from './layers';
import type { DatasetLayers, UserDefaults } from './layers';
import { readLocated } from './located';
import { nearest } from './nearest';
import { writtenValues } from './origins';
import type { WrittenValue } from './origins';
import { overUser } from './over';
import { checkFolders } from './output';
import type { Problem } from './problem';
import { checkLayer, resolveDataset } from './resolve';
import { checkShape, isRecord } from './shape';
import type { UserConfig } from './userConfig';
import { writtenSchema } from './written';
import type { WrittenColumn, WrittenDataset, WrittenVersions } from './written';

export interface ParsedConfig {
  /** As given; the `file` of every location. */
  readonly path: string;
  readonly text: string;
  /** The text as YAML, sound or not. */
  readonly document: ConfigDocument;
  /** Errors and warnings in the order of the text, each located. */
  readonly findings: readonly Finding[];
  /** What can be built: datasets without an error in them, in `defaults` or at the root. */
  readonly datasets: readonly DatasetSpec[];
  /** What could be read of every dataset, those with errors too. */
  readonly drafts: readonly DatasetSpec[];
  /** Every key under `datasets` in its order, valid or not. */
  readonly datasetNames: readonly string[];
  /** How many versions are kept, as it is written. */
  readonly versions: WrittenVersions;
  /** What is written for a dataset, by dotted key, and in which layer; without a name: for one that says nothing itself. */
  valuesOf(name?: string): ReadonlyMap<string, WrittenValue>;
  /** Where an entry is written, or its nearest ancestor that is; undefined in an empty file. */
  locate(path: ConfigPath, part?: 'key' | 'value'): Location | undefined;
}

const example = 'Start with `version: 1`, then `datasets:` with a name and a `source:` for each dataset.';

/**
 * Reads the text of a config. Never throws: everything that is wrong is a finding.
 * @param user what the user's own config says, which lies below `defaults`
 */
export function parseConfig(text: string, path: string, user?: UserConfig): ParsedConfig {
  let read: Reading = {
    datasets: [],
    drafts: [],
    layers: new Map(),
    problems: [],
    base: { name: '', own: {}, base: {} },
  };
  const { data, document, findings, locate } = readLocated(
    text,
    path,
    (content) => {
      if (content === undefined) {
        const message = 'The config is empty.';
        return [{ code: 'empty-config', severity: 'error', message, suggestion: example, path: [], part: 'value' }];
      }
      read = readDatasets(content, user?.defaults ?? {});
      return read.problems;
    },
    user?.locate,
  );
  const { datasets, drafts, layers, base } = read;
  const names = isRecord(data) && isRecord(data['datasets']) ? data['datasets'] : {};
  return {
    path,
    text,
    document,
    findings,
    datasets,
    drafts,
    datasetNames: Object.keys(names),
    versions: (isRecord(data) && writtenSchema.shape.versions.safeParse(data['versions']).data) || {},
    valuesOf: (name) => writtenValues(name === undefined ? base : (layers.get(name) ?? base)),
    locate,
  };
}

interface Reading {
  readonly datasets: DatasetSpec[];
  readonly drafts: DatasetSpec[];
  readonly layers: ReadonlyMap<string, DatasetLayers>;
  /** The layers of a dataset that says nothing itself. */
  readonly base: DatasetLayers;
  readonly problems: readonly Problem[];
}

function readDatasets(data: unknown, userDefaults: UserDefaults): Reading {
  const problems: Problem[] = [];
  const faults = new Faults();
  const report = (problem: Problem): void => {
    problems.push(problem);
    if (problem.severity === 'error') faults.add(problem);
  };

  checkShape(writtenSchema, data, [], report);
  checkSecrets(data, [], report);
  checkCredentials(data, [], report);
  const layersOf = new Map<string, DatasetLayers>();
  if (!isRecord(data))
    return { datasets: [], drafts: [], layers: layersOf, base: { name: '', own: {}, base: {} }, problems };
  const written = isRecord(data['datasets']) ? data['datasets'] : {};
  if (isRecord(data['datasets']) && Object.keys(written).length === 0) {
    report({
      code: 'no-datasets',
      severity: 'error',
      message: 'The config declares no dataset.',
      suggestion: 'Add one under `datasets`: a name, and below it `source:` with the path of its data.',
      path: ['datasets'],
      part: 'key',
    });
  }
  const defaults = soundPart(data['defaults'], ['defaults'], faults);
  checkLayer(defaults, ['defaults'], report);
  const { base, user } = overUser(defaults, userDefaults);

  const specs: DatasetSpec[] = [];
  for (const [name, dataset] of Object.entries(written)) {
    if (!isRecord(dataset)) continue;
    const path = ['datasets', name];
    const layers = { name, own: soundPart(dataset, path, faults), base, user };
    checkLayer(layers.own, path, report);
    const spec = resolveDataset(layers, report);
    const meant = Object.keys(dataset).some((key) => nearest(key, ['source']) !== undefined);
    if (!meant && base.source === undefined && !faults.has(['defaults', 'source'])) {
      report({
        code: 'missing-key',
        severity: 'error',
        message: `The dataset \`${name}\` has no source.`,
        suggestion: 'Add `source:` with the path of its data.',
        path,
        part: 'key',
      });
    }
    if (!spec) continue;
    specs.push(spec);
    layersOf.set(name, layers);
  }
  const outputs = specs.map((spec) => {
    const layers = layersOf.get(spec.name);
    const at =
      layers && layers.own.output?.path !== undefined
        ? section(layers, 'output').where('path')
        : ['datasets', spec.name];
    return { dataset: spec.name, path: spec.output.path, at };
  });
  checkFolders(outputs, report);
  const keysPlace = (name: string): ConfigPath => {
    const layers = layersOf.get(name);
    return layers ? section(layers, 'schema').where('foreignKeys') : [];
  };
  const where = (name: string, at: ConfigPath): ConfigPath => placeOf(layersOf.get(name), at);
  checkResources(specs, Object.keys(written), keysPlace, report);
  checkDependencies(specs, { names: Object.keys(written), where }, report);
  return {
    datasets: faults.everywhere ? [] : specs.filter((spec) => !faults.has(['datasets', spec.name])),
    drafts: specs,
    layers: layersOf,
    base: { name: '', own: {}, base, user },
    problems,
  };
}

/** Where a place within a dataset is written: in the dataset or in `defaults`, and an only entry may stand without a list. */
function placeOf(layers: DatasetLayers | undefined, [key, index, ...more]: ConfigPath): ConfigPath {
  if (!layers || (key !== 'source' && key !== 'transforms')) return [];
  const { name, own, base } = layers;
  const written = own[key] ?? base[key];
  const list = Array.isArray(written);
  const entry: unknown = list ? written[Number(index)] : written;
  const at = own[key] === undefined ? ['defaults', key] : ['datasets', name, key];
  return [
    ...at,
    ...(list && index !== undefined ? [index] : []),
    ...(key === 'source' && isRecord(entry) ? [entry['uri'] === undefined ? 'path' : 'uri'] : more),
  ];
}

/** What has an error in it, by the steps that lead there. */
interface FaultTree {
  readonly below: Map<string | number, FaultTree>;
}

/** Where errors are, so that a part is not judged when something in it is known to be wrong. */
class Faults {
  private readonly tree: FaultTree = { below: new Map() };
  /** Whether an error concerns every dataset. */
  everywhere = false;

  add({ path, dataset }: Problem): void {
    this.grow(path);
    if (dataset !== undefined) this.grow(['datasets', dataset]);
    else if (path[0] !== 'datasets' || path.length === 1) this.everywhere = true;
  }

  has(path: ConfigPath): boolean {
    let tree: FaultTree | undefined = this.tree;
    for (const step of path) tree = tree?.below.get(step);
    return tree !== undefined;
  }

  private grow(path: ConfigPath): void {
    let { tree } = this;
    for (const step of path) {
      const next: FaultTree = tree.below.get(step) ?? { below: new Map() };
      tree.below.set(step, next);
      tree = next;
    }
  }
}

/** The sections and columns of a dataset that have the written form. */
function soundPart(written: unknown, path: ConfigPath, faults: Faults): WrittenDataset {
  if (!isRecord(written)) return {};
  const part: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(written)) {
    if (!faults.has([...path, key])) part[key] = value;
    else if (key === 'schema' && isRecord(value)) part[key] = soundSchema(value, [...path, key], faults);
  }
  // The walk over the schema has found nothing wrong in what is left.
  return part;
}

function soundSchema(schema: Record<string, unknown>, path: ConfigPath, faults: Faults): Record<string, unknown> {
  const sound = Object.entries(schema).filter(([key]) => !faults.has([...path, key]));
  const columns = schema['columns'];
  if (!isRecord(columns)) return Object.fromEntries(sound);
  // A column with a fault in it is still a column that others may name.
  const known = Object.entries(columns).map(([name, column]) => [
    name,
    faults.has([...path, 'columns', name]) ? {} : column,
  ]);
  return { ...Object.fromEntries(sound), columns: Object.fromEntries(known) as Record<string, WrittenColumn> };
}
