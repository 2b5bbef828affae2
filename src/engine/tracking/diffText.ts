/** What tracking would write, as a unified diff: git makes it, which is there where anything is tracked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from '../folders';
import { isInside } from '../sources';
import { ask } from './git';
import type { TrackedChange } from '../../protocol';

/** Of changes that have their texts; those of one file add up, as they will. Throws `git-missing`. */
export async function diffText(changes: readonly TrackedChange[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-diff-'));
  try {
    const added = await addedUp(folder, changes);
    for (const side of ['a', 'b'] as const) {
      await makeFolder(join(folder, side));
      for (const { path, before, after } of added) {
        const text = side === 'a' ? before : after;
        const file = join(folder, side, path);
        if (typeof text !== 'string' || !isInside(folder, file)) continue;
        await makeFolder(dirname(file));
        await writeFile(file, text);
      }
    }
    const options = ['--no-index', '--no-prefix', '--no-color', '--no-ext-diff', '--no-textconv', '--text'];
    const ran = await ask(folder, ['diff', ...options, 'a', 'b'], undefined, 1);
    return ran.stdout.toString();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Each is made of what stands on the disk; lines that several put in one place follow each other. */
async function addedUp(folder: string, changes: readonly TrackedChange[]): Promise<TrackedChange[]> {
  const files = new Map<string, TrackedChange>();
  for (const change of changes) {
    const first = files.get(change.path);
    if (typeof first?.after !== 'string' || typeof change.after !== 'string') files.set(change.path, change);
    else {
      const texts = [first.after, change.before ?? '', change.after];
      const names = ['first', 'before', 'second'];
      for (const [index, name] of names.entries()) await writeFile(join(folder, name), texts[index] ?? '');
      const merged = await ask(folder, ['merge-file', '-p', '--union', ...names]);
      files.set(change.path, { ...first, after: merged.stdout.toString() });
    }
  }
  return [...files.values()];
}
