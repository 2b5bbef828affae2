/** What is said of an image or audio file: whether it is whole, and where it is not. */

/** As docs/findings.md explains them. */
export type MediaProblemCode =
  /** No bytes at all. */
  | 'file-empty'
  /** Bytes, but each of them zero: a copy or download that never happened. */
  | 'file-all-zeros'
  /** No image or audio file: a web page, an error message, text, or nothing that is known. */
  | 'file-not-media'
  /** What Git LFS leaves in place of a file that was not fetched. */
  | 'file-lfs-pointer'
  /** An image where audio is expected, or the other way around. */
  | 'file-wrong-kind'
  /** Media, but not of the format that the name says. */
  | 'file-wrong-extension'
  /** The file ends before what it holds does. */
  | 'file-truncated'
  /** A checksum that is wrong, a structure that is impossible, or samples that cannot be decoded. */
  | 'file-damaged'
  /** Something follows after the end of what the file holds. */
  | 'file-trailing-bytes'
  /** The header leaves open how much follows, as programs leave it that write into a pipe. */
  | 'file-length-unknown'
  /** A small file that promises more pixels or samples than anybody would decode. */
  | 'file-bomb'
  /** Decoding took longer than it may. */
  | 'file-timeout'
  /** The file cannot be opened or read. */
  | 'file-unreadable'
  /** Media of a format that is not checked. */
  | 'file-unsupported';

export interface MediaProblem {
  readonly code: MediaProblemCode;
  readonly severity: 'error' | 'warning';
  /** A whole sentence that does not name the file. */
  readonly message: string;
  /** Where, counted from 0. */
  readonly byte?: number;
}

/** What a header says; absent where the format has no such thing or the header cannot be read. */
export interface MediaHeader {
  /** In pixels, as they are stored: not turned by EXIF. Of an animation, the canvas. */
  readonly width?: number;
  readonly height?: number;
  /** Of an animation, its pictures; of a TIFF, its pages. */
  readonly pages?: number;
  readonly seconds?: number;
  /** In Hz. */
  readonly sampleRate?: number;
  readonly channels?: number;
}

export interface MediaVerdict extends MediaHeader {
  readonly kind?: 'image' | 'audio';
  /** By content: a name of `formats.ts`. */
  readonly format?: string;
  /** Whether every pixel or sample was decoded. */
  readonly decoded: boolean;
  /** Errors first, else in the order of the file; those without a byte come last. */
  readonly problems: readonly MediaProblem[];
}

export interface WalkResult extends MediaHeader {
  readonly problems: readonly MediaProblem[];
}

/** A structural walk: the whole file's bytes in, problems out; pure, no decoding. Never throws. */
export type Walk = (bytes: Uint8Array) => WalkResult;
