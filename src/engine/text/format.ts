/** What a file is, by its name and by its first bytes. */
import { codecOfName, formatOfName } from '../../config';
import type { Finding, SourceFormat } from '../../protocol';
import { decodeHead, detectEncoding } from './encoding';

export type Codec = 'none' | 'gzip' | 'zstd';

const formatNames: Readonly<Record<SourceFormat, string>> = {
  csv: 'CSV',
  tsv: 'TSV',
  json: 'a JSON array',
  jsonl: 'JSON lines',
  parquet: 'Parquet',
  arrow: 'Arrow',
};

/** The content decides; a name that says otherwise is a finding. */
export function detectCompression(path: string, head: Buffer): { readonly codec: Codec; readonly finding?: Finding } {
  const named = codecOfName(path) ?? 'none';
  const codec = codecOf(head);
  if (codec === named || head.length === 0) return { codec };
  const message =
    codec === 'none'
      ? `The name says ${named}, but the content is not compressed; it is read as it is.`
      : `The content is ${codec}-compressed, though the name does not say so; it is decompressed.`;
  return { codec, finding: disagreement('compression-mismatch', path, message, 'Rename the file after its content.') };
}

/** `head` is decompressed; a `.gz` or `.zst` in the name is looked through. Where both speak, the content decides. */
export function detectFormat(
  path: string,
  head: Buffer,
): {
  readonly format: SourceFormat | undefined;
  readonly finding?: Finding;
} {
  const byExtension = formatOfName(path);
  const byContent = formatOfContent(head, byExtension);
  if (byExtension === undefined || byContent === undefined || byContent === byExtension) {
    const binary = byExtension === 'parquet' || byExtension === 'arrow';
    if (!binary || byContent !== undefined || head.length === 0) return { format: byExtension ?? byContent };
    const message = `The name says ${formatNames[byExtension]}, but the content is not; it may be cut short or something else.`;
    return { format: byExtension, finding: disagreement('format-mismatch', path, message, 'Write the file again.') };
  }
  const message = `The name says ${formatNames[byExtension]}, but the content is ${formatNames[byContent]}; the content is followed.`;
  const suggestion = `Rename the file, or say \`format: ${byContent}\` in its source.`;
  return { format: byContent, finding: disagreement('format-mismatch', path, message, suggestion) };
}

function codecOf(head: Buffer): Codec {
  if (head[0] === 0x1f && head[1] === 0x8b) return 'gzip';
  if (head.length < 4) return 'none';
  const magic = head.readUInt32LE(0);
  // 0x184d2a5? opens a skippable frame, which parallel writers put first.
  return magic === 0xfd2fb528 || magic >>> 4 === 0x184d2a5 ? 'zstd' : 'none';
}

function formatOfContent(head: Buffer, byExtension: SourceFormat | undefined): SourceFormat | undefined {
  const magic = head.toString('latin1', 0, 6);
  if (magic.startsWith('PAR1') || magic.startsWith('PARE')) return 'parquet';
  if (magic === 'ARROW1' || magic.startsWith('FEA1') || isArrowStream(head)) return 'arrow';
  const start = head.subarray(0, 1 << 16);
  const text = decodeHead(start, detectEncoding(start, start.length === head.length)).trimStart();
  if (text.startsWith('[')) return looksLikeArray(text) ? 'json' : undefined;
  if (!text.startsWith('{')) return undefined;
  // One object may stand on one line or on many; only the former is a line of JSON lines.
  const line = text.slice(0, lineLength(text)).trim();
  if (line.length === text.length && line.length >= 1 << 14) return byExtension === 'json' ? 'json' : 'jsonl';
  if (isObject(line)) return byExtension === 'json' && isObject(text.trim()) ? 'json' : 'jsonl';
  return /^\{\s*"/.test(text) || text.startsWith('{}') ? (byExtension === 'jsonl' ? 'jsonl' : 'json') : undefined;
}

/** A message of an IPC stream: continuation marker, then the length of a schema that stands in the file. */
function isArrowStream(head: Buffer): boolean {
  if (head.length < 16 || head.readUInt32LE(0) !== 0xffffffff) return false;
  const length = head.readInt32LE(4);
  return length > 0 && length % 8 === 0 && length < 1 << 28;
}

/** A CSV may well begin with a bracket; an array of records goes on with an object, or ends. */
function looksLikeArray(text: string): boolean {
  const next = text.slice(1, 1 << 12).trimStart()[0];
  return next === '{' || next === ']' || next === undefined;
}

function lineLength(text: string): number {
  const end = text.indexOf('\n');
  return end === -1 ? text.length : end;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return value !== null && typeof value === 'object' && !Array.isArray(value);
  } catch {
    return false;
  }
}

function disagreement(code: string, path: string, message: string, suggestion: string): Finding {
  return { code, severity: 'warning', message, locations: [{ file: path }], suggestion };
}
