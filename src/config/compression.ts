/** Which codec a format is written with. */
import { codecs, outputFormats } from '../protocol';
import type { Compression, ExportFormat, OutputFormat } from '../protocol';

type Codec = Compression['codec'];

/** What each format can do: its codecs, each with the range of its levels or null where it takes none. */
const abilities: Readonly<Record<ExportFormat, Partial<Record<Codec, readonly [number, number] | null>>>> = {
  parquet: { none: null, snappy: null, gzip: null, zstd: [1, 22], lz4: null, brotli: null },
  csv: { none: null, gzip: [1, 9], zstd: null },
  jsonl: { none: null, gzip: [1, 9], zstd: null },
  arrow: { none: null },
  json: { none: null, gzip: [1, 9], zstd: null },
};

/** `zstd:3`, `gzip`, `none`; undefined when it isn't a codec with an optional level. */
export function parseCompression(text: string): Compression | undefined {
  const match = /^([a-z0-9]+)(?::(\d{1,2}))?$/.exec(text);
  const codec = codecs.find((known) => known === match?.[1]);
  if (!codec) return undefined;
  return match?.[2] === undefined ? { codec } : { codec, level: Number(match[2]) };
}

export function compressionText({ codec, level }: Compression): string {
  return level === undefined ? codec : `${codec}:${level}`;
}

/** The compression of a format: the one asked for or the format's default; a message (one sentence) if it can't be done. */
export function resolveCompression(format: ExportFormat, compression: Compression | undefined): Compression | string {
  if (!compression) return { codec: format === 'parquet' ? 'zstd' : 'none' };
  const { codec, level } = compression;
  const levels = abilities[format][codec];
  if (levels === undefined)
    return `The format ${format} cannot be compressed with ${codec}; it takes ${choices(format)}.`;
  if (level === undefined) return compression;
  if (levels === null) return `The codec ${codec} takes no level in ${format}; write \`${codec}\`.`;
  if (level < levels[0] || level > levels[1]) {
    return `The codec ${codec} in ${format} takes a level from ${levels[0]} to ${levels[1]}, not ${level}.`;
  }
  return compression;
}

/** The compression that an export asks for by its text: as `resolveCompression` tells. */
export function resolveExportCompression(format: ExportFormat, text: string | undefined): Compression | string {
  const compression = text === undefined ? undefined : parseCompression(text);
  if (text === undefined || compression) return resolveCompression(format, compression);
  return `\`${text}\` is no codec. The format ${format} takes ${choices(format)}.`;
}

/** `none, gzip[:1-9] or zstd`. */
function choices(format: ExportFormat): string {
  const texts = Object.entries(abilities[format]).map(([codec, levels]) =>
    levels ? `${codec}[:${levels[0]}-${levels[1]}]` : codec,
  );
  return texts.length > 1 ? `${texts.slice(0, -1).join(', ')} or ${texts.at(-1)}` : `only ${texts.join('')}`;
}

export function isOutputFormat(text: string): text is OutputFormat {
  return outputFormats.some((format) => format === text);
}
