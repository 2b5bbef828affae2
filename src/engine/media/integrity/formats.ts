/** Every format of image and audio files that is known: how it begins, what it is called, how its files are named. */

import type { Viewable } from './bytes';

export type ImageFormat = 'jpeg' | 'png' | 'gif' | 'webp' | 'tiff' | 'bmp' | 'avif' | 'heic' | 'svg';
export type AudioFormat = 'wav' | 'aiff' | 'flac' | 'mp3' | 'ogg' | 'm4a' | 'aac';

interface Known<Kind extends string, Format extends string> {
  readonly kind: Kind;
  readonly format: Format;
  /** As people call it, after `a` or `an`. */
  readonly title: string;
  /** With their dot, in small letters, the usual one first. */
  readonly extensions: readonly string[];
  /** Of the first bytes, each as one character. */
  readonly begins: RegExp;
}

export type KnownFormat =
  | (Known<'image', ImageFormat> & { readonly checked: true })
  | (Known<'audio', AudioFormat> & { readonly checked: true })
  | (Known<'image' | 'audio', string> & { readonly checked: false });

/** So many bytes tell every format, unless a comment in front of an SVG is longer. */
const HEAD_BYTES = 4096;

const checkedImages: readonly Known<'image', ImageFormat>[] = [
  image('jpeg', 'a JPEG image', ['.jpg', '.jpeg', '.jpe', '.jfif', '.mpo'], /^\xff\xd8\xff/),
  // Whoever copied it as text changed the line ends that follow.
  image('png', 'a PNG image', ['.png', '.apng'], /^\x89PNG/),
  image('gif', 'a GIF image', ['.gif'], /^GIF8[79]a/),
  image('webp', 'a WebP image', ['.webp'], /^RIFF[^]{4}WEBP/),
  image('tiff', 'a TIFF image', ['.tif', '.tiff'], /^(II[*+]\0|MM\0[*+])/),
  image('bmp', 'a BMP image', ['.bmp', '.dib'], /^BM[^]{12}[\x0c\x10\x28\x34\x38\x40\x6c\x7c]\0\0\0/),
  image('avif', 'an AVIF image', ['.avif', '.heif', '.hif'], /^[^]{4}ftyp(avi[fs]|m[is]f1(?:[^]{4}){1,16}?avi[fs])/),
  image('heic', 'a HEIC image', ['.heic', '.heif', '.hif', '.heics'], /^[^]{4}ftyp(hei[cxms]|hev[cx]|m[is]f1|miaf)/),
  image(
    'svg',
    'an SVG image',
    ['.svg'],
    /^(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^]*?-->\s*|<!DOCTYPE\s+svg(?:[^>[]|\[[^\]]*\])*>\s*|<\?[^]*?\?>\s*)*<(?:\w+:)?svg[\s>/]/,
  ),
];

const checkedAudio: readonly Known<'audio', AudioFormat>[] = [
  audio('wav', 'a WAV recording', ['.wav', '.wave', '.bwf', '.rf64'], /^(RIFF|RF64|BW64)[^]{4}WAVE/),
  audio('aiff', 'an AIFF recording', ['.aif', '.aiff', '.aifc'], /^FORM[^]{4}AIF[FC]/),
  audio('flac', 'a FLAC recording', ['.flac'], /^fLaC/),
  audio('ogg', 'an Ogg recording', ['.ogg', '.oga', '.opus', '.spx'], /^OggS/),
  audio('aac', 'an AAC recording', ['.aac', '.adts'], /^\xff[\xf0\xf1\xf8\xf9]/),
  audio('mp3', 'an MP3 recording', ['.mp3', '.mp2', '.mp1', '.mpga'], /^(ID3|\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff])/),
];

