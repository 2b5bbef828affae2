/** The walk of each format of audio, and after it the decoder, where there is one. */
import { walkAac } from './aac';
import { walkAiff } from './aiff';
import type { AudioWalk } from './audioWalk';
import type { FileBytes } from './fileBytes';
import { walkFlac } from './flac';
import type { AudioFormat } from './formats';
import { walkM4a } from './m4a';
import { walkMp3 } from './mp3';
import { walkOgg } from './ogg';
import type { MediaVerdict } from './verdict';
import { walkWav } from './wav';

const audioWalks: Readonly<Record<AudioFormat, AudioWalk>> = {
  wav: walkWav,
  aiff: walkAiff,
  flac: walkFlac,
  mp3: walkMp3,
  ogg: walkOgg,
  m4a: walkM4a,
  aac: walkAac,
};

/** Throws what the file system does, and once the signal is aborted. */
export async function checkAudio(
  file: FileBytes,
  format: AudioFormat,
  signal: AbortSignal,
): Promise<Omit<MediaVerdict, 'kind' | 'format'>> {
  const { sound, ...walked } = audioWalks[format](file);
  // Where the structure is broken, a decoder would but guess.
  if (!sound || walked.problems.some(({ severity }) => severity === 'error')) return { ...walked, decoded: false };
  const { decodeAudio } = await import('./decodeAudio');
  const { seconds = Infinity, problems } = await decodeAudio(file, sound, signal);
  return {
    ...walked,
    // A stream that was recorded from its middle on counts what went before; a decoder, what is cut off at the end.
    ...(walked.seconds !== undefined && { seconds: Math.min(walked.seconds, seconds) }),
    problems: [...walked.problems, ...problems],
    decoded: !problems.some(({ severity }) => severity === 'error'),
  };
}
