import { Builder, ByteBuffer } from 'flatbuffers';
import type { Offset } from 'flatbuffers';
import { decompress } from './codec';
import * as fb from './flatbuffers';
import { readSchema, writeSchema } from './schema';
import type { ArrowSchema } from './schema';
import { Malformed } from './unreadable';

/** The columns of one record batch, flattened depth first: what Arrow's IPC format calls its body. */
export interface Columns {
  readonly rows: number;
  /** Length and null count of every field. */
  readonly nodes: readonly (readonly [length: bigint, nulls: bigint])[];
  /** Uncompressed; views into the bytes read, so they live as long as those. */
  readonly buffers: readonly Uint8Array[];
  /** How many data buffers each view column has. */
  readonly variadicCounts: readonly bigint[];
}

export type ArrowMessage =
  | { readonly kind: 'schema'; readonly schema: ArrowSchema }
  | { readonly kind: 'dictionary'; readonly id: bigint; readonly delta: boolean; readonly columns: Columns }
  | { readonly kind: 'batch'; readonly columns: Columns };

/** The marker and zero length that end a stream. */
export const END_OF_STREAM = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 0);

const ALIGNMENT = 8;

/** The header of a message; `metadata` is its flatbuffer, without the length before it. */
export function readHeader(metadata: Uint8Array): fb.Message {
  if (metadata.length < 8) throw new Malformed('it is damaged.');
  return fb.Message.getRootAsMessage(new ByteBuffer(metadata));
}

/** Decodes one message and decompresses its buffers; `undefined` for kinds that hold no table data (tensors). */
export function readMessage(header: fb.Message, body: Uint8Array): ArrowMessage | undefined {
  switch (header.headerType()) {
    case fb.MessageHeader.Schema:
      return { kind: 'schema', schema: readSchema(header.header(new fb.Schema()) as fb.Schema) };
    case fb.MessageHeader.RecordBatch:
      return { kind: 'batch', columns: readColumns(header.header(new fb.RecordBatch()) as fb.RecordBatch, body) };
    case fb.MessageHeader.DictionaryBatch: {
      const dictionary = header.header(new fb.DictionaryBatch()) as fb.DictionaryBatch;
      const data = dictionary.data();
      if (!data) throw new Malformed('a dictionary has no values.');
      return { kind: 'dictionary', id: dictionary.id(), delta: dictionary.isDelta(), columns: readColumns(data, body) };
    }
    default:
      return undefined;
  }
}

/** The messages of a whole stream in memory, one that was written by a trusted encoder. */
export function* messagesIn(stream: Uint8Array): Generator<ArrowMessage> {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.byteLength);
  let at = 0;
  while (at + 8 <= stream.length) {
    const body = at + 8 + view.getInt32(at + 4, true);
    if (body === at + 8) return;
    const header = readHeader(stream.subarray(at + 8, body));
    at = body + Number(header.bodyLength());
    const message = readMessage(header, stream.subarray(body, at));
    if (message) yield message;
  }
}

function readColumns(batch: fb.RecordBatch, body: Uint8Array): Columns {
  // Each entry takes at least eight bytes of the message, so a damaged count is refused before anything is allocated.
  const most = (batch.bb?.capacity() ?? 0) / 8;
  const counts = [batch.nodesLength(), batch.buffersLength(), batch.variadicBufferCountsLength()];
  if (counts.some((count) => count > most)) throw new Malformed('a record batch is damaged.');
  const compression = batch.compression();
  const stored = Array.from({ length: batch.buffersLength() }, (_, i) => {
    const range = batch.buffers(i);
    const start = Number(range?.offset() ?? 0n);
    const end = start + Number(range?.length() ?? 0n);
    if (!(start >= 0 && end >= start && end <= body.length)) {
      throw new Malformed('a record batch points outside its own bytes.');
    }
    return body.subarray(start, end);
  });
  const rows = Number(batch.length());
  if (!(rows >= 0 && rows <= 0x7fffffff)) throw new Malformed(`a record batch claims ${rows} rows.`);
  return {
    rows,
    nodes: Array.from({ length: batch.nodesLength() }, (_, i) => {
      const node = batch.nodes(i);
      return [node?.length() ?? 0n, node?.nullCount() ?? 0n] as const;
    }),
    buffers: compression ? decompress(compression.codec(), stored) : stored,
    variadicCounts: Array.from(
      { length: batch.variadicBufferCountsLength() },
      (_, i) => batch.variadicBufferCounts(i) ?? 0n,
    ),
  };
}

