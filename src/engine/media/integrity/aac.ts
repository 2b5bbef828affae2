/** AAC as it is streamed, in ADTS frames (ISO/IEC 13818-7). */
import { walkingAudio } from './audioWalk';
import { walkFrames, type FrameHeader } from './frames';

const HEADER_BYTES = 7;
const sampleRates = [96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350];
/** By the configuration; that of 0 stands in the frame. */
const channelsOf = [undefined, 1, 2, 3, 4, 5, 6, 8];

export const walkAac = walkingAudio('the end of its tag', (file, found) => {
  const frames = walkFrames(file, { headerBytes: HEADER_BYTES, header: adtsHeader }, found);
  if (!frames) return undefined;
  const { first, samples, rest } = frames;
  found.header = {
    seconds: samples / first.sampleRate,
    sampleRate: first.sampleRate,
    ...(first.channels > 0 && { channels: first.channels }),
  };
  if (rest.problem) found.problems.push(rest.problem);
  return undefined;
});

function adtsHeader(bytes: Uint8Array): FrameHeader | undefined {
  const [first, second = 0, third = 0, fourth = 0, fifth = 0, sixth = 0, seventh] = bytes;
  if (first !== 0xff || (second & 0xf6) !== 0xf0 || seventh === undefined) return undefined;
  const sampleRate = sampleRates[(third >> 2) & 15];
  const length = ((fourth & 3) << 11) | (fifth << 3) | (sixth >> 5);
  if (sampleRate === undefined || length < HEADER_BYTES) return undefined;
  const configuration = ((third & 1) << 2) | (fourth >> 6);
  return {
    length,
    samples: 1024 * ((seventh & 3) + 1),
    sampleRate,
    channels: channelsOf[configuration] ?? 0,
    kind: ((third >> 2) << 4) | ((second & 8) << 1) | configuration,
  };
}
