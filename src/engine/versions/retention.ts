/** Which versions keep their bytes: the last used ones, and whatever somebody gave a name. */
import { MldataError, type Retention, type VersionGc } from '../../protocol';
import { standingMoves } from './names';
import { livePins, type Pins } from './pins';
import type { Known } from './place';
import type { StoredVersion } from './store';

type Collected = VersionGc['datasets'][number];

/**
 * Removes what no kept version is made of, also what a killed build left. What is known of the versions stays, and so do
 * their manifests, from which they can be built again. Throws `versions-not-collected`, with nothing removed, where the
 * store cannot be told from.
 * @param asked somebody wants room: what other branches may still list goes too, if nothing there has a tag
 */
export async function collect(
  known: Known,
  retention: Retention,
  { dryRun = false, asked = false } = {},
): Promise<Collected> {
  const { place, file } = known;
  const { store, dataset } = place;
  if (!(await store.exists())) return { dataset, kept: [], removed: [], files: 0, bytesFreed: 0 };
  const { stored, unreadable } = await store.versions();
  const pins = await store.pins();
  if (unreadable.length > 0 || pins === undefined) throw untold(dataset, store.paths(unreadable));
  const objects = await store.allObjects();
  const names = new Set(objects.map(({ name }) => name));
  const isWhole = ({ artifacts }: StoredVersion) => artifacts.every((one) => names.has(store.nameOf(one)));
  const whole = stored.filter(isWhole);
  const always = protectedOf(known, asked ? await livePins(pins, place.folder) : pins);
  const kept = new Set(keptOf(whole, always, retention, (one) => store.nameOf(one)));
  const needed = new Set(
    stored
      .filter(({ id }) => kept.has(id) || always.has(id))
      .flatMap(({ artifacts }) => artifacts.map((one) => store.nameOf(one))),
  );
  const surplus = objects.filter(({ name }) => !needed.has(name));
  const listed = new Set(file.content.versions.map(({ id }) => id));
  if (!dryRun) {
    for (const { name } of surplus) await store.remove(name);
    for (const { id } of asked ? stored : []) if (!kept.has(id) && !listed.has(id)) await store.forget(id);
  }
  return {
    dataset,
    kept: whole.filter(({ id }) => kept.has(id)).map(({ id }) => id),
    removed: whole.filter(({ id }) => !kept.has(id)).map(({ id }) => id),
    files: surplus.length,
    bytesFreed: surplus.reduce((sum, { bytes, alone }) => sum + (alone ? bytes : 0), 0),
  };
}

function untold(dataset: string, records: readonly string[]): MldataError {
  return new MldataError(
    'config',
    'versions-not-collected',
    `Nothing was removed of the versions of ${dataset}: ${records.join(', ')} cannot be read, so that what is needed cannot be told. ` +
      'Use the newer mldata that wrote it, or remove it if nothing of it is needed.',
  );
}

/** The version that stands in the folder, what tags mean on any branch, and what each would mean once it is rolled back. */
function protectedOf({ file: { content }, standing }: Known, pins: Pins): Set<string> {
  const tagged = Object.values(content.tags).flatMap((moves) => standingMoves(moves).slice(-2));
  return new Set([...tagged, ...pins.flatMap(({ versions }) => versions), ...(standing ? [standing.id] : [])]);
}

/** @param stored last used first */
function keptOf(
  stored: readonly StoredVersion[],
  always: ReadonlySet<string>,
  { keep, maxBytes = Infinity }: Retention,
  nameOf: (artifact: StoredVersion['artifacts'][number]) => string,
): string[] {
  const sizes = new Map<string, number>();
  let total = 0;
  /** Takes a version in if it fits; what versions share counts once. */
  const take = ({ artifacts }: StoredVersion, limit: number): boolean => {
    const fresh = new Map(
      artifacts.map((one) => [nameOf(one), one.bytes] as const).filter(([name]) => !sizes.has(name)),
    );
    const more = [...fresh.values()].reduce((sum, bytes) => sum + bytes, 0);
    if (total + more > limit) return false;
    total += more;
    for (const [name, bytes] of fresh) sizes.set(name, bytes);
    return true;
  };
  const kept = stored.filter(({ id }) => always.has(id));
  for (const version of kept) take(version, Infinity);
  for (const version of stored.filter(({ id }) => !always.has(id))) {
    if (kept.length >= keep || !take(version, maxBytes)) break;
    kept.push(version);
  }
  return kept.map(({ id }) => id);
}
