import { ByteBuffer } from 'flatbuffers';
import { Message, MessageHeader, MetadataVersion } from './flatbuffers';

/** The containers that hold Arrow data: `file` is the IPC file, which is also Feather v2. */
export type ArrowForm = 'file' | 'stream' | 'feather-v1';

const MAX_SCHEMA_BYTES = 64 * 1024 * 1024;

/**
 * Which Arrow container begins with `head`: a few KB from the start of a file are enough, 64 bytes suffice for most.
 * `undefined` when it is none of them. Says nothing about whether the rest of the file is whole.
 */
export function detectArrow(head: Uint8Array): ArrowForm | undefined {
  const magic = Buffer.from(head.buffer, head.byteOffset, head.byteLength);
  if (magic.toString('latin1', 0, 6) === 'ARROW1') return 'file';
  if (magic.toString('latin1', 0, 4) === 'FEA1') return 'feather-v1';
  if (magic.length < 32) return undefined;
  // Streams open with a continuation marker and the schema's length; Arrow before 0.15 wrote no marker.
  const start = magic.readInt32LE(0) === -1 ? 8 : 4;
  const length = magic.readInt32LE(start - 4);
  if (length < 16 || length > MAX_SCHEMA_BYTES) return undefined;
  const message = Message.getRootAsMessage(new ByteBuffer(magic.subarray(start)));
  const isSchema = message.bb_pos < magic.length && message.headerType() === MessageHeader.Schema;
  return isSchema && message.version() <= MetadataVersion.V5 ? 'stream' : undefined;
}
