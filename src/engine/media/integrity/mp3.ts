/** MP3: frame after frame, against what the first one counts. */
import { walkingAudio } from './audioWalk';
import { arcCrc16 } from './crc';
import type { FileBytes } from './fileBytes';
import { walkFrames, type Frames } from './frames';
import { mp3Counts, type Mp3Counts } from './mp3Counts';
import { isFreeFormat, MP3_HEADER_BYTES, mp3Header } from './mp3Header';
import { trailing, truncated, type Found } from './problems';
import { endBeforeTags, endOfId3v2 } from './tags';

export const walkMp3 = walkingAudio('the end of its tag', (file, found) => {
  const start = endOfId3v2(file, 0);
  if (isFreeFormat(file.upTo(start, MP3_HEADER_BYTES))) {
    return { codec: 'mp3', stretch: { start, end: endBeforeTags(file, start) } };
  }
  const frames = walkFrames(file, { headerBytes: MP3_HEADER_BYTES, header: mp3Header }, found);
  const header = frames && mp3Header(file.upTo(frames.stretch.start, MP3_HEADER_BYTES));
  if (!frames || !header) return undefined;
  const { stretch, count, samples } = frames;
  const counts = count > 0 ? mp3Counts(file.upTo(stretch.start, header.length), header) : undefined;
  const sounding = samples - (counts ? header.samples : 0) - (counts?.lame?.added ?? 0);
  found.header = {
    seconds: Math.max(0, sounding) / header.sampleRate,
    sampleRate: header.sampleRate,
    channels: header.channels,
  };
  const complete = counts !== undefined && ofCounts(file, frames, counts, found);
  const problem = frames.rest.problem;
  // With all that it counts, what follows is none of the sound, however much it is.
  if (problem) found.problems.push(complete ? trailing(frames.rest.start, frames.rest.end) : problem);
  if (complete) ofChecksum(file, frames, header.length, counts, found);
  return header.layer === 3 ? { codec: 'mp3', stretch } : undefined;
});

/** Whether as many frames are there as the first one says; some encoders count that, too. */
function ofCounts(file: FileBytes, frames: Frames, counts: Mp3Counts, found: Found): boolean {
  const there = frames.count - 1;
  const bytes = frames.stretch.end - frames.stretch.start;
  // Some count the tags of the file, too.
  const missingBytes = counts.bytes === file.length ? 0 : (counts.bytes ?? 0) - bytes;
  const { frames: counted } = counts;
  if (counted === undefined) return false;
  if (counted > there + 1 || (counted === there + 1 && missingBytes > 0)) {
    if (found.problems.length === 0 && !frames.rest.problem) {
      found.problems.push(
        truncated(file.length, `the last ${counted - there} of the ${counted} frames that it counts`),
      );
    }
    return false;
  }
  if (there > counted + 1) {
    found.problems.push({
      code: 'file-damaged',
      severity: 'warning',
      message: `The first frame counts ${counted} more, but ${there} follow; players may stop early.`,
      byte: frames.stretch.start,
    });
  }
  return true;
}

/** LAME sums up what it wrote. Programs that make a recording louder do change it, hence no more than a warning. */
function ofChecksum(file: FileBytes, frames: Frames, infoBytes: number, { lame }: Mp3Counts, found: Found): void {
  const { start, end } = frames.stretch;
  if (!lame || lame.checksum === 0 || lame.bytes !== end - start || found.problems.length > 0) return;
  let checksum = 0;
  for (const block of file.blocks(start + infoBytes, end)) checksum = arcCrc16(block, checksum);
  if (checksum === lame.checksum) return;
  found.problems.push({
    code: 'file-damaged',
    severity: 'warning',
    message:
      'The sound is not as its encoder wrote it: the checksum of all frames is wrong. It was changed, or damaged.',
    byte: start + infoBytes,
  });
}
