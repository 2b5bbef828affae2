/**
 * Thrift's compact protocol, in which Parquet writes its footers, as a tree that is written back as it was read: field by
 * field, whatever the fields mean. After https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md.
 */

/** Types of fields and elements that Parquet uses. */
const TRUE = 1;
const FALSE = 2;
const BYTE = 3;
const I16 = 4;
const I32 = 5;
const I64 = 6;
const DOUBLE = 7;
const BINARY = 8;
const LIST = 9;
const STRUCT = 12;

export interface ThriftField {
  readonly type: number;
  value: ThriftValue;
}

/** Fields by their number, in the order as read. */
export type ThriftStruct = Map<number, ThriftField>;

export interface ThriftList {
  readonly elementType: number;
  readonly items: ThriftValue[];
}

/** Whole numbers are bigints; doubles and bytes stay bytes. */
export type ThriftValue = bigint | boolean | Buffer | ThriftList | ThriftStruct;

/** Throws RangeError for bytes that are cut off or hold other types. */
export function readStruct(bytes: Buffer): ThriftStruct {
  let at = 0;
  const byte = () => bytes.readUInt8(at++);
  const take = (length: number) => {
    if (at + length > bytes.length) throw new RangeError('The bytes end within a value');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const varint = () => {
    let result = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const next = byte();
      result |= BigInt(next & 0x7f) << shift;
      if (next < 0x80) return result;
    }
  };
  const zigzag = () => {
    const raw = varint();
    return (raw >> 1n) ^ -(raw & 1n);
  };
  const value = (type: number): ThriftValue => {
    switch (type) {
      case TRUE:
      case FALSE:
        return type === TRUE;
      case BYTE:
        return take(1);
      case I16:
      case I32:
      case I64:
        return zigzag();
      case DOUBLE:
        return take(8);
      case BINARY:
        return take(Number(varint()));
      case LIST:
        return list();
      case STRUCT:
        return struct();
      default:
        throw new RangeError(`No value of type ${type} is known`);
    }
  };
  const list = (): ThriftList => {
    const header = byte();
    const elementType = header & 0xf;
    const size = header >> 4 === 0xf ? Number(varint()) : header >> 4;
    // In a list each boolean is a byte of its own.
    const element = elementType === TRUE || elementType === FALSE ? () => byte() === TRUE : () => value(elementType);
    return { elementType, items: Array.from({ length: size }, element) };
  };
  const struct = (): ThriftStruct => {
    const fields: ThriftStruct = new Map();
    let id = 0;
    for (let header = byte(); header !== 0; header = byte()) {
      id = header >> 4 === 0 ? Number(zigzag()) : id + (header >> 4);
      const type = header & 0xf;
      fields.set(id, { type, value: value(type) });
    }
    return fields;
  };
  return struct();
}

export function writeStruct(fields: ThriftStruct): Buffer {
  const pieces: Buffer[] = [];
  const byte = (value: number) => pieces.push(Buffer.of(value));
  const varint = (value: bigint) => {
    const bytes: number[] = [];
    for (let rest = value; ; rest >>= 7n) {
      if (rest < 0x80n) return pieces.push(Buffer.from([...bytes, Number(rest)]));
      bytes.push(Number(rest & 0x7fn) | 0x80);
    }
  };
  const zigzag = (value: bigint) => varint(value < 0n ? -value * 2n - 1n : value * 2n);
  const write = (type: number, value: ThriftValue) => {
    if (typeof value === 'boolean') return; // the type has said it
    if (typeof value === 'bigint') zigzag(value);
    else if (value instanceof Map) struct(value);
    else if (Buffer.isBuffer(value)) {
      if (type === BINARY) varint(BigInt(value.length));
      pieces.push(value);
    } else list(value);
  };
  const list = ({ elementType, items }: ThriftList) => {
    byte((Math.min(items.length, 0xf) << 4) | elementType);
    if (items.length >= 0xf) varint(BigInt(items.length));
    for (const item of items) {
      if (typeof item === 'boolean') byte(item ? TRUE : FALSE);
      else write(elementType, item);
    }
  };
  const struct = (written: ThriftStruct) => {
    let before = 0;
    for (const [id, { type, value }] of written) {
      const step = id - before;
      if (step > 0 && step < 0x10) byte((step << 4) | type);
      else {
        byte(type);
        zigzag(BigInt(id));
      }
      before = id;
      write(type, value);
    }
    byte(0);
  };
  struct(fields);
  return Buffer.concat(pieces);
}
