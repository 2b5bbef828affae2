/** What the name of a version means: an id or the beginning of one, a tag, `current` or `previous`. */
import { MldataError, versionAliases, type VersionsContent } from '../../protocol';
import type { Known } from './place';

/**
 * The moves of a tag that still count, newest last: each that was rolled back takes the one before it away. What two
 * branches added is merged in any order: when it was done decides.
 */
export function standingMoves(moves: VersionsContent['tags'][string]): string[] {
  const stack: string[] = [];
  for (const { version, rolledBack } of moves.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    if (rolledBack === true) stack.pop();
    else stack.push(version);
  }
  return stack;
}

/** What a tag means; undefined for one that is not given. */
export function tagged({ tags }: VersionsContent, tag: string): string | undefined {
  return Object.hasOwn(tags, tag) ? standingMoves(tags[tag] ?? []).at(-1) : undefined;
}

/** The tags of a version, by name. */
export function tagsOf(content: VersionsContent, id: string): string[] {
  return Object.keys(content.tags)
    .filter((tag) => tagged(content, tag) === id)
    .sort();
}

/** The version that stood in the folder before the one that stands there now. */
export function previousOf({ history }: VersionsContent, current: string | undefined): string | undefined {
  return history.findLast(({ version }) => version !== current)?.version;
}

/** Throws `version-unknown` and `version-ambiguous`. */
export function idOf({ place: { dataset }, file: { content }, standing }: Known, name: string): string {
  const ids = [...new Set(content.versions.map(({ id }) => id))];
  if (name === 'current') {
    if (standing) return standing.id;
    throw unknown(dataset, name, 'Nothing that can be read stands in the folder of its build.');
  }
  if (name === 'previous') {
    const previous = previousOf(content, standing?.id);
    if (previous !== undefined) return previous;
    throw unknown(
      dataset,
      name,
      ids.length === 0 ? 'It has no version yet.' : 'Nothing else is known to have stood in the folder of its build.',
    );
  }
  const meant = tagged(content, name);
  if (meant !== undefined) return meant;
  const found = /^[0-9a-f]+$/.test(name) ? ids.filter((id) => id.startsWith(name)) : [];
  const [only] = found;
  if (found.length > 1) {
    throw new MldataError(
      'usage',
      'version-ambiguous',
      `${dataset} has ${found.length} versions that begin with ${name}: ${found.join(', ')}. Give more digits.`,
    );
  }
  if (only !== undefined) return only;
  const names = [...versionAliases, ...Object.keys(content.tags)].join(', ');
  throw unknown(
    dataset,
    name,
    `It has ${ids.length === 1 ? 'one version' : `${ids.length} versions`}, and the names ${names}. \`mldata versions list ${dataset}\` shows them.`,
  );
}

function unknown(dataset: string, name: string, why: string): MldataError {
  return new MldataError('usage', 'version-unknown', `${dataset} has no version ${name}. ${why}`);
}
