/** One tool keeps a path: what Git LFS would take, a stage of DVC does not. */
import { join } from 'node:path';
import { MldataError } from '../../../protocol';
import { gitAttribute, inRepository } from '../git';
import type { TrackSite } from '../site';

/** Throws `tracked-by-lfs` for a build of which Git LFS would take a file. */
export async function refuseLfs({ target, git, build }: TrackSite): Promise<void> {
  if (git === undefined || build === undefined) return;
  const data = build.manifest.artifacts.filter(({ kind }) => kind === 'data');
  const files = data.map(({ path }) => inRepository(git, join(build.output, path)));
  const [lfs] = [...(await gitAttribute(git, 'filter', files))].find(([, filter]) => filter === 'lfs') ?? [];
  if (lfs === undefined) return;
  const text = `${lfs} of ${target} is under Git LFS (\`git check-attr filter\` says so), and only one tool can keep a path. Take its pattern out of .gitattributes, or leave it to Git LFS.`;
  throw new MldataError('config', 'tracked-by-lfs', text);
}
