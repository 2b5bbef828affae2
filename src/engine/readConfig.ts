/** The datasets that a request names, from the config and the layers around it. */
import { overrideOutput, parseConfig, type ParsedConfig, type UserConfig } from '../config';
import { hasErrors, MldataError, type BuildRequest, type DatasetSpec } from '../protocol';
import { LayersOfBuild, textOf } from './userLayer';

/** Throws a config error with every finding that stands in the way. */
export async function readSpecs(
  request: BuildRequest,
  user: UserConfig | undefined,
): Promise<{ specs: DatasetSpec[]; layers: LayersOfBuild }> {
  const parsed = await readConfig(request, user, ' Nothing was built.');
  const { names } = request;
  const wanted = parsed.datasets.filter(({ name }) => names === undefined || names.includes(name));
  const specs = wanted.map((spec) => overrideOutput(spec, overrides(request)));
  const layers = new LayersOfBuild(parsed, request, user, specs);
  layers.refuseInCi();
  return { specs, layers };
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
  const wanted = datasets.filter(({ name }) => names === undefined || names.includes(name));
  // A named dataset builds even while another one is being edited.
  if (names === undefined ? hasErrors(findings) : wanted.length < new Set(names).size) {
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

function overrides({ format, compression }: BuildRequest) {
  return { ...(format !== undefined && { format }), ...(compression !== undefined && { compression }) };
}
