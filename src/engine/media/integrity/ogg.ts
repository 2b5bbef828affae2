/** Ogg: pages with checksums and numbers, of one stream or several; and what the first packet says of it. RFC 3533. */
import { walkingAudio, type Sound, type Stretch } from './audioWalk';
import { oggCrc32 } from './crc';
import type { FileBytes } from './fileBytes';
import { damaged, trailing, truncated, type Found } from './problems';
import type { MediaHeader, MediaProblem } from './verdict';

const HEADER_BYTES = 27;
const FIRST = 2;
const LAST = 4;
/** What a page has where no packet ends in it. */
const NO_POSITION = 2n ** 64n - 1n;
const OPUS_RATE = 48_000;
const VIEW_BYTES = 1 << 16;

interface Page {
  readonly at: number;
  readonly end: number;
  readonly first: boolean;
  readonly last: boolean;
  /** Of what was encoded up to its end, in samples or pictures. */
  readonly position: bigint;
  readonly serial: number;
  readonly number: number;
  readonly content: Stretch;
}

interface Stream {
  readonly codec: Codec | undefined;
  number: number;
  position: bigint;
  ended: boolean;
}

interface Codec {
  readonly name: 'vorbis' | 'opus' | 'flac' | 'speex';
  readonly sampleRate: number;
  readonly channels: number;
  /** Of positions, in Hz. */
  readonly clock: number;
  /** Samples at the beginning that are not heard. */
  readonly skipped: number;
}

export const walkOgg = walkingAudio('the end of its last page', (file, found) => {
  const streams = new Map<number, Stream>();
  const links: Link[] = [];
  const damages: MediaProblem[] = [];
  let at = 0;
  let lost = false;
  while (at < file.length) {
    const page = pageAt(file, at);
    if (page && checksumIsRight(file, page)) {
      if (page.first && [...streams.values()].every(({ ended }) => ended)) {
        streams.clear();
        links.push({ start: at, end: at, streams: [] });
      }
      const problem = take(file, page, streams, links.at(-1), lost);
      if (problem) damages.push(problem);
      lost = false;
      at = page.end;
    } else {
      const next = nextPage(file, at + 1);
      if (next === undefined && !page) break;
      damages.push(page ? damaged(at, 'The checksum is wrong of the page') : damaged(at, 'No page begins'));
      lost = true;
      at = next ?? file.length;
    }
  }
  const [first] = damages;
  if (first) {
    const more = damages.length === 1 ? '' : ` ${damages.length - 1} more places are damaged.`;
    found.problems.push({ ...first, message: `${first.message}${more}` });
  }
  ending(file, at, [...streams.values()], found);
  found.header = headerOf(links);
  return chainOf(links);
});

/** Streams that lie side by side; when they have ended, others may follow. */
interface Link {
  readonly start: number;
  end: number;
  readonly streams: Stream[];
}

/** Undefined where none begins, or not all of one is there. */
function pageAt(file: FileBytes, at: number): Page | undefined {
  const header = file.upTo(at, HEADER_BYTES + 255);
  if (header.length < HEADER_BYTES || header.toString('latin1', 0, 5) !== 'OggS\0') return undefined;
  const segments = header[26] ?? 0;
  const start = at + HEADER_BYTES + segments;
  const sizes = header.subarray(HEADER_BYTES, HEADER_BYTES + segments);
  const end = start + sizes.reduce((sum, size) => sum + size, 0);
  if (end > file.length) return undefined;
  const flags = header[5] ?? 0;
  return {
    at,
    end,
    first: (flags & FIRST) !== 0,
    last: (flags & LAST) !== 0,
    position: header.readBigUInt64LE(6),
    serial: header.readUInt32LE(14),
    number: header.readUInt32LE(18),
    content: { start, end },
  };
}

function checksumIsRight(file: FileBytes, { at, end }: Page): boolean {
  const page = file.view(at, end - at);
  const before = oggCrc32(Buffer.alloc(4), oggCrc32(page.subarray(0, 22)));
  return oggCrc32(page.subarray(26), before) === page.readUInt32LE(22);
}

function nextPage(file: FileBytes, from: number): number | undefined {
  for (let at = from; at < file.length; at += VIEW_BYTES - 3) {
    const index = file.upTo(at, VIEW_BYTES).indexOf('OggS');
    if (index !== -1) return at + index;
  }
  return undefined;
}

