/** One format of an export: its files, sharded as was asked, and hashed. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { inBatches } from '../inBatches';
import { settled, WholeFiles, writeFormat } from '../output';
import { fileExtension } from '../plan';
import type { Artifact, Compression, ExportedFile, ExportFormat } from '../../protocol';
import type { ReadData } from './exported';
import { refuseUnfit } from './losses';
import { columnsAs } from './sample';
import { shardsOf, type Shard } from './shards';

export interface FormatOrder {
  readonly format: ExportFormat;
  readonly compression: Compression;
  /** Below the output folder. */
  readonly folder: string;
  /** Bytes of a row on average, estimated; absent: there is none. */
  readonly rowBytes?: number | undefined;
}

export interface Sharding {
  readonly rowsPerFile?: number | undefined;
  readonly maxFileBytes?: number | undefined;
  /** Whether files are numbered also where a split is one. */
  readonly numbered: boolean;
  readonly rowGroupRows?: number | undefined;
}

/** Written at once: there may be more of them than a process may have open, and each takes memory meanwhile. */
const FILES_PER_THREAD = 2;

/** How often files that came out larger than they may be are written again. */
const TRIES = 4;

/**
 * Throws `output-type` for a column that the format cannot hold, and what writing throws; then nothing of it remains.
 * @param onProgress given the share that is written, 0–1
 */
export async function writeOne(
  data: ReadData,
  staging: string,
  order: FormatOrder,
  sharding: Sharding,
  onProgress: (share: number) => void,
): Promise<ExportedFile[]> {
  refuseUnfit(data.name, data.columns, order.format);
  const { maxFileBytes } = sharding;
  let rowsPerFile = firstTry(order, sharding);
  try {
    for (let attempt = 1; ; attempt++) {
      const files = await writeShards(
        data,
        staging,
        order,
        sharding,
        shardsOf(data, rowsPerFile, sharding.numbered),
        onProgress,
      );
      const largest = Math.max(...files.map(({ bytes }) => bytes));
      if (maxFileBytes === undefined || largest <= maxFileBytes || rowsPerFile === 1 || attempt === TRIES) return files;
      const most = Math.max(...files.map(({ rows = 0 }) => rows));
      rowsPerFile = Math.max(1, Math.floor((most * maxFileBytes * 0.95) / largest));
      await rm(join(staging, order.folder), { recursive: true });
    }
  } catch (error) {
    await rm(join(staging, order.folder), { recursive: true, force: true });
    throw error;
  }
}

function firstTry(
  { rowBytes }: FormatOrder,
  { rowsPerFile = Number.MAX_SAFE_INTEGER, maxFileBytes }: Sharding,
): number {
  if (maxFileBytes === undefined || rowBytes === undefined) return rowsPerFile;
  return Math.min(rowsPerFile, Math.max(1, Math.floor(maxFileBytes / rowBytes)));
}

async function writeShards(
  data: ReadData,
  staging: string,
  { format, compression, folder }: FormatOrder,
  { rowGroupRows }: Sharding,
  shards: readonly Shard[],
  onProgress: (share: number) => void,
): Promise<ExportedFile[]> {
  const { database, scratch, signal, columns } = data;
  await mkdir(join(staging, folder));
  const whole = new WholeFiles(staging, signal);
  const shares = new Map<string, number>();
  let sum = 0;
  const tell = (path: string, share: number) => {
    sum += share - (shares.get(path) ?? 0);
    shares.set(path, share);
    onProgress(sum / shards.length);
  };
  const files = shards.map((part) => {
    const path = `${folder}/${part.name}.${fileExtension(format, compression)}`;
    const { split, rows } = part;
    const described = { path, kind: 'data' as const, format, ...(split !== undefined && { split }), rows };
    return {
      part,
      path: join(staging, path),
      described,
      onProgress: (share: number) => {
        tell(path, share);
      },
      onWritten: (known?: Parameters<WholeFiles['add']>[1]) => {
        tell(path, 1);
        whole.add(described, known);
      },
    };
  });
  const written: Artifact[] = [];
  for (const some of inBatches(files, FILES_PER_THREAD * database.threads)) {
    const finish = await writeFormat(some, {
      ...{ database, format, compression, scratch, signal, columns: columnsAs(columns, format) },
      ...(rowGroupRows !== undefined && { rowGroupRows }),
    });
    await settled(finish.map((work) => work()));
    written.push(...(await whole.artifacts(some.map(({ described }) => described.path))));
  }
  return written.map(({ path, bytes, sha256, split, rows }) => ({
    ...{ path, bytes, sha256, kind: 'data' as const, format },
    ...(split !== undefined && { split }),
    rows,
  }));
}
