/** Which versions keep their bytes: the last used ones, and whatever somebody gave a name. */
import type { Retention, VersionGc } from '../../protocol';
import { standingMoves } from './names';
import type { Known } from './place';
import type { StoredVersion } from './store';

type Collected = VersionGc['datasets'][number];

/**
 * Removes what no kept version is made of, also what a killed build left. What is known of the versions stays, and so do
 * their manifests, from which they can be built again.
 */
export async function collect(known: Known, retention: Retention, dryRun: boolean): Promise<Collected> {
  const { place, file } = known;
  const { store, dataset } = place;
  const stored = await store.versions();
  const objects = await store.allObjects();
  const names = new Set(objects.map(({ name }) => name));
  const isWhole = ({ artifacts }: StoredVersion) => artifacts.every((one) => names.has(store.nameOf(one)));
  const whole = stored.filter(isWhole);
  const always = protectedOf(known);
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
    for (const { id } of stored) if (!kept.has(id) && !listed.has(id)) await store.forget(id);
  }
  return {
    dataset,
    kept: whole.filter(({ id }) => kept.has(id)).map(({ id }) => id),
    removed: whole.filter(({ id }) => !kept.has(id)).map(({ id }) => id),
    files: surplus.length,
    bytesFreed: surplus.reduce((sum, { bytes, alone }) => sum + (alone ? bytes : 0), 0),
  };
}

/** The version that stands in the folder, what tags mean, and what each would mean once it is rolled back. */
function protectedOf({ file: { content }, standing }: Known): Set<string> {
  const tagged = Object.values(content.tags).flatMap((moves) => standingMoves(moves).slice(-2));
  return new Set([...tagged, ...(standing ? [standing.id] : [])]);
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
