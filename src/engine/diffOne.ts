/** One comparison of two builds: in a job process, and nothing of it remains. */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { manifestChanges, type Side } from './diff';
import { runDiff } from './jobMessages';
import { runJob } from './jobProcess';
import { manifestsOf } from './named';
import type { Run } from './run';
import { readableArtifact } from './sources';
import { documentHead } from './version';
import { resolveVersion } from './versions';
import type { Diff, DiffData, DiffRequest } from '../protocol';

export async function diffOne({ jobEntry, limits, onProgress, signal }: Run, request: DiffRequest): Promise<Diff> {
  const before = await sideOf(request, request.before);
  const after = await sideOf(request, request.after);
  const scratch = await mkdtemp(join(tmpdir(), 'mldata-diff-'));
  try {
    const spec = { name: `${request.before} and ${request.after}` };
    const job = { spec, before, after, scratch, rows: request.rows, ...limits };
    const data = await runJob(jobEntry, runDiff, job, onProgress, signal);
    const changes = manifestChanges(before.manifest, after.manifest);
    return {
      ...documentHead('mldata/diff'),
      before: described(before),
      after: described(after),
      same: isSame(changes, data),
      ...changes,
      ...data,
    };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A build is named by itself wherever it stands; only a version needs the list of versions. */
async function sideOf({ configPath, folder }: DiffRequest, reference: string): Promise<Side> {
  const place = { folder, ...(configPath !== undefined && { configPath }) };
  if (reference.includes('@') && (await stat(resolve(folder, reference)).catch(() => undefined)) === undefined) {
    const { manifest, files } = await resolveVersion({ ...place, reference });
    return { reference, manifest, files: Object.fromEntries(files) };
  }
  const [build] = await manifestsOf({ ...place, targets: [reference] });
  if (!build) throw new Error(`${reference} was found and nothing was said of it`);
  const files: Record<string, string> = {};
  for (const { path } of build.manifest.artifacts) {
    const at = await readableArtifact(build.folder, path);
    if (at !== undefined) files[path] = at;
  }
  return { reference, manifest: build.manifest, files };
}

function described({ reference, manifest: { dataset, createdAt, rows } }: Side): Diff['before'] {
  return { reference, dataset, builtAt: createdAt, rows };
}

function isSame({ config, schema, splits }: ReturnType<typeof manifestChanges>, { columns, rows }: DiffData): boolean {
  const { added, removed, retyped } = schema;
  return (
    config.length + added.length + removed.length + retyped.length === 0 &&
    splits.every(({ before, after }) => before === after) &&
    columns.every(({ changed }) => !changed) &&
    rows.added + rows.removed + rows.changed + rows.moved === 0
  );
}
