/** Archives as written by hand. */
import { crc32 } from 'node:zlib';
import { Header, type types } from 'tar';

export interface Entry {
  readonly name: string;
  readonly content?: Buffer | string;
  readonly link?: string;
  /** Of a tar file: what it is, where it is neither a file nor a folder nor a symbolic link. */
  readonly type?: types.EntryTypeName;
  /** Of a zip file. */
  readonly encrypted?: boolean;
}

/** As written by hand: no tool would write most of these. */
export function zip(entries: readonly Entry[], damage = 0): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, content = '', link, encrypted } of entries) {
    // What is encrypted begins with twelve bytes of its own.
    const plain = Buffer.from(link ?? content);
    const bytes = Buffer.concat([Buffer.alloc(encrypted ? 12 : 0), plain]);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(encrypted ? 0x801 : 0x800, 2);
    fields.writeUInt32LE((crc32(plain) + damage) >>> 0, 10);
    fields.writeUInt32LE(bytes.length, 14);
    fields.writeUInt32LE(plain.length, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(((link === undefined ? 0o100644 : 0o120777) << 16) >>> 0, 6);
    rest.writeUInt32LE(at, 10);
    parts.push(Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), bytes);
    directory.push(Buffer.from('PK\x01\x02\x14\x03', 'latin1'), fields, rest, Buffer.from(name));
    at += 30 + Buffer.byteLength(name) + bytes.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

export function tar(entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = '', link, type: given }) => {
    const bytes = Buffer.from(content);
    const type = given ?? (link !== undefined ? 'SymbolicLink' : name.endsWith('/') ? 'Directory' : 'File');
    const header = new Header({
      path: name,
      size: bytes.length,
      type,
      mode: 0o644,
      ...(link !== undefined && { linkpath: link }),
    });
    header.encode();
    return [header.block ?? Buffer.alloc(0), bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

/** One frame of one raw block, which the format allows for up to 128 KB. */
export function zstd(bytes: Buffer): Buffer {
  const frame = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0xa0, 0, 0, 0, 0, 0, 0, 0]);
  frame.writeUInt32LE(bytes.length, 5);
  frame.writeUIntLE((bytes.length << 3) | 1, 9, 3);
  return Buffer.concat([frame, bytes]);
}
