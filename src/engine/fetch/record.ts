/** What is written beside a file that is being fetched, and beside one that was: whose bytes these are. */
import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import * as z from 'zod';

const hex = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

const versionShape = {
  /** Tells the address again without saying it: it may bear a signature. */
  address: hex(64),
  /** The address as it may be shown. */
  from: z.string(),
  etag: z.string().optional(),
  lastModified: z.string().optional(),
  startedAt: z.iso.datetime(),
};

/** So many bytes, and what they hash to. */
const pointSchema = z.strictObject({ bytes: z.int().nonnegative(), sha256: hex(64) });
export type Point = z.infer<typeof pointSchema>;

/** Of a part: up to where it was there, each point further than the one before. */
export const partRecordSchema = z.strictObject({
  version: z.literal(1),
  ...versionShape,
  validator: z.string().optional(),
  total: z.int().nonnegative().optional(),
  expected: z.strictObject({ sha256: hex(64).optional(), md5: hex(32).optional() }),
  points: z.array(pointSchema).min(1),
});
export type PartRecord = z.infer<typeof partRecordSchema>;

/** Of a whole file. */
export const receiptSchema = z.strictObject({
  version: z.literal(1),
  ...versionShape,
  fetchedAt: z.iso.datetime(),
  bytes: z.int().nonnegative(),
  sha256: hex(64),
  md5: hex(32).optional(),
});
export type Receipt = z.infer<typeof receiptSchema>;

export function addressOf(url: URL): string {
  return createHash('sha256').update(url.href).digest('hex');
}

/** Undefined where there is none, or none that can be read. */
export async function readRecord<T>(path: string, schema: z.ZodType<T>): Promise<T | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** As a whole or not at all, and on disk when it returns. */
export async function writeReceipt(path: string, receipt: Receipt): Promise<void> {
  const draft = `${path}.new`;
  try {
    // What stands there may be a link, which is not followed.
    await rm(draft, { force: true });
    const handle = await open(draft, 'wx', 0o644);
    try {
      await handle.writeFile(`${JSON.stringify(receipt, undefined, 1)}\n`);
      await handle.datasync();
    } finally {
      await handle.close();
    }
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}
