/** The bytes of delimited text and JSON lines, before the SQL engine reads them. */
export { openForReading, readAt } from './chunks';
export { asError, mixedNewlines, mixOfNewlines, nulByte } from './damage';
export { readDecompressed } from './decompress';
export type { Dialect, ScanDialect } from './dialect';
export { detectEncoding } from './encoding';
export { detectCompression, detectFormat } from './format';
export { hashFile, hashIn, sha256Of } from './hash';
export { HashPool } from './hashPool';
export { POINTER_BYTES, readLfsPointer, type LfsPointer } from './lfsPointer';
export { locateRecords } from './locate';
export { normalizeText, type Normalization } from './normalize';
export { scanText, type TextScan } from './scan';
export { sniffDialect } from './sniff';
