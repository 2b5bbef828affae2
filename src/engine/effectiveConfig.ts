/** Which value holds for every key of a config, and which layer it comes from. */
import {
  impliedKeys,
  keysAt,
  nearest,
  parseConfig,
  resolvedValue,
  type ParsedConfig,
  type UserConfig,
  type WrittenValue,
} from '../config';
import { MldataError, type ConfigReport, type ConfigValue, type DatasetSpec, type Origin } from '../protocol';
import { CACHE_SIZE, limitsOf } from './limits';
import { readConfig, retentionOf } from './readConfig';
import { readUserConfig, userFile } from './userLayer';
import { documentHead } from './version';

/** A limit that the run was given, and by what. */
interface Given<T> {
  readonly value: T;
  readonly origin: Origin;
}

export interface EffectiveRequest {
  /** Absolute; absent where there is no config. */
  readonly configPath?: string;
  readonly workers?: Given<number>;
  readonly memoryLimit?: Given<string>;
  readonly cacheSize?: Given<string>;
}

interface Reading {
  readonly request: EffectiveRequest;
  readonly user: UserConfig | undefined;
  readonly parsed: ParsedConfig;
}

/** A workspace that says nothing. */
const SILENT = 'version: 1\ndatasets: { any: { source: any } }\n';

/** Throws what is wrong with either config, and `dataset-unknown`. */
export async function effectiveConfig(request: EffectiveRequest, dataset?: string): Promise<ConfigReport> {
  const reading = await read(request, dataset);
  const { parsed } = reading;
  const shown = parsed.datasets.filter(({ name }) => dataset === undefined || name === dataset);
  return {
    ...documentHead('mldata/config'),
    config: request.configPath ?? null,
    userConfig: userFile(),
    values: [...engineValues(reading), ...versionValues(reading).filter(({ value }) => value !== null)],
    datasets:
      request.configPath === undefined
        ? []
        : shown.map((spec) => ({ dataset: spec.name, values: datasetValues(spec, reading) })),
  };
}

/**
 * The value of one key: `engine.workers`, `datasets.NAME.output.formats`, and `output.formats` or
 * `defaults.output.formats` for a dataset that says nothing itself. Throws `unknown-key` too.
 */
export async function effectiveValue(request: EffectiveRequest, path: readonly string[]): Promise<ConfigValue> {
  const name = path[0] === 'datasets' ? path[1] : undefined;
  const reading = await read(request, name);
  const rest = path.slice(name !== undefined ? 2 : path[0] === 'defaults' ? 1 : 0);
  const key = rest.join('.');
  const values =
    path[0] === 'engine'
      ? engineValues(reading)
      : path[0] === 'versions'
        ? versionValues(reading)
        : valuesFor(name, reading);
  const found = values.find(
    (value) => value.key === key || (key === 'output.format' && value.key === 'output.formats'),
  );
  if (found) return { ...found, key: path.join('.') };
  refuseUnknown(rest, values);
  return { key: path.join('.'), value: null, origin: { layer: 'built-in' } };
}

async function read(request: EffectiveRequest, name: string | undefined): Promise<Reading> {
  const { configPath } = request;
  const user = await readUserConfig();
  if (configPath === undefined) {
    if (name !== undefined) {
      throw new MldataError('usage', 'dataset-unknown', `There is no dataset ${name}: this folder has no config.`);
    }
    return { request, user, parsed: parseConfig(SILENT, '', user) };
  }
  return {
    request,
    user,
    parsed: await readConfig({ configPath, ...(name !== undefined && { names: [name] }) }, user),
  };
}

