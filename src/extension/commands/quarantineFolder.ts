/** Where files of a dataset go that are not whole, and the list there of where each came from. */
import { readFile } from 'node:fs/promises';
import * as path from 'node:path';
import { MOVED_FILE } from '../../protocol';
import type { Dataset } from '../datasets/model';

export function quarantineFolder({ config, name }: Pick<Dataset, 'config' | 'name'>): string {
  return path.join(path.dirname(config.fsPath), 'quarantine', name);
}

/** Where the files in the folder came from; none where there is no list, and without the lines that say nothing of it. */
export async function movedFiles(folder: string): Promise<string[]> {
  const text = await readFile(path.join(folder, MOVED_FILE), 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => placeOf(line) ?? []);
}

function placeOf(line: string): string | undefined {
  try {
    const { from } = JSON.parse(line) as { readonly from?: unknown };
    return typeof from === 'string' ? from : undefined;
  } catch {
    return undefined;
  }
}
