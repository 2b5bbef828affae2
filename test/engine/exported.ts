/** Exports in a workspace, and what holds of every one, however it ended. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { exportSchema, type Export, type ExportProgress, type ExportRequest } from '../../src/protocol';
import type { Workspace } from './support';

const engine = new LocalEngine(resolve('dist/job.js'));

/** Exports as the command line does, from a workspace with a config. */
export async function exportIn(
  space: Workspace,
  target: string,
  options: Partial<ExportRequest> = {},
  onProgress: (progress: ExportProgress) => void = () => undefined,
  signal = new AbortController().signal,
): Promise<Export> {
  const request = { target, folder: space.folder, configPath: space.path('.mldata.yaml'), threads: 2, ...options };
  return exportSchema.parse(await engine.export(request, onProgress, signal));
}

/** What stands in a folder, once every file it lists was found to be as described, and none else to be there. */
export async function wholeExport(folder: string): Promise<Export> {
  const document = exportSchema.parse(JSON.parse(await readFile(join(folder, 'export.json'), 'utf8')));
  assert.equal(document.output, '.');
  for (const { path, bytes, sha256 } of document.files) {
    const content = await readFile(join(folder, path));
    assert.deepEqual(
      { path, bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') },
      { path, bytes, sha256 },
    );
  }
  assert.deepEqual(await filesIn(folder), [...document.files.map(({ path }) => path), 'export.json'].sort());
  return document;
}

/** Every file below a folder, hidden ones too. */
export async function filesIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .sort();
}
