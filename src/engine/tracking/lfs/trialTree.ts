/**
 * What git would say if a `.gitattributes` had other lines: it is asked in a work tree of its own that holds nothing but
 * the attributes, with the settings and the index of the repository. So what a deeper file, a macro or
 * `.git/info/attributes` make of the lines is known before a file changes.
 */
import { lstat, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { eachOf } from '../../eachOf';
import { makeFolder } from '../../folders';
import { openScratch, type Scratch } from '../../scratch';
import { gitAttribute, gitFolder, type GitRepository } from '../git';

export const ATTRIBUTES = '.gitattributes';

export class TrialTree {
  private constructor(
    /** To be asked in place of the real one. */
    readonly repository: GitRepository,
    private readonly scratch: Scratch,
    /** Every file of attributes that has a say, relative to the root; the deepest first. */
    readonly attributes: readonly string[],
  ) {}

  /** @param paths of files, relative to the root, that will be asked about */
  static async open(git: GitRepository, paths: readonly string[]): Promise<TrialTree> {
    const { root } = git;
    const folders = new Set<string>(['.']);
    for (const path of paths) {
      for (let folder = posix.dirname(path); !folders.has(folder); folder = posix.dirname(folder)) folders.add(folder);
    }
    const names = [...folders].map((folder) => posix.join(folder, ATTRIBUTES));
    // Git does not follow a link here.
    const are = await eachOf(names, async (name) => (await lstat(join(root, name)).catch(() => undefined))?.isFile());
    const attributes = names
      .filter((_, index) => are[index])
      .sort((a, b) => b.split('/').length - a.split('/').length || (a < b ? -1 : 1));
    const folder = await gitFolder(git);
    const scratch = await openScratch(undefined);
    const tree = new TrialTree({ root: scratch.folder, gitFolder: folder }, scratch, attributes);
    try {
      await eachOf(attributes, async (name) => tree.write(name, await readFile(join(root, name))));
      return tree;
    } catch (error) {
      await tree.close();
      throw error;
    }
  }

  /** @param name of a file of attributes, relative to the root; empty content leaves it without a say */
  async write(name: string, content: Buffer): Promise<void> {
    const path = join(this.scratch.folder, name);
    await makeFolder(dirname(path));
    await writeFile(path, content);
  }

  close(): Promise<void> {
    return this.scratch.release();
  }
}

/** Those of the paths that the attributes make files of Git LFS; relative to the root. */
export async function lfsAmong(git: GitRepository, paths: readonly string[]): Promise<Set<string>> {
  const filters = await gitAttribute(git, 'filter', paths);
  return new Set(paths.filter((path) => filters.get(path) === 'lfs'));
}
