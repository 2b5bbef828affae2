import { Builder } from 'flatbuffers';
import type { FileHandle } from 'node:fs/promises';
import * as fb from './flatbuffers';
import { encodeMessage, END_OF_STREAM } from './message';
import type { ArrowMessage } from './message';
import { writeSchema } from './schema';
import type { ArrowSchema } from './schema';
import { Malformed, Unsupported } from './unreadable';

/** The file begins with its name padded to eight bytes, and ends with the name alone. */
const OPENING = Buffer.from('ARROW1\0\0', 'latin1');
const CLOSING = Buffer.from('ARROW1', 'latin1');

interface Placed {
  readonly offset: number;
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

/** Writes an Arrow IPC file message by message: a stream with a name in front and a table of contents behind. */
export class ArrowFileWriter {
  private schema: ArrowSchema | undefined;
  private position = 0;
  private readonly dictionaries = new Map<bigint, Placed>();
  private readonly batches: Placed[] = [];

  constructor(private readonly file: FileHandle) {}

  /** Appends a message. A schema after the first is taken for the same one and skipped, as are batches without rows. */
  async add(message: ArrowMessage): Promise<void> {
    switch (message.kind) {
      case 'schema':
        if (this.schema) return;
        this.schema = message.schema;
        await this.write([OPENING]);
        await this.place(message);
        break;
      case 'dictionary':
        // A reader of the file form takes each dictionary's values as fixed.
        if (this.dictionaries.has(message.id)) {
          throw new Unsupported('a column is stored as a dictionary that changes from row group to row group.');
        }
        this.dictionaries.set(message.id, await this.place(message));
        break;
      case 'batch':
        if (message.columns.rows > 0) this.batches.push(await this.place(message));
    }
  }

  /** Ends the file. */
  async finish(): Promise<void> {
    if (!this.schema) throw new Malformed('it holds no schema.');
    const footer = encodeFooter(this.schema, [...this.dictionaries.values()], this.batches);
    const length = Buffer.alloc(4);
    length.writeInt32LE(footer.length);
    await this.write([END_OF_STREAM, footer, length, CLOSING]);
  }

  private async place(message: ArrowMessage): Promise<Placed> {
    const { pieces, metadataBytes, bodyBytes } = encodeMessage(message);
    const offset = this.position;
    await this.write(pieces);
    return { offset, metadataBytes, bodyBytes };
  }

  private async write(pieces: readonly Uint8Array[]): Promise<void> {
    const bytes = Buffer.concat(pieces);
    await this.file.appendFile(bytes);
    this.position += bytes.length;
  }
}

/** A whole file with the columns of a schema and no rows. */
export function encodeSchemaFile(schema: ArrowSchema): Uint8Array {
  const { pieces } = encodeMessage({ kind: 'schema', schema });
  const footer = encodeFooter(schema, [], []);
  const length = Buffer.alloc(4);
  length.writeInt32LE(footer.length);
  return Buffer.concat([OPENING, ...pieces, END_OF_STREAM, footer, length, CLOSING]);
}

function encodeFooter(schema: ArrowSchema, dictionaries: readonly Placed[], batches: readonly Placed[]): Uint8Array {
  const builder = new Builder(1024);
  const schemaAt = writeSchema(builder, schema);
  fb.Footer.startDictionariesVector(builder, dictionaries.length);
  writeBlocks(builder, dictionaries);
  const dictionariesAt = builder.endVector();
  fb.Footer.startRecordBatchesVector(builder, batches.length);
  writeBlocks(builder, batches);
  const batchesAt = builder.endVector();
  fb.Footer.startFooter(builder);
  fb.Footer.addVersion(builder, fb.MetadataVersion.V5);
  fb.Footer.addSchema(builder, schemaAt);
  fb.Footer.addDictionaries(builder, dictionariesAt);
  fb.Footer.addRecordBatches(builder, batchesAt);
  fb.Footer.finishFooterBuffer(builder, fb.Footer.endFooter(builder));
  return builder.asUint8Array();
}

/** Structs in a flatbuffer vector are written back to front. */
function writeBlocks(builder: Builder, blocks: readonly Placed[]): void {
  for (const { offset, metadataBytes, bodyBytes } of [...blocks].reverse()) {
    fb.Block.createBlock(builder, BigInt(offset), metadataBytes, BigInt(bodyBytes));
  }
}
