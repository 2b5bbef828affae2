import * as z from 'zod';
import { asList, duration, parseDuration, parseShare } from '../shorthands';
import { columnName, oneOrMany, share, worded } from '../words';
import { check } from './check';
import { refuseColumns } from './columns';
import { refuseThreshold, shareThreshold, shareThresholds, threshold, where, type Threshold } from './thresholds';

/** Those that are looked into. */
const formats = [
  ...(['jpeg', 'png', 'gif', 'webp', 'tiff', 'bmp', 'avif', 'heic', 'svg'] as const),
  ...(['wav', 'aiff', 'flac', 'mp3', 'ogg', 'm4a', 'aac'] as const),
];
const otherNames = { jpg: 'jpeg', tif: 'tiff', aif: 'aiff', opus: 'ogg', oga: 'ogg' } as const;

/** The least and the most of something; what is absent is not bounded. */
export interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface FilesParameters {
  /** Share of the files that are missing, damaged or against the rules. */
  readonly threshold: Threshold;
  /** Share of the files that hold the same as another. */
  readonly duplicates: Threshold;
  /** None: those of type image or audio. */
  readonly columns: readonly string[];
  /** Seconds that a file may take without getting on. */
  readonly timeout: number;
  /** Share of the files that are looked at, drawn by the seed. */
  readonly sample?: number;
  readonly seed: number;
  /** None: any. */
  readonly formats: readonly string[];
  /** In pixels. */
  readonly width: Bounds;
  readonly height: Bounds;
  readonly seconds: Bounds;
  /** In Hz; none: any. */
  readonly sampleRates: readonly number[];
  /** None: any. */
  readonly channels: readonly number[];
  readonly where?: string;
}

const { warn, error } = shareThresholds;
const amount = worded(z.number().nonnegative(), 'a number, 0 or more');
const whole = worded(z.int().positive(), 'a whole number, 1 or more');
const time = worded(z.union([z.number().positive(), z.string().regex(duration)]), 'a duration such as 5s, or seconds');

export const files = check({
  name: 'files',
  description: 'Whether the image and audio files that values name are there, whole, and as the rules say.',
  parameters: worded(
    z.strictObject({
      warn,
      error,
      columns: oneOrMany(columnName, 1)
        .describe('The columns that name files. Left out: those of type `image` or `audio`.')
        .optional(),
      timeout: time.describe('How long a file may take without getting on. Default: 5s.').optional(),
      sample: share.describe('Look at this share of the files only, drawn by `seed`.').optional(),
      seed: worded(z.int().nonnegative(), 'a whole number, 0 or more')
        .describe('Which files a sample holds. Default: 42.')
        .optional(),
      formats: oneOrMany(z.enum([...formats, ...(Object.keys(otherNames) as (keyof typeof otherNames)[])]), 1)
        .describe('The formats allowed, by content: `[jpeg, png]`, `[wav, flac]`.')
        .optional(),
      minWidth: whole.describe('The least width of an image, in pixels.').optional(),
      maxWidth: whole.describe('The greatest width of an image, in pixels.').optional(),
      minHeight: whole.describe('The least height of an image, in pixels.').optional(),
      maxHeight: whole.describe('The greatest height of an image, in pixels.').optional(),
      minSeconds: amount.describe('The least length of a recording, in seconds.').optional(),
      maxSeconds: amount.describe('The greatest length of a recording, in seconds.').optional(),
      sampleRates: oneOrMany(whole, 1).describe('The sample rates allowed, in Hz.').optional(),
      channels: oneOrMany(whole, 1).describe('The numbers of channels allowed.').optional(),
      duplicates: shareThreshold
        .describe('Share of the files that hold the same as another, under another name. Default: a warning above 0.')
        .optional(),
      where,
    }),
    'a map of rules for files',
  ),
  byDefault: true,
  resolve: (written): FilesParameters => ({
    threshold: threshold(written, { error: 0 }),
    duplicates: threshold(written.duplicates, { warn: 0 }),
    columns: asList(written.columns),
    timeout: parseDuration(written.timeout ?? 5) ?? 5,
    ...(written.sample !== undefined && { sample: parseShare(written.sample) }),
    seed: written.seed ?? 42,
    formats: asList(written.formats).map((name) =>
      name in otherNames ? otherNames[name as keyof typeof otherNames] : name,
    ),
    width: bounds(written.minWidth, written.maxWidth),
    height: bounds(written.minHeight, written.maxHeight),
    seconds: bounds(written.minSeconds, written.maxSeconds),
    sampleRates: asList(written.sampleRates),
    channels: asList(written.channels),
    ...(written.where !== undefined && { where: written.where }),
  }),
  refuse: (parameters, schema, fault) => {
    refuseThreshold(parameters.threshold, fault);
    refuseThreshold(parameters.duplicates, fault, ['duplicates']);
    refuseColumns(parameters.columns, 'columns', schema, fault);
    for (const [{ minimum, maximum }, low, high] of [
      [parameters.width, 'minWidth', 'maxWidth'],
      [parameters.height, 'minHeight', 'maxHeight'],
      [parameters.seconds, 'minSeconds', 'maxSeconds'],
    ] as const) {
      if (minimum === undefined || maximum === undefined || minimum <= maximum) continue;
      fault({
        code: 'check-parameter',
        at: [high],
        message: `\`${high}\` ${maximum} is less than \`${low}\` ${minimum}.`,
        suggestion: 'Exchange them.',
      });
    }
  },
});

function bounds(minimum: number | undefined, maximum: number | undefined): Bounds {
  return { ...(minimum !== undefined && { minimum }), ...(maximum !== undefined && { maximum }) };
}