/** Told apart from those above, but not looked into. */
const unchecked: readonly Known<'image' | 'audio', string>[] = [
  image('cr3', 'a Canon raw image', ['.cr3'], /^[^]{4}ftypcrx/),
  image('jxl', 'a JPEG XL image', ['.jxl'], /^(\xff\x0a|\0\0\0\x0cJXL )/),
  image('jp2', 'a JPEG 2000 image', ['.jp2', '.j2k', '.jpf', '.jpx'], /^(\0\0\0\x0cjP {2}|\xff\x4f\xff\x51)/),
  image('psd', 'a Photoshop image', ['.psd', '.psb'], /^8BPS/),
  image('ico', 'an icon', ['.ico', '.cur'], /^\0\0[\x01\x02]\0[\x01-\x40]\0/),
  image('exr', 'an OpenEXR image', ['.exr'], /^v\/1\x01/),
  image('hdr', 'a Radiance image', ['.hdr'], /^#\?(RADIANCE|RGBE)/),
  image('dds', 'a DDS image', ['.dds'], /^DDS /),
  image('qoi', 'a QOI image', ['.qoi'], /^qoif/),
  image('xcf', 'a GIMP image', ['.xcf'], /^gimp xcf/),
  image('dicom', 'a DICOM image', ['.dcm'], /^[^]{128}DICM/),
  image('pnm', 'a PNM image', ['.pnm', '.pbm', '.pgm', '.ppm', '.pam'], /^P[1-7]\s+[\d#W]/),
  image('tga', 'a TGA image', ['.tga'], /(?!)/),
  image('svgz', 'a compressed SVG image', ['.svgz'], /(?!)/),
  audio('wma', 'a WMA recording', ['.wma', '.asf'], /^\x30\x26\xb2\x75/),
  audio('matroska', 'a Matroska recording', ['.mka', '.mkv', '.webm', '.weba'], /^\x1a\x45\xdf\xa3/),
  audio('wavpack', 'a WavPack recording', ['.wv'], /^wvpk/),
  audio('ape', "a Monkey's Audio recording", ['.ape'], /^MAC /),
  audio('dsd', 'a DSD recording', ['.dsf', '.dff'], /^(DSD |FRM8)/),
  audio('caf', 'a CAF recording', ['.caf'], /^caff/),
  audio('amr', 'an AMR recording', ['.amr'], /^#!AMR/),
  audio('au', 'an AU recording', ['.au', '.snd'], /^\.snd/),
  audio('rifx', 'a big-endian WAV recording', [], /^RIFX[^]{4}WAVE/),
  audio('midi', 'a MIDI file', ['.mid', '.midi'], /^MThd/),
];

/** What begins as ISO base media does and is none of those above: the brands of audio and video are too many to list. */
const lastResort = audio(
  'm4a',
  'an MP4 recording',
  ['.m4a', '.mp4', '.m4b', '.m4r', '.mov', '.m4v', '.3gp'],
  /^[^]{4}(ftyp|moov|mdat|wide|free|skip|pnot)/,
);

/** In the order in which they are tried. */
export const knownFormats: readonly KnownFormat[] = [
  ...checkedImages.map((known) => ({ ...known, checked: true as const })),
  ...checkedAudio.map((known) => ({ ...known, checked: true as const })),
  ...unchecked.map((known) => ({ ...known, checked: false as const })),
  { ...lastResort, checked: true },
];

/** Undefined where it begins like none. */
export function formatByContent(file: Viewable): KnownFormat | undefined {
  const head = headOf(file, tagBytes(file));
  const found = knownFormats.find(({ begins }) => begins.test(head));
  // Tags stand in front of other formats too; and what only follows after zeros can but be an MP3.
  return found ?? (/^(ID3|\0+\xff[\xe2-\xe7\xf2-\xf7\xfa-\xff])/.test(headOf(file)) ? mp3 : undefined);
}

/** Those that name files so; empty for an extension that is not known. */
export function formatsByName(file: string): readonly KnownFormat[] {
  const extension = /\.[^./\\]+$/.exec(file)?.[0].toLowerCase();
  return extension === undefined ? [] : knownFormats.filter(({ extensions }) => extensions.includes(extension));
}

const mp3 = knownFormats.find(({ format }) => format === 'mp3');

/** Of the ID3v2 tag that a file begins with. */
function tagBytes(file: Viewable): number {
  const [, ...digits] = /^ID3[^]{3}([\0-\x7f])([\0-\x7f])([\0-\x7f])([\0-\x7f])/.exec(headOf(file)) ?? [];
  if (digits.length === 0) return 0;
  const end = 10 + digits.reduce((size, digit) => size * 2 ** 7 + digit.charCodeAt(0), 0);
  return end < file.length ? end : 0;
}

/** The first bytes, each as one character; of text in UTF-16, which begins as some MP3 does, the characters. */
export function headOf(file: Viewable, start = 0): string {
  const head = file.view(start, Math.min(HEAD_BYTES, file.length - start));
  const plain = Buffer.from(head.buffer, head.byteOffset, head.byteLength).toString('latin1');
  if (/^\xff\xfe([^\0]\0){3}/.test(plain)) return new TextDecoder('utf-16le').decode(head);
  if (/^\xfe\xff(\0[^\0]){3}/.test(plain)) return new TextDecoder('utf-16be').decode(head);
  return plain;
}

function image<Format extends string>(
  format: Format,
  title: string,
  extensions: readonly string[],
  begins: RegExp,
): Known<'image', Format> {
  return { kind: 'image', format, title, extensions, begins };
}

function audio<Format extends string>(
  format: Format,
  title: string,
  extensions: readonly string[],
  begins: RegExp,
): Known<'audio', Format> {
  return { kind: 'audio', format, title, extensions, begins };
}
