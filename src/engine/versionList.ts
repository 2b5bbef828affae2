/** What versions there are. Nothing is changed: a build that nobody noted yet is shown, and noted by who changes something. */
import { documentHead } from './version';
import {
  idOf,
  knownOf,
  missingFiles,
  placeOf,
  placesOf,
  resolved,
  splitReference,
  tagsOf,
  type Known,
} from './versions';
import {
  MldataError,
  type ListedVersion,
  type TargetsRequest,
  type VersionList,
  type VersionRequest,
  type VersionShown,
} from '../protocol';

/** Newest first. */
export async function listVersions(request: TargetsRequest): Promise<VersionList> {
  const datasets: VersionList['datasets'] = [];
  for (const place of await placesOf(request)) {
    datasets.push({ dataset: place.dataset, versions: await listed(await knownOf(place)) });
  }
  return { ...documentHead('mldata/version-list'), datasets };
}

/** Throws what `idOf` throws. */
export async function showVersion(request: VersionRequest): Promise<VersionShown> {
  const known = await knownOf(await placeOf(request));
  const { dataset } = known.place;
  const id = idOf(known, splitReference(request.reference).name);
  const entry = (await listed(known)).find((one) => one.id === id);
  if (entry === undefined) {
    // A tag may be left of a version whose line somebody took out.
    throw new MldataError('usage', 'version-unknown', `${dataset} has no version ${id}, which a name stands for.`);
  }
  const manifest = await resolved(known, id).then(
    (version) => version.manifest,
    (error: unknown) => {
      if (error instanceof MldataError && error.code === 'version-bytes-missing') return undefined;
      throw error;
    },
  );
  return {
    ...documentHead('mldata/version'),
    dataset,
    entry,
    ...(manifest && {
      build: {
        tool: manifest.tool,
        engine: manifest.engine,
        inputs: manifest.inputs,
        splits: manifest.splits,
        artifacts: manifest.artifacts,
      },
    }),
  };
}

async function listed(known: Known): Promise<ListedVersion[]> {
  const { place, file, standing } = known;
  const whole = new Set<string>();
  for (const { id, artifacts } of (await place.store.versions()).stored) {
    if ((await place.store.filesOf(artifacts)).size === artifacts.length) whole.add(id);
  }
  if (standing && missingFiles(await resolved(known, standing.id)).length === 0) whole.add(standing.id);
  // Both sides of a merge may have built the same.
  const entries = new Map(file.content.versions.toReversed().map((entry) => [entry.id, entry]));
  return [...entries.values()].map(({ id, createdAt, rows, bytes, parent }) => ({
    id,
    createdAt,
    rows,
    bytes,
    ...(parent !== undefined && { parent }),
    current: id === standing?.id,
    tags: tagsOf(file.content, id),
    kept: whole.has(id),
  }));
}
