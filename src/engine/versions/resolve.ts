/** From the name of a version to its manifest and its bytes. */
import { readableArtifact } from '../sources';
import { MANIFEST_FILE, MldataError, type Manifest, type VersionRequest } from '../../protocol';
import { idOf } from './names';
import { knownOf, placeOf, splitReference, type Known } from './place';

export interface ResolvedVersion {
  readonly dataset: string;
  readonly id: string;
  readonly manifest: Manifest;
  /** Absolute paths of the bytes, by the artifact's path in the manifest; one whose bytes are not there is left out. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The version that a reference such as `passengers`, `passengers@production`, `passengers@previous`, `passengers@3f2a` or
 * `datasets/passengers@previous` means: its manifest, and where its artifacts lie. Those of the current version are the
 * files in the build's folder, those of others lie in the store under names that end as the artifact's does; neither is
 * hashed, and nothing is changed. `missingFiles` says which bytes are not there.
 * Throws `version-unknown`, `version-ambiguous`, `not-built`, what reading `versions.yaml` throws, and
 * `version-bytes-missing` where not even the manifest is on this machine.
 */
export async function resolveVersion(request: VersionRequest): Promise<ResolvedVersion> {
  const known = await knownOf(await placeOf(request));
  return resolved(known, idOf(known, splitReference(request.reference).name));
}

export async function resolved(known: Known, id: string): Promise<ResolvedVersion> {
  const { place, standing } = known;
  const { dataset, output, store } = place;
  if (standing?.id === id) {
    const { manifest } = standing;
    const files = new Map<string, string>();
    for (const { path } of manifest.artifacts) {
      const at = await readableArtifact(output, path);
      if (at !== undefined) files.set(path, at);
    }
    return { dataset, id, manifest, files };
  }
  const manifest = (await store.recordOf(id))?.manifest;
  if (manifest === undefined) throw bytesMissing(dataset, id, [MANIFEST_FILE]);
  return { dataset, id, manifest, files: await store.filesOf(manifest.artifacts) };
}

/** The artifacts, by path, whose bytes are not on this machine. */
export function missingFiles({ manifest, files }: ResolvedVersion): string[] {
  return manifest.artifacts.map(({ path }) => path).filter((path) => !files.has(path));
}

const SHOWN = 10;

export function someOf(paths: readonly string[]): string {
  const more = paths.length > SHOWN ? ` and ${paths.length - SHOWN} more` : '';
  return paths.slice(0, SHOWN).join(', ') + more;
}

/** A version that is known and whose bytes are not there, or not what they were. */
export function bytesMissing(dataset: string, id: string, paths: readonly string[], damaged = false): MldataError {
  const state = damaged ? 'its bytes are damaged' : 'not all of it is on this machine';
  const outcome = damaged
    ? 'What is damaged was taken out of the store; the folder of the build was not changed.'
    : 'Nothing was changed.';
  // Without its manifest nothing says how it was built.
  const again = paths.includes(MANIFEST_FILE)
    ? 'Check out the commit in which it was built and build it there, or run `dvc pull` there where DVC tracks its files.'
    : `\`mldata rebuild ${dataset}@${id}\` builds it again where its inputs are as they were; ` +
      'where DVC tracks its files, `dvc fetch --all-commits` brings them here, and it can be restored.';
  return new MldataError(
    'config',
    damaged ? 'version-bytes-damaged' : 'version-bytes-missing',
    `${dataset}@${id} is known, but ${state}: ${someOf(paths)}. ${again} ${outcome}`,
  );
}
