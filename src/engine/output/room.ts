/** Whether there is room for a build or an export, asked before it reads: one that cannot come to its end is not begun. */
import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codecOfName, formatOfName } from '../../config';
import { MldataError, type SourceFormat } from '../../protocol';
import { memoryBytes } from '../../config';
import type { SourceFile } from '../sources';

/*
 * What a build surely takes, as shares of the bytes it reads: a bound from below, far under what is usual, so that
 * nobody is refused who might have come through. A build that passes and finds the disk full all the same ends with
 * `disk-full`, and leaves the artifacts from before.
 */

/**
 * Staged rows. Of the cells of a CSV `false` shrinks most, to a sixth; values of columnar files come out of their
 * encodings; in JSON most of the text may be names. Usual is 130 % of a CSV.
 */
const STAGED: Readonly<Record<SourceFormat, number>> = {
  csv: 0.15,
  tsv: 0.15,
  json: 0.02,
  jsonl: 0.02,
  parquet: 0.5,
  arrow: 0.5,
};

/** Each output format: rows that repeat themselves get that small. Usual is 35 % of a CSV as Parquet with zstd. */
const WRITTEN = 0.01;

/** Less than this comes and goes on any disk. */
const WORTH_ASKING = 16e6;

/** Throws `disk-space` where the disk of a folder has less room than this surely takes. */
export async function refuseWithoutRoom(folder: string, bytes: number, subject: string): Promise<void> {
  const disk = await diskOf(folder);
  if (disk && bytes >= WORTH_ASKING && bytes > disk.free) throw tooLittle(subject, dirname(folder), bytes, disk.free);
}

export interface RoomRequest {
  readonly dataset: string;
  readonly files: readonly SourceFile[];
  /** Number of output formats. */
  readonly formats: number;
  readonly memoryLimit: string;
  /** Folders that exist. */
  readonly scratch: string;
  readonly staging: string;
}

/** Throws `disk-space` where a disk has less room than the build surely takes. */
export async function checkRoom({
  dataset,
  files,
  formats,
  memoryLimit,
  scratch,
  staging,
}: RoomRequest): Promise<void> {
  const total = (share: (file: SourceFile) => number) => files.reduce((sum, file) => sum + share(file) * file.bytes, 0);
  // A compressed file is unpacked beside the staged rows, and is no smaller then.
  const unpacked = total(({ name }) => (codecOfName(name) === undefined ? 0 : 1));
  const staged = total(({ name, format = formatOfName(name) ?? 'json' }) => STAGED[format]);
  const spilled = Math.max(0, staged - memoryBytes(memoryLimit));
  const written = total(() => WRITTEN) * formats;
  const needs = [
    { folder: scratch, bytes: unpacked + spilled },
    { folder: staging, bytes: written },
  ];
  const disks = await Promise.all(needs.map(({ folder }) => diskOf(folder)));
  for (const [index, disk] of disks.entries()) {
    const folder = needs[index]?.folder ?? '';
    const sharing = needs.filter((_, other) => disks[other]?.id === disk?.id);
    const bytes = sharing.reduce((sum, need) => sum + need.bytes, 0);
    if (disk && bytes >= WORTH_ASKING && bytes > disk.free) throw tooLittle(dataset, dirname(folder), bytes, disk.free);
  }
}

interface Disk {
  readonly id: number;
  /** Bytes. */
  readonly free: number;
}

/** Undefined where the system does not say: some network disks know no size. */
async function diskOf(folder: string): Promise<Disk | undefined> {
  try {
    const [{ dev }, { bsize, blocks, bavail, bfree }] = await Promise.all([stat(folder), statfs(folder)]);
    if (blocks === 0) return undefined;
    // Some of the room may be kept for root.
    return { id: dev, free: bsize * (process.getuid?.() === 0 ? bfree : bavail) };
  } catch {
    return undefined;
  }
}

function tooLittle(subject: string, folder: string, bytes: number, free: number): MldataError {
  return new MldataError(
    'buildFailed',
    'disk-space',
    `${subject} takes at least ${amount(bytes)} on the disk of ${folder}, and ${amount(free)} are free. ` +
      'Free some space, or write to a larger disk. Nothing was changed: what was written before is whole.',
  );
}

function amount(bytes: number): string {
  return bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}
