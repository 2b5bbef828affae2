/** What holds after every build, however it ended. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '../../src/engine/manifest';
import type { Manifest } from '../../src/protocol';

/** The manifest of a build folder, once every file it describes was found to be as described. */
export async function wholeBuild(folder: string): Promise<Manifest> {
  const manifest = await readManifest(folder);
  assert.ok(manifest, `${folder} has no manifest`);
  for (const { path, bytes, sha256 } of manifest.artifacts) {
    const content = await readFile(join(folder, path));
    assert.deepEqual(
      { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
      { path, bytes, sha256 },
    );
  }
  return manifest;
}

/** Files and folders below a workspace that only a running build may have: its scratch, its lock, what it stages. */
export async function leftovers(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true });
  return entries
    .map((entry) => entry.replaceAll('\\', '/'))
    .filter((entry) => /(^|\/)\.mldata(\/(tmp|locks)\/[^/]+$|-)/.test(entry));
}

/** Of the files of a workspace, those that are not kept for later builds: rows as staged, hashes, bytes of versions. */
export function exceptKept(files: readonly string[]): string[] {
  return files.filter((file) => !/^(\.mldata\/)?(cache|versions)\//.test(file));
}

/** A table of `rows` records with a class of seven, about 40 bytes each. */
export function table(rows: number): string {
  const records = Array.from({ length: rows }, (_, id) => `${id},${id % 7},${(id * 7919) % 1000}.25,text ${id % 1013}`);
  return `id,label,value,note\n${records.join('\n')}\n`;
}
