/** What `mldata rebuild` is asked for: builds that stand, and versions of which at least the manifest is kept. */
import { checkedManifest, manifestsOf, type NamedBuild } from './named';
import { idOf, knownOf, placeOf, resolved, splitReference } from './versions';
import type { TargetsRequest } from '../protocol';

/** Throws what `manifestsOf` and `resolveVersion` throw. */
export async function buildsToRebuild(request: TargetsRequest): Promise<NamedBuild[]> {
  if (!request.targets.some(isVersion)) return manifestsOf(request);
  const builds: NamedBuild[] = [];
  for (const target of request.targets) {
    if (isVersion(target)) builds.push(await versionOf({ ...request, reference: target }));
    else builds.push(...(await manifestsOf({ ...request, targets: [target] })));
  }
  return builds;
}

function isVersion(target: string): boolean {
  return splitReference(target).target !== target;
}

async function versionOf(request: TargetsRequest & { readonly reference: string }): Promise<NamedBuild> {
  const known = await knownOf(await placeOf(request));
  const id = idOf(known, splitReference(request.reference).name);
  const { manifest } = await resolved(known, id);
  return { manifest: checkedManifest(manifest), folder: known.place.output, earlier: known.standing?.id !== id };
}
