/** Changing what versions are called and which of them are kept; each under the lock of the dataset. */
import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { CONFIG_FILES } from '../config';
import { recover, stagingFolder } from './output';
import { lock } from './locks';
import { readConfig, retentionOf } from './readConfig';
import { readUserConfig } from './userLayer';
import { documentHead } from './version';
import {
  collect,
  idOf,
  knownOf,
  noteVersion,
  pinned,
  placeOf,
  placesOf,
  splitReference,
  standingMoves,
  tagged,
  type Known,
  type VersionPlace,
} from './versions';
import { endRun, isRunning, runId } from './runs';
import { openWorkspace } from './workspace';
import {
  MldataError,
  tagNamePattern,
  versionAliases,
  type GcRequest,
  type Retention,
  type TagRequest,
  type VersionGc,
  type VersionsContent,
  type VersionTag,
} from '../protocol';

/** Where a change works. */
export interface ChangeSite {
  readonly id: string;
  readonly scratch: string;
  /** Inside the output folder; nothing stands there. */
  readonly staging: string;
}

/** Throws `dataset-locked` while the dataset is being built. */
export async function underLock<T>(
  place: Pick<VersionPlace, 'dataset' | 'output' | 'folder'>,
  work: (site: ChangeSite) => Promise<T>,
): Promise<T> {
  const { state } = await openWorkspace(join(place.folder, CONFIG_FILES[0]));
  const id = runId();
  const scratch = join(state, 'tmp', id);
  try {
    const unlock = await lock(join(state, 'locks', `${place.dataset}.lock`), scratch, place.dataset);
    try {
      await recover(place.output, isRunning);
      return await work({ id, scratch, staging: stagingFolder(place.output, id) });
    } finally {
      await unlock();
      await rm(scratch, { recursive: true, force: true });
    }
  } finally {
    endRun(id);
  }
}

/** What is known once the build that stands there is noted and its bytes are kept. */
export async function noted(place: VersionPlace, site: ChangeSite, signal: AbortSignal): Promise<Known> {
  const before = await knownOf(place);
  if (before.standing === undefined) return before;
  const { output, folder, store } = place;
  await noteVersion({ ...site, manifest: before.standing.manifest, output, folder, store, files: 'unknown', signal });
  return knownOf(place);
}

/** Throws what `idOf` throws, `tag-invalid` and `tag-unknown`. */
export async function tagVersion(request: TagRequest, signal: AbortSignal): Promise<VersionTag> {
  const { tag, action } = request;
  if (!tagNamePattern.test(tag) || versionAliases.some((alias) => alias === tag)) {
    throw new MldataError(
      'usage',
      'tag-invalid',
      versionAliases.some((alias) => alias === tag)
        ? `${tag} always means a version of its own accord. Choose another name.`
        : `${tag} cannot be a tag. Use letters a-z, digits, \`_\`, \`-\` and \`.\`, and begin with a letter.`,
    );
  }
  const place = await placeOf(request);
  return underLock(place, async (site) => {
    const known = await noted(place, site, signal);
    const { file } = known;
    const meant = tagged(file.content, tag) ?? null;
    if (action === 'move') {
      const id = idOf(known, splitReference(request.reference).name);
      if (id !== meant) file.move(tag, id);
    } else if (meant === null) {
      throw new MldataError('usage', 'tag-unknown', `${place.dataset} has no tag ${tag}.`);
    } else if (action === 'delete') {
      file.forget(tag);
    } else {
      const before = standingMoves(file.content.tags[tag] ?? []).at(-2);
      if (before === undefined) {
        const text = `${tag} has only ever meant ${place.dataset}@${meant}. To take it away, add --delete.`;
        throw new MldataError('usage', 'tag-unknown', text);
      }
      file.move(tag, before, true);
    }
    await pin(place, site, tag, file.content);
    await file.save(site.staging);
    const means = tagged(file.content, tag) ?? null;
    const { dataset } = place;
    return { ...documentHead('mldata/version-tag'), dataset, tag, means, meant };
  });
}

/** Before the list is written: bytes that it names must not go, whatever is checked out later. */
async function pin(
  place: VersionPlace,
  { scratch }: ChangeSite,
  tag: string,
  { tags }: VersionsContent,
): Promise<void> {
  const { store } = place;
  const pins = await store.pins();
  // Where they cannot be read nothing is removed anyway.
  if (pins === undefined) return;
  const versions = Object.hasOwn(tags, tag) ? standingMoves(tags[tag] ?? []).slice(-2) : [];
  await store.open();
  await store.keepPins(await pinned(pins, place, tag, versions), scratch);
}

/** Removes the bytes that no kept version is made of. */
export async function collectVersions(request: GcRequest): Promise<VersionGc> {
  const { dryRun } = request;
  const retention = await retentionFor(request);
  const datasets: VersionGc['datasets'] = [];
  for (const place of await placesOf(request)) {
    datasets.push(
      await underLock(place, async () => collect(await knownOf(place), retention, { dryRun, asked: true })),
    );
  }
  return { ...documentHead('mldata/version-gc'), dryRun, datasets };
}

async function retentionFor({ configPath, keep, maxBytes }: GcRequest): Promise<Retention> {
  const written =
    configPath === undefined ? {} : (await readConfig({ configPath, names: [] }, await readUserConfig())).versions;
  return {
    ...retentionOf(written),
    ...(keep !== undefined && { keep }),
    ...(maxBytes !== undefined && { maxBytes }),
  };
}
