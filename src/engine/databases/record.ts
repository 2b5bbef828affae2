/** What is kept of a fetch beside its rows, and the one place where both are written. */
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { makeFolder } from '../folders';
import { flush } from '../output';
import { sha256Of } from '../text';

const RECORD = 'snapshot.json';

const recordSchema = z.object({
  kind: z.literal('mldata/database-snapshot'),
  version: z.literal(1),
  /** The address, without password and parameters; references stay references. */
  origin: z.string(),
  query: z.string().optional(),
  table: z.string().optional(),
  /** Beside this file; named by what it holds. */
  file: z.string().regex(/^rows-[0-9a-f]{16}\.parquet$/),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  bytes: z.number(),
  rows: z.number(),
  columns: z.array(z.object({ name: z.string(), sourceType: z.string(), type: z.string() })),
  fetchedAt: z.string(),
  watermark: z.object({ column: z.string(), value: z.string().optional() }).optional(),
});

export type SnapshotRecord = z.infer<typeof recordSchema>;

/** Undefined where no snapshot stands, or not a whole one. */
export async function readSnapshot(folder: string): Promise<SnapshotRecord | undefined> {
  try {
    const record = recordSchema.parse(JSON.parse(await readFile(join(folder, RECORD), 'utf8')));
    return (await stat(join(folder, record.file))).size === record.bytes ? record : undefined;
  } catch {
    return undefined;
  }
}

/** The rows of a snapshot, absolute. */
export function snapshotFile(folder: string, { file }: Pick<SnapshotRecord, 'file'>): string {
  return join(folder, file);
}

/**
 * Puts a Parquet file and its record in the place of those before. Whoever looks sees the old ones or the new ones: the
 * record comes last, and names the file by its content. The rows of before stay: whoever reads them removes them, once
 * nobody is told of them any more.
 * @param draft in the same folder
 */
export async function keepSnapshot(
  folder: string,
  draft: string,
  about: Omit<SnapshotRecord, 'kind' | 'version' | 'file' | 'sha256' | 'bytes'>,
  signal: AbortSignal,
): Promise<SnapshotRecord> {
  const sha256 = (await sha256Of(draft, signal)) ?? '';
  const file = `rows-${sha256.slice(0, 16)}.parquet`;
  const { size: bytes } = await stat(draft);
  const record: SnapshotRecord = { kind: 'mldata/database-snapshot', version: 1, ...about, file, sha256, bytes };
  await makeFolder(folder);
  const recordDraft = `${draft}.json`;
  try {
    await writeFile(recordDraft, `${JSON.stringify(record, null, 2)}\n`, { flag: 'wx' });
    await Promise.all([draft, recordDraft].map(flush));
    signal.throwIfAborted();
    await rename(draft, join(folder, file));
    await rename(recordDraft, join(folder, RECORD));
    await flush(folder);
  } finally {
    await rm(recordDraft, { force: true });
  }
  return record;
}