/** @param lost whether what stood before it could not be read */
function take(
  file: FileBytes,
  page: Page,
  streams: Map<number, Stream>,
  link: Link | undefined,
  lost: boolean,
): MediaProblem | undefined {
  const { at, end, serial, number } = page;
  const known = streams.get(serial);
  const stream: Stream = known ?? {
    codec: page.first ? codecOf(file, page.content) : undefined,
    number: number - 1,
    position: 0n,
    ended: false,
  };
  const missing = number - stream.number - 1;
  streams.set(serial, stream);
  if (!known) link?.streams.push(stream);
  if (link) link.end = end;
  stream.number = number;
  if (page.position !== NO_POSITION) stream.position = page.position;
  stream.ended = page.last;
  if (lost) return undefined;
  if (!known && !page.first) return damaged(at, 'The beginning is missing of the stream whose page stands');
  return missing === 0 ? undefined : damaged(at, 'Pages are missing before the one');
}

/** What stands at the end, or should. */
function ending(file: FileBytes, at: number, streams: readonly Stream[], found: Found): void {
  const allEnded = streams.length > 0 && streams.every(({ ended }) => ended);
  if (at < file.length) {
    const begun = 'OggS'.startsWith(file.upTo(at, 4).toString('latin1'));
    const rest = file.length - at;
    if (begun) found.problems.push(truncated(file.length, 'the end of its last page'));
    else if (allEnded) found.problems.push(trailing(at, file.length));
    else found.problems.push(damaged(at, `${rest} bytes are no page`));
  } else if (!allEnded && found.problems.length === 0) {
    found.problems.push({
      code: 'file-truncated',
      severity: 'warning',
      message: `No page says that it is the last; the file was cut at byte ${at}, or its writer never finished it.`,
      byte: at,
    });
  }
}

function codecOf(file: FileBytes, { start, end }: Stretch): Codec | undefined {
  const packet = file.little(start, Math.min(end - start, 64));
  const magic = packet.text(0, Math.min(8, packet.length));
  if (magic.startsWith('\x01vorbis')) {
    const rate = packet.u32(12);
    return { name: 'vorbis', sampleRate: rate, channels: packet.u8(11), clock: rate, skipped: 0 };
  }
  if (magic === 'OpusHead') {
    // Whatever it was recorded in, it plays at 48 kHz.
    const recorded = packet.u32(12);
    const sampleRate = recorded === 0 ? OPUS_RATE : recorded;
    return { name: 'opus', sampleRate, channels: packet.u8(9), clock: OPUS_RATE, skipped: packet.u16(10) };
  }
  if (magic.startsWith('\x7fFLAC')) {
    const packed = file.big(start + 27, 4).u32(0);
    const rate = packed >>> 12;
    return { name: 'flac', sampleRate: rate, channels: ((packed >>> 9) & 7) + 1, clock: rate, skipped: 0 };
  }
  if (magic === 'Speex   ') {
    const rate = packet.u32(36);
    return { name: 'speex', sampleRate: rate, channels: packet.u32(48), clock: rate, skipped: 0 };
  }
  return undefined;
}

/** Of the first stream with sound, and of all that follow after it. */
function headerOf(links: readonly Link[]): MediaHeader {
  const sounding = links.flatMap(({ streams }) => streams.find(({ codec }) => codec) ?? []);
  const [first] = sounding;
  if (!first?.codec || first.codec.clock === 0) return {};
  const { sampleRate, channels } = first.codec;
  const seconds = sounding.map(({ codec, position }) =>
    codec ? Math.max(0, Number(position) - codec.skipped) / codec.clock : 0,
  );
  return { sampleRate, channels, seconds: seconds.reduce((sum, part) => sum + part, 0) };
}

/** Undefined where something else lies beside the sound. */
function chainOf(links: readonly Link[]): Sound | undefined {
  const codecs = new Set(links.map(({ streams }) => (streams.length === 1 ? streams[0]?.codec?.name : undefined)));
  const [codec] = codecs;
  if (codecs.size !== 1 || (codec !== 'vorbis' && codec !== 'opus')) return undefined;
  const samples = ({ streams }: Link) =>
    Math.max(0, Number(streams[0]?.position ?? 0) - (streams[0]?.codec?.skipped ?? 0));
  return { codec, chain: links.map((link) => ({ start: link.start, end: link.end, samples: samples(link) })) };
}
