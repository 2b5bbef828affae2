/** What several targets of a dry run would make of one file: each begins with what stands on the disk, since nothing is written. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TrackedChange, TrackedTarget } from '../../protocol';
import { changeOf } from './change';
import { ask } from './git';

/** Each change with those of the targets before it: the last of a file says what it will be. */
export async function addUp(targets: readonly TrackedTarget[]): Promise<TrackedTarget[]> {
  const files = new Map<string, TrackedChange>();
  const added: TrackedTarget[] = [];
  for (const target of targets) {
    const changes: TrackedChange[] = [];
    for (const change of target.files) {
      const before = files.get(change.path);
      const both = before === undefined ? change : await together(before, change);
      files.set(change.path, both);
      changes.push(both);
    }
    added.push({ ...target, files: changes });
  }
  return added;
}

/** Lines that both put in one place follow each other. */
async function together(first: TrackedChange, second: TrackedChange): Promise<TrackedChange> {
  if (typeof first.after !== 'string' || typeof second.after !== 'string') return second;
  const folder = await mkdtemp(join(tmpdir(), 'mldata-merge-'));
  try {
    const texts = { first: first.after, before: second.before ?? '', second: second.after };
    for (const [name, text] of Object.entries(texts)) await writeFile(join(folder, name), text);
    const merged = await ask(folder, ['merge-file', '-p', '--union', ...Object.keys(texts)]);
    return changeOf(first.path, first.before ?? undefined, merged.stdout.toString(), true);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
