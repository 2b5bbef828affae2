/** What the walks of audio files have in common: they read through a window, and say what there is to decode. */
import { BeyondEnd } from './bytes';
import type { FileBytes } from './fileBytes';
import { truncated, type Found } from './problems';
import type { WalkResult } from './verdict';

/** From the byte `start` to before the byte `end`. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
}

export interface PcmSample {
  readonly bytes: number;
  readonly float: boolean;
  /** Of the largest there can be; 1 is full scale. */
  readonly fullScale: number;
  /** One sample's value. */
  readonly read: (bytes: Buffer, offset: number) => number;
}

/** The samples of a file, for whoever decodes them. */
export type Sound =
  | {
      readonly codec: 'pcm';
      readonly stretch: Stretch;
      /** Of one sample of each channel. */
      readonly frameBytes: number;
      /** Absent where they are held in another form than in whole bytes, such as µ-law. */
      readonly sample?: PcmSample;
    }
  | { readonly codec: 'mp3'; readonly stretch: Stretch }
  | {
      readonly codec: 'flac';
      /** The description of the stream. */
      readonly head: Stretch;
      /** Where each frame begins, and where the last one ends. */
      readonly frames: readonly number[];
      readonly bits: number;
      /** Per channel. */
      readonly samples: number;
      /** Of the samples; in hex; absent where the encoder left it out. */
      readonly md5?: string;
    }
  /** Streams one after the other, each with headers of its own. */
  | { readonly codec: 'vorbis' | 'opus'; readonly chain: readonly (Stretch & { readonly samples: number })[] };

export interface AudioWalkResult extends WalkResult {
  /** Absent where nothing here decodes it. */
  readonly sound?: Sound;
}

/** Throws what the file system does. */
export type AudioWalk = (file: FileBytes) => AudioWalkResult;

/**
 * A walk out of a function that reads without minding the end of the file: reading beyond it is what a cut file is.
 * @param missing what a file lacks that ends too early, as in `its header does`
 */
export function walkingAudio(missing: string, read: (file: FileBytes, found: Found) => Sound | undefined): AudioWalk {
  return (file) => {
    const found: Found = { header: {}, problems: [] };
    let sound: Sound | undefined;
    try {
      sound = read(file, found);
    } catch (error) {
      if (!(error instanceof BeyondEnd)) throw error;
      found.problems.push(truncated(error.at, missing));
    }
    return { ...found.header, problems: found.problems, ...(sound && { sound }) };
  };
}
