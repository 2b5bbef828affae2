/**
 * What is kept of the files of one dataset, beside their rows: one file, under the dataset's lock. It holds data only,
 * never SQL, and counts only where it was written.
 */
import { createHash } from 'node:crypto';
import { lstat, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { makeFolder } from '../folders';
import { ENGINE_VERSION, TOOL } from '../version';
import { stampOf } from './stamp';
import { encodings, findingSchema, sha256Schema } from '../../protocol';

const natural = z.int().nonnegative();

const entrySchema = z.strictObject({
  /** As the build named it. */
  name: z.string(),
  facts: z.strictObject({
    format: z.enum(['csv', 'tsv']),
    encoding: z.enum(encodings),
    dialect: z.strictObject({
      delimiter: z.string(),
      quote: z.string(),
      escape: z.string(),
      header: z.boolean(),
      skipLines: natural,
      columns: z.array(z.string()),
    }),
    lineBytes: z.number().positive(),
    findings: z.array(findingSchema),
  }),
  fits: z.array(z.tuple([z.string(), z.array(natural).nullable()])),
  zones: z.array(z.tuple([z.string(), z.int()])),
  rows: z.strictObject({
    /** Of the columns as they were staged, and how the file was cast to them. */
    cast: sha256Schema,
    /** Of the file that holds them. */
    sha256: sha256Schema,
    count: natural,
    bad: natural,
    /** Records that are no rows: number, reason, text. */
    broken: z.array(z.tuple([natural, z.string(), z.string().nullable()])),
  }),
});
export type StagedEntry = z.infer<typeof entrySchema>;

const indexSchema = z.strictObject({
  version: z.literal(1),
  tool: z.literal(TOOL.version),
  engine: z.literal(ENGINE_VERSION),
  /** How the files were read in the end: the next build begins so. */
  reading: z.strictObject({ maxRecordBytes: natural, parseValues: z.boolean() }).optional(),
  entries: z.record(sha256Schema, entrySchema),
});
export type StagedIndex = Pick<z.infer<typeof indexSchema>, 'reading' | 'entries'>;

const MAX_BYTES = 256 * 2 ** 20;

/** Whatever is wrong with it is as if it were not there. */
export async function readIndex(file: string): Promise<StagedIndex> {
  try {
    const found = await lstat(file);
    if (!found.isFile() || found.size > MAX_BYTES) return { entries: {} };
    if ((await stampOf(file))?.text !== (await readFile(stampFile(file), 'utf8'))) return { entries: {} };
    const text = await readFile(file, 'utf8');
    const end = text.indexOf('\n');
    // A digit that the disk got wrong would still be a digit.
    if (text.slice(0, end) !== digest(text.slice(end + 1))) return { entries: {} };
    const index: unknown = JSON.parse(text.slice(end + 1));
    // As it was written, not as it was parsed: reports keep the order of what findings say.
    return isIndex(index) ? index : { entries: {} };
  } catch {
    return { entries: {} };
  }
}

function isIndex(value: unknown): value is z.infer<typeof indexSchema> {
  return indexSchema.safeParse(value).success;
}

/** @param scratch a folder on the same disk */
export async function writeIndex(file: string, { reading, entries }: StagedIndex, scratch: string): Promise<void> {
  const index = { version: 1, tool: TOOL.version, engine: ENGINE_VERSION, ...(reading && { reading }), entries };
  const text = JSON.stringify(index);
  await makeFolder(scratch);
  const draft = join(scratch, 'staged.json');
  await writeFile(draft, `${digest(text)}\n${text}`);
  await rename(draft, file);
  await writeFile(stampFile(file), (await stampOf(file))?.text ?? '');
}

/**
 * Where the number and times of the index are written down. Nobody can give them to a copy, so rows that a repository or
 * an archive brings along, of which it alone says what they are the rows of, are not taken.
 */
function stampFile(index: string): string {
  return `${index}.stamp`;
}

export function digest(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
