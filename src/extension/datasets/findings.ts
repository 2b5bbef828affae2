/** What is known to be wrong with the data of a dataset: by its latest build, its latest validation, and its drift. */
import type { DatasetSpec, Drift, Finding, Quality } from '../../protocol';
import type { Dataset } from './model';

/** What both say stands here once. */
export function findingsOf(
  { build, manifest, spec }: Dataset,
  quality: Quality | undefined,
  drift?: Drift,
): readonly Finding[] {
  if (spec === undefined) return []; // the config's own errors come first
  // The latest build may have failed and left the manifest of an earlier one.
  const built = build?.findings ?? manifest?.findings ?? [];
  const said = new Set(built.map(keyOf));
  return [
    ...built,
    ...(quality?.findings ?? []).filter((finding) => !said.has(keyOf(finding))),
    ...(drift?.findings ?? []).filter((finding) => !isMuted(finding, spec)),
  ];
}

/** Since it was compared. */
function isMuted({ column }: Finding, { drift }: DatasetSpec): boolean {
  return column !== undefined && drift?.columns?.[column]?.muted === true;
}

function keyOf({ code, column, split, configPath = [] }: Finding): string {
  return JSON.stringify([code, column, split, configPath]);
}
