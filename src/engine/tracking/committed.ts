/** What files held in earlier commits. */
import { ask, findGit, inRepository, literally } from './git';
import { join } from 'node:path';
import { realpath } from 'node:fs/promises';

/**
 * The different contents that a file had in the commits of all branches, the newest first, each with the last commit that
 * has it; none outside of a repository. Throws `git-failed`.
 */
export async function* earlierContents(
  folder: string,
  name: string,
): AsyncGenerator<{ readonly text: string; readonly commit: string }> {
  const git = await findGit(folder).catch(() => undefined);
  if (git === undefined) return;
  const path = inRepository(git, join(await realpath(folder), name));
  const log = ['log', '--all', '--raw', '--no-abbrev', '--no-renames', '--format=commit %H', '--', literally(path)];
  const seen = new Set<string>();
  let commit = '';
  for (const line of (await ask(git.root, log)).stdout.toString().split('\n')) {
    commit = /^commit ([0-9a-f]+)$/.exec(line)?.[1] ?? commit;
    const blob = /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [AMT]/.exec(line)?.[1];
    if (blob === undefined || seen.has(blob)) continue;
    seen.add(blob);
    yield { text: (await ask(git.root, ['cat-file', 'blob', blob])).stdout.toString(), commit };
  }
}
