/** Whether tracking reaches into a folder, by the least reading: the engine is not started where nothing can be tracked. */
import { readFile, stat } from 'node:fs/promises';
import * as path from 'node:path';

/** No `.gitattributes` of people is longer. */
const MAX_BYTES = 2 ** 20;

/** Whether the folder lies in a DVC repository, or under a `.gitattributes` with lines for Git LFS. */
export async function mayBeTracked(folder: string): Promise<boolean> {
  if ((await findDvcRoot(folder)) !== undefined) return true;
  for (const each of withParents(folder)) if (await namesLfs(path.join(each, '.gitattributes'))) return true;
  return false;
}

/** The nearest folder that has a `.dvc` folder; undefined: there is no DVC repository. */
export async function findDvcRoot(folder: string): Promise<string | undefined> {
  for (const each of withParents(folder)) {
    const found = await stat(path.join(each, '.dvc')).catch(() => undefined);
    if (found?.isDirectory() === true) return each;
  }
  return undefined;
}

function withParents(folder: string): string[] {
  const parent = path.dirname(folder);
  return parent === folder ? [folder] : [folder, ...withParents(parent)];
}

async function namesLfs(file: string): Promise<boolean> {
  try {
    const found = await stat(file);
    return found.isFile() && found.size <= MAX_BYTES && (await readFile(file, 'utf8')).includes('filter=lfs');
  } catch {
    return false;
  }
}