function engineValues({ request, user }: Reading): ConfigValue[] {
  const limits = limitsOf({});
  const implied = { workers: limits.threads, memoryLimit: limits.memoryLimit, cacheSize: CACHE_SIZE };
  return (['workers', 'memoryLimit', 'cacheSize'] as const).map((name) => {
    const key = `engine.${name}`;
    const given = request[name];
    if (given) return { key, ...given };
    const own = user?.engine[name];
    if (user === undefined || own === undefined) return { key, value: implied[name], origin: { layer: 'built-in' } };
    const { file, line } = user.locate(['engine', name], 'key') ?? { file: user.path };
    return { key, value: own, origin: { layer: 'user', file, ...(line !== undefined && { line }) } };
  });
}

/** How many versions are kept is a matter of the workspace alone. */
function versionValues({ parsed }: Reading): ConfigValue[] {
  return (['keep', 'maxBytes'] as const).map((name) => {
    const key = `versions.${name}`;
    const own = parsed.versions[name];
    const value = own ?? (name === 'keep' ? retentionOf({}).keep : null);
    if (own === undefined) return { key, value, origin: { layer: 'built-in' } };
    const place = parsed.locate(['versions', name], 'key');
    const { file, line } = place ?? {};
    return {
      key,
      value,
      origin: { layer: 'workspace', ...(file !== undefined && { file }), ...(line !== undefined && { line }) },
    };
  });
}

function valuesFor(name: string | undefined, reading: Reading): ConfigValue[] {
  const { parsed, user } = reading;
  const spec = parsed.datasets.find((dataset) => dataset.name === name);
  if (spec) return datasetValues(spec, reading);
  const written = parsed.valuesOf();
  const [any] = parseConfig(SILENT, '', user).datasets;
  // These follow from the dataset's name, or from formats that are written here.
  const ownMatters = ['output.path', 'split.seed', ...(written.has('output.formats') ? ['output.compression'] : [])];
  const implied = any ? impliedValues(any, written).filter(({ key }) => !ownMatters.includes(key)) : [];
  return [...[...written].map(([key, value]) => writtenValue(key, value, reading)), ...implied];
}

function datasetValues(spec: DatasetSpec, reading: Reading): ConfigValue[] {
  const written = reading.parsed.valuesOf(spec.name);
  const values = [
    ...[...written]
      .filter(([key]) => spec.split !== undefined || !key.startsWith('split.'))
      .map(([key, value]) => writtenValue(key, value, reading)),
    ...impliedValues(spec, written),
  ];
  const order = keysAt(['defaults']).map(({ key }) => key);
  const rank = ({ key }: ConfigValue): number => order.indexOf(key.split('.')[0] ?? '');
  return values.sort((a, b) => rank(a) - rank(b));
}

function writtenValue(key: string, { value, layer, path }: WrittenValue, { parsed, user }: Reading): ConfigValue {
  const place = (layer === 'user' ? user : parsed)?.locate(path, 'key');
  return {
    key,
    value: value as ConfigValue['value'],
    origin: { layer, ...(place && { file: place.file }), ...(place?.line !== undefined && { line: place.line }) },
  };
}

function impliedValues(spec: DatasetSpec, written: ReadonlyMap<string, WrittenValue>): ConfigValue[] {
  return impliedKeys.flatMap((key) => {
    const value = resolvedValue(spec, key);
    if (written.has(key) || value === undefined) return [];
    return [{ key, value: value as ConfigValue['value'], origin: { layer: 'built-in' } }];
  });
}

/** A key without a value is known all the same. */
function refuseUnknown(rest: readonly string[], values: readonly ConfigValue[]): void {
  const key = rest.join('.');
  const siblings = keysAt(['defaults', ...rest.slice(0, -1)]).map((known) => known.key);
  if (siblings.includes(rest.at(-1) ?? '')) return;
  const known = siblings.length > 0 ? siblings.map((last) => [...rest.slice(0, -1), last].join('.')) : [];
  const meant = nearest(key, [...known, ...values.map((value) => value.key)]);
  const hint =
    meant === undefined ? 'Run `mldata config` for the keys that have a value.' : `Did you mean \`${meant}\`?`;
  throw new MldataError('config', 'unknown-key', `There is no key \`${key}\`. ${hint}`);
}
