/** The datasets that a request names and what they are made from, from the config and the layers around it. */
import {
  memoryBytes,
  overrideOutput,
  parseConfig,
  withDependencies,
  type ParsedConfig,
  type UserConfig,
  type WrittenVersions,
} from '../config';
import { hasErrors, MldataError, type BuildRequest, type DatasetSpec, type Retention } from '../protocol';
import { LayersOfBuild, textOf } from './userLayer';

export interface Orders {
  /** With all that they are made from, in the order of the config. */
  readonly specs: readonly DatasetSpec[];
  /** Those that were asked for; the others are only brought up to date. */
  readonly asked: ReadonlySet<string>;
  readonly layers: LayersOfBuild;
  readonly retention: Retention;
}

/** Throws a config error with every finding that stands in the way. */
export async function readSpecs(request: BuildRequest, user: UserConfig | undefined): Promise<Orders> {
  const parsed = await readConfig(request, user, ' Nothing was built.');
  const asked = new Set(request.names ?? parsed.datasetNames);
  const needed = withDependencies(asked, parsed.datasets);
  const specs = parsed.datasets
    .filter(({ name }) => needed.has(name))
    .map((spec) => (asked.has(spec.name) ? overrideOutput(spec, overrides(request)) : spec));
  const layers = new LayersOfBuild(parsed, request, user, specs);
  layers.refuseInCi();
  return { specs, asked, layers, retention: retentionOf(parsed.versions) };
}

/**
 * Throws as `readSpecs` does.
 * @param consequence what to say of an error
 */
export async function readConfig(
  { configPath, names }: Pick<BuildRequest, 'configPath' | 'names'>,
  user: UserConfig | undefined,
  consequence = '',
): Promise<ParsedConfig> {
  const text = await textOf(configPath);
  if (text === undefined) {
    throw new MldataError(
      'config',
      'config-unreadable',
      `${configPath} cannot be read: there is no such file. Create one with \`mldata init FILE\`.`,
    );
  }
  const parsed = parseConfig(text, configPath, user);
  const { findings, datasets, datasetNames } = parsed;
  const unknown = names?.filter((name) => !datasetNames.includes(name)) ?? [];
  if (unknown.length > 0) {
    const known = datasetNames.length > 0 ? `It has ${datasetNames.join(', ')}.` : 'It has none.';
    throw new MldataError('usage', 'dataset-unknown', `${configPath} has no dataset ${unknown.join(', ')}. ${known}`);
  }
  const needed = withDependencies(names ?? [], datasets);
  const wanted = datasets.filter(({ name }) => needed.has(name));
  // A named dataset builds even while another one is being edited.
  if (names === undefined ? hasErrors(findings) : wanted.length < needed.size) {
    const errors = findings.filter(({ severity }) => severity === 'error');
    const soundAlone = user !== undefined && !hasErrors(parseConfig(text, configPath).findings);
    const together = soundAlone ? ` together with your own config, ${user.path}` : '';
    throw new MldataError(
      'config',
      'config-invalid',
      `${configPath} has ${errors.length === 1 ? 'an error' : `${errors.length} errors`}${together}.${consequence}`,
      findings,
    );
  }
  return parsed;
}

const DEFAULT_KEEP = 10;

export function retentionOf({ keep = DEFAULT_KEEP, maxBytes }: WrittenVersions): Retention {
  return { keep, ...(maxBytes !== undefined && { maxBytes: memoryBytes(maxBytes) }) };
}

function overrides({ format, compression }: BuildRequest) {
  return { ...(format !== undefined && { format }), ...(compression !== undefined && { compression }) };
}
