/** Which version a build is: told from what it is, not from when or where it was made. */
import { createHash } from 'node:crypto';
import { resolve, sep } from 'node:path';
import { MldataError, type Manifest } from '../../protocol';

/** The same config over the same input bytes with the same output bytes is the same version on every machine. */
export function versionId({
  dataset,
  config,
  inputs,
  references = [],
  artifacts,
}: Pick<Manifest, 'dataset' | 'config' | 'inputs' | 'references' | 'artifacts'>): string {
  const hashes = (files: readonly { readonly path: string; readonly sha256: string }[]) =>
    files.map(({ path, sha256 }) => [path, sha256]);
  const identity = {
    dataset,
    config,
    inputs: hashes(inputs),
    references: hashes(references),
    artifacts: hashes(artifacts),
  };
  return createHash('sha256').update(JSON.stringify(identity, sortedKeys), 'utf8').digest('hex').slice(0, 16);
}

/** Keys in one order, whoever wrote them. */
function sortedKeys(_key: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The folder of the config that a build was made by: paths of the manifest's config are relative to it. */
export function configFolderOf({ dataset, config }: Manifest, buildFolder: string): string {
  const steps = config.output.path.split('/').filter((step) => step !== '' && step !== '.');
  const folder = resolve(buildFolder, ...steps.map(() => '..'));
  if (resolve(folder, config.output.path) === resolve(buildFolder)) return folder;
  throw new MldataError(
    'buildFailed',
    'build-moved',
    `The build of ${dataset} was made for the folder ${config.output.path} and stands in ${buildFolder.split(sep).at(-1) ?? ''}: ` +
      'where its sources are cannot be told. Put it back to where it was made.',
  );
}
