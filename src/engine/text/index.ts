/** The bytes of delimited text and JSON lines, before the SQL engine reads them. */
export { openForReading, readAt } from './chunks';
export type { Dialect, RecordSyntax } from './dialect';
export { detectEncoding, type DetectedEncoding } from './encoding';
export { detectCompression, detectFormat, type Codec } from './format';
export { hashFile, type HashAlgorithm } from './hash';
export { locateRecords, type LocatedRecord } from './locate';
export { normalizeText, type Normalization } from './normalize';
export { readHead } from './decompress';
export { scanText, type Place, type ScanDialect, type TextScan } from './scan';
export { sniffDialect } from './sniff';