/** One message as it stands in a stream, in pieces to be written one after the other. */
export interface EncodedMessage {
  readonly pieces: readonly Uint8Array[];
  /** Length word, header and padding, in bytes. */
  readonly metadataBytes: number;
  readonly bodyBytes: number;
}

/** Encodes a message for a stream or file; the buffers are not copied. */
export function encodeMessage(message: ArrowMessage): EncodedMessage {
  const builder = new Builder(1024);
  const [type, header] = writeHeader(builder, message);
  const body = message.kind === 'schema' ? [] : message.columns.buffers.flatMap(padded);
  const bodyBytes = byteLength(body);
  fb.Message.finishMessageBuffer(
    builder,
    fb.Message.createMessage(builder, fb.MetadataVersion.V5, type, header, BigInt(bodyBytes), 0),
  );
  const metadata = builder.asUint8Array();
  const length = roundUp(metadata.length);
  const prefixed = new Uint8Array(8 + length);
  new DataView(prefixed.buffer).setInt32(0, -1, true);
  new DataView(prefixed.buffer).setInt32(4, length, true);
  prefixed.set(metadata, 8);
  return { pieces: [prefixed, ...body], metadataBytes: prefixed.length, bodyBytes };
}

function writeHeader(builder: Builder, message: ArrowMessage): [fb.MessageHeader, Offset] {
  switch (message.kind) {
    case 'schema':
      return [fb.MessageHeader.Schema, writeSchema(builder, message.schema)];
    case 'batch':
      return [fb.MessageHeader.RecordBatch, writeColumns(builder, message.columns)];
    case 'dictionary': {
      const data = writeColumns(builder, message.columns);
      fb.DictionaryBatch.startDictionaryBatch(builder);
      fb.DictionaryBatch.addId(builder, message.id);
      fb.DictionaryBatch.addData(builder, data);
      fb.DictionaryBatch.addIsDelta(builder, message.delta);
      return [fb.MessageHeader.DictionaryBatch, fb.DictionaryBatch.endDictionaryBatch(builder)];
    }
  }
}

function writeColumns(builder: Builder, columns: Columns): Offset {
  const { nodes, buffers, variadicCounts } = columns;
  // Structs in a flatbuffer vector are written back to front.
  fb.RecordBatch.startNodesVector(builder, nodes.length);
  for (const [length, nulls] of [...nodes].reverse()) fb.FieldNode.createFieldNode(builder, length, nulls);
  const nodesAt = builder.endVector();
  let end = buffers.reduce((sum, buffer) => sum + roundUp(buffer.length), 0);
  fb.RecordBatch.startBuffersVector(builder, buffers.length);
  for (const buffer of [...buffers].reverse()) {
    end -= roundUp(buffer.length);
    fb.BufferRange.createBuffer(builder, BigInt(end), BigInt(buffer.length));
  }
  const buffersAt = builder.endVector();
  const variadicAt =
    variadicCounts.length > 0 ? fb.RecordBatch.createVariadicBufferCountsVector(builder, [...variadicCounts]) : 0;
  fb.RecordBatch.startRecordBatch(builder);
  fb.RecordBatch.addLength(builder, BigInt(columns.rows));
  fb.RecordBatch.addNodes(builder, nodesAt);
  fb.RecordBatch.addBuffers(builder, buffersAt);
  if (variadicAt !== 0) fb.RecordBatch.addVariadicBufferCounts(builder, variadicAt);
  return fb.RecordBatch.endRecordBatch(builder);
}

function padded(buffer: Uint8Array): Uint8Array[] {
  const padding = roundUp(buffer.length) - buffer.length;
  return padding > 0 ? [buffer, new Uint8Array(padding)] : [buffer];
}

function roundUp(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

/** The bytes in all pieces together. */
export function byteLength(pieces: readonly Uint8Array[]): number {
  return pieces.reduce((sum, piece) => sum + piece.length, 0);
}
