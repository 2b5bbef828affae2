/** `.dvcignore`: which files DVC does not see. */
import { join } from 'node:path';
import { readText } from '../../readText';
import type { IgnoreRule } from './disk/ignored';

/** What DVC never looks at. */
const always: readonly IgnoreRule[] = ['.hg/', '.git/', '.git', '.dvc/'].map((pattern) => ({ folder: '', pattern }));

/**
 * The rules that hold in a folder of the repository and below it, the weakest first, with those of the folders above.
 * @param folder relative to the root, with `/`; empty: the root
 */
export async function ignoreRules(root: string, folder: string): Promise<IgnoreRule[]> {
  const parts = folder === '' ? [] : folder.split('/');
  const folders = ['', ...parts.map((_, index) => parts.slice(0, index + 1).join('/'))];
  const rules = await Promise.all(folders.map((at) => rulesIn(root, at)));
  return [...always, ...rules.flat()];
}

async function rulesIn(root: string, folder: string): Promise<IgnoreRule[]> {
  const text = await readText(join(root, folder, '.dvcignore')).catch(() => '');
  return text
    .split(/\r?\n|\r/)
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((pattern) => ({ folder, pattern }));
}
