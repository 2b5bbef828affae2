/** The checksums inside audio formats; zlib's is another one. */

/** Of each byte's remainder by a polynomial of at most 32 bits, the highest bit first. */
function remainders(bits: number, polynomial: number): Uint32Array {
  const top = 2 ** (bits - 1);
  const mask = 2 ** bits - 1;
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = (byte << (bits - 8)) >>> 0;
    for (let bit = 0; bit < 8; bit++) value = (value & top) !== 0 ? (value << 1) ^ polynomial : value << 1;
    return (value & mask) >>> 0;
  });
}

const crc8Table = Uint8Array.from(remainders(8, 0x07));
const oggTable = remainders(32, 0x04c11db7);
export const flacCrc16Table = Uint16Array.from(remainders(16, 0x8005));
/** The same polynomial, the lowest bit first. */
const arcTable = Uint16Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) !== 0 ? (value >>> 1) ^ 0xa001 : value >>> 1;
  return value;
});

/** Of the header of a FLAC frame. */
export function crc8(bytes: Uint8Array): number {
  let crc = 0;
  for (let at = 0; at < bytes.length; at++) crc = crc8Table[crc ^ (bytes[at] ?? 0)] ?? 0;
  return crc;
}

/** What LAME writes into the first frame of an MP3. @param before of the bytes before these */
export function arcCrc16(bytes: Uint8Array, before = 0): number {
  let crc = before;
  for (let at = 0; at < bytes.length; at++) crc = (crc >>> 8) ^ (arcTable[(crc ^ (bytes[at] ?? 0)) & 0xff] ?? 0);
  return crc;
}

/** Of an Ogg page. @param before of the bytes before these */
export function oggCrc32(bytes: Uint8Array, before = 0): number {
  let crc = before;
  for (let at = 0; at < bytes.length; at++) crc = (crc << 8) ^ (oggTable[(crc >>> 24) ^ (bytes[at] ?? 0)] ?? 0);
  return crc >>> 0;
}
