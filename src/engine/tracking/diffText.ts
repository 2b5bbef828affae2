/** What tracking would write, as a unified diff: git makes it, which is there where anything is tracked. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { makeFolder } from '../folders';
import { isInside } from '../sources';
import { ask } from './git';
import type { TrackedChange } from '../../protocol';

/** Of changes that have their texts; of one file the last. Throws `git-missing`. */
export async function diffText(changes: readonly TrackedChange[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'mldata-diff-'));
  try {
    const last = new Map(changes.map((change) => [change.path, change]));
    for (const side of ['a', 'b'] as const) {
      await makeFolder(join(folder, side));
      for (const { path, before, after } of last.values()) {
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
