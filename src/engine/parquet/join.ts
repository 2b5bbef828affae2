/**
 * Joins Parquet files of one schema into one, row group after row group, without decoding them: the pages are copied as
 * they are, and a footer is written that knows where they stand now. Field numbers are those of
 * https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift.
 */
import { createHash } from 'node:crypto';
import { open, type FileHandle } from 'node:fs/promises';
import { readStruct, writeStruct, type ThriftList, type ThriftStruct } from './thrift';

const MAGIC = Buffer.from('PAR1');
/** Length of the footer, and the magic number again. */
const TAIL_BYTES = 8;
const COPY_BYTES = 1 << 20;

const FILE = { rows: 3, rowGroups: 4 } as const;
const ROW_GROUP = { columns: 1, fileOffset: 5, ordinal: 7 } as const;
const COLUMN = { fileOffset: 2, metadata: 3, offsetIndex: 4, columnIndex: 6 } as const;
const COLUMN_METADATA = { dataPage: 9, indexPage: 10, dictionaryPage: 11, bloomFilter: 14 } as const;

export interface JoinedFile {
  readonly bytes: number;
  readonly sha256: string;
  readonly md5: string;
}

/** One file in the making; hashed as it grows. */
export class ParquetJoin {
  private readonly sha256 = createHash('sha256');
  private readonly md5 = createHash('md5');
  private readonly buffer = Buffer.allocUnsafe(COPY_BYTES);
  private bytes = 0;
  private footer: ThriftStruct | undefined;

  private constructor(private readonly target: FileHandle) {}

  static async create(path: string): Promise<ParquetJoin> {
    const join = new ParquetJoin(await open(path, 'w'));
    await join.write(MAGIC);
    return join;
  }

  /** Appends the row groups of a file. Throws RangeError for one that is not whole. */
  async append(path: string): Promise<void> {
    const source = await open(path, 'r');
    try {
      const { size } = await source.stat();
      const tail = await readExactly(source, size - TAIL_BYTES, TAIL_BYTES);
      const footerBytes = tail.readUInt32LE();
      const end = size - TAIL_BYTES - footerBytes;
      if (!tail.subarray(4).equals(MAGIC) || end < MAGIC.length)
        throw new RangeError(`${path} is no whole Parquet file`);
      const footer = readStruct(await readExactly(source, end, footerBytes));
      const moved = BigInt(this.bytes - MAGIC.length);
      for (let at = MAGIC.length; at < end;) {
        const { bytesRead } = await source.read(this.buffer, 0, Math.min(COPY_BYTES, end - at), at);
        if (bytesRead === 0) throw new RangeError(`${path} ends too early`);
        await this.write(this.buffer.subarray(0, bytesRead));
        at += bytesRead;
      }
      this.merge(footer, moved);
    } finally {
      await source.close();
    }
  }

  /** Writes the footer. Throws RangeError when nothing was appended: a file has a schema. */
  async finish(): Promise<JoinedFile> {
    if (!this.footer) throw new RangeError('No file was appended');
    const footer = writeStruct(this.footer);
    const length = Buffer.alloc(4);
    length.writeUInt32LE(footer.length);
    await this.write(Buffer.concat([footer, length, MAGIC]));
    await this.target.sync();
    return { bytes: this.bytes, sha256: this.sha256.digest('hex'), md5: this.md5.digest('hex') };
  }

  /** However it ended; the file is left as it is. */
  close(): Promise<void> {
    return this.target.close();
  }

  private async write(bytes: Buffer): Promise<void> {
    const written = this.target.appendFile(bytes);
    this.sha256.update(bytes);
    this.md5.update(bytes);
    await written;
    this.bytes += bytes.length;
  }

  private merge(footer: ThriftStruct, moved: bigint): void {
    const groups = listOf(footer, FILE.rowGroups);
    const before = this.footer && listOf(this.footer, FILE.rowGroups);
    for (const [index, item] of groups.items.entries()) {
      const group = item as ThriftStruct;
      move(group, ROW_GROUP.fileOffset, moved);
      const ordinal = group.get(ROW_GROUP.ordinal);
      if (ordinal) ordinal.value = BigInt((before?.items.length ?? 0) + index);
      for (const column of listOf(group, ROW_GROUP.columns).items as ThriftStruct[]) {
        for (const field of [COLUMN.fileOffset, COLUMN.offsetIndex, COLUMN.columnIndex]) move(column, field, moved);
        const metadata = column.get(COLUMN.metadata)?.value as ThriftStruct;
        for (const field of Object.values(COLUMN_METADATA)) move(metadata, field, moved);
      }
    }
    if (!this.footer || !before) {
      this.footer = footer;
      return;
    }
    before.items.push(...groups.items);
    const rows = this.footer.get(FILE.rows);
    if (rows) rows.value = (rows.value as bigint) + (footer.get(FILE.rows)?.value as bigint);
  }
}

function listOf(fields: ThriftStruct, id: number): ThriftList {
  return fields.get(id)?.value as ThriftList;
}

/** An offset of 0 says that there is none. */
function move(fields: ThriftStruct, id: number, by: bigint): void {
  const field = fields.get(id);
  if (typeof field?.value === 'bigint' && field.value > 0n) field.value += by;
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  const { bytesRead } = await file.read(bytes, 0, length, Math.max(0, position));
  if (bytesRead < length) throw new RangeError('The file ends too early');
  return bytes;
}
