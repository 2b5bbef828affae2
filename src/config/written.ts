/**
 * `.mldata.yaml` as people write it: one zod schema from which come the types, the JSON Schema and the messages.
 * It transforms nothing (`z.toJSONSchema` can't describe transforms); what the shorthands mean is resolved afterwards.
 */
import * as z from 'zod';
import {
  codecs,
  columnRoles,
  columnTypes,
  encodings,
  outputFormats,
  scalarSchema,
  sourceFormats,
  datasetNamePattern,
  textFormats,
} from '../protocol';
import { duration, memorySize } from './shorthands';
import { transforms } from './transforms';
import type { Transform } from './transforms';
import { columnName, oneOrMany, otherName, share, worded } from './words';
import { writtenChecks, writtenGates } from './writtenChecks';
import { writtenDrift } from './writtenDrift';
import { writtenProfile } from './writtenProfile';
import { writtenTracking } from './writtenTracking';

const hexOf = (digits: number): RegExp => new RegExp(`^[0-9a-fA-F]{${digits}}$`);

const text = z.string();
const flag = z.boolean();
const path = worded(z.string().min(1), 'a path', 'path');
const count = worded(z.int().nonnegative(), 'a whole number, 0 or more');
const bound = worded(z.union([z.number(), z.string()]), 'a number, or a date or time as text');
const singleCharacter = worded(z.string().max(1), 'one character, or "" for none');

const columnMap = z.strictObject({
  type: z
    .enum(columnTypes)
    .describe(
      'What the values are. Every cell is cast to it; `image` and `audio` are paths. Left out: inferred from the data.',
    )
    .optional(),
  title: text.describe('A readable name.').optional(),
  description: text.describe('What the column means.').optional(),
  role: z
    .enum(columnRoles)
    .describe(
      'What the column is for in training: `target` is what a model predicts, `ignore` is left out of training.',
    )
    .optional(),
  required: flag.describe('No value may be missing.').optional(),
  unique: flag.describe('No value may occur twice.').optional(),
  enum: worded(z.array(worded(scalarSchema, 'text, a number, true or false')).min(1), 'a list of one or more')
    .describe('The only values allowed.')
    .optional(),
  minimum: bound.describe('The smallest value allowed.').optional(),
  maximum: bound.describe('The largest value allowed.').optional(),
  exclusiveMinimum: bound.describe('Values must be larger than this.').optional(),
  exclusiveMaximum: bound.describe('Values must be smaller than this.').optional(),
  minLength: count.describe('The fewest characters a text may have.').optional(),
  maxLength: count.describe('The most characters a text may have.').optional(),
  pattern: text.describe('A regular expression (RE2 syntax) that the whole text must match.').optional(),
  format: z
    .enum(textFormats)
    .describe('What the texts are: `email`, `uri`, `uuid`, `ipv4`, `ipv6`, or `date` as 2024-12-31.')
    .optional(),
});

const column = worded(z.union([z.enum(columnTypes), columnMap]), 'a type, or a map with `type` and constraints');

const readOptions = z.strictObject({
  delimiter: worded(z.string().min(1).max(4), 'the text between two fields, such as "," or "\\t"')
    .describe('What separates two fields of a text file. Left out: sniffed.')
    .optional(),
  header: flag.describe('Whether the first line names the columns. Left out: sniffed.').optional(),
  quote: singleCharacter.describe('What quotes a field. Left out: sniffed.').optional(),
  escape: singleCharacter
    .describe('What escapes a quote inside a quoted field. Left out: the quote itself.')
    .optional(),
  encoding: z.enum(encodings).describe('How characters are stored. Left out: sniffed.').optional(),
  nullValues: oneOrMany(text, 0)
    .describe('Texts that mean a missing value, besides the empty field: `[NA, "-"]`.')
    .optional(),
  skipLines: count.describe('Lines before the header that are not data.').optional(),
});

const sourceMap = worded(
  z.strictObject({
    path: path
      .describe(
        'A file, a folder or a glob, relative to this config, with forward slashes; or `dataset://` and the name of a dataset.',
      )
      .optional(),
    uri: worded(z.string().min(1), 'an address')
      .describe(
        'The address of a file (`https://…`), of files in a store (`hf://datasets/…`, `s3://…`, `dvc://…`) or a database ' +
          '(`postgres://`, `mysql://`, `sqlite:`, `duckdb:`), in place of `path`. ' +
          'Secrets of a database are written `${env:NAME}` or `${credential:NAME}`, those of a file stand in `headers`.',
      )
      .optional(),
    headers: z
      .record(
        worded(z.string().regex(/^[A-Za-z0-9!#$%&'*+.^_`|~-]+$/), 'the name of a header'),
        worded(z.string().min(1), 'the value of a header'),
      )
      .describe('What is sent along to the host of a file: `authorization: "Bearer ${credential:api}"`.')
      .optional(),
    format: z.enum(sourceFormats).describe('The format of the files. Left out: told by name and content.').optional(),
    options: readOptions.describe('How text files are read; what is left out is sniffed.').optional(),
    sha256: worded(z.string().regex(hexOf(64)), 'a SHA-256 of 64 hexadecimal digits')
      .describe('What the fetched file must hash to.')
      .optional(),
    md5: worded(z.string().regex(hexOf(32)), 'an MD5 of 32 hexadecimal digits')
      .describe('What the fetched file must hash to.')
      .optional(),
    members: oneOrMany(worded(z.string().min(1), 'a glob'), 1)
      .describe('Which files of a fetched archive are read: `"*.csv"`. Left out: every data file in it.')
      .optional(),
    endpoint: worded(z.string().regex(/^https?:\/\//), 'the address of a server')
      .describe('The server of an `s3://` address, where it is not Amazon’s: `https://minio.example.org:9000`.')
      .optional(),
    region: worded(z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/), 'a region such as eu-central-1')
      .describe('The region of an `s3://` bucket. Left out: that of the environment or the profile.')
      .optional(),
    profile: worded(z.string().min(1), 'the name of a profile')
      .describe('The profile of `~/.aws` whose keys open an `s3://` bucket. Left out: the environment, then `default`.')
      .optional(),
    anonymous: flag.describe('Ask an `s3://` bucket without keys, whatever keys there are.').optional(),
    query: worded(z.string().min(1), 'a SELECT')
      .describe('The rows of a database: one statement that reads.')
      .optional(),
    table: worded(z.string().min(1), 'the name of a table')
      .describe('The rows of a database: a table such as `public.users`.')
      .optional(),
    incremental: z
      .strictObject({
        column: otherName.describe('A column of numbers, dates or timestamps that only grows.'),
        since: z
          .enum(['last'])
          .describe('Beyond the largest value of the fetch before; there is nothing else.')
          .optional(),
      })
      .describe('Fetch only rows that came since the fetch before.')
      .optional(),
    timeout: worded(z.string().regex(duration), 'a duration such as 30s, 10m or 1h')
      .describe('After how long the database stops the query. Default: 10m.')
      .optional(),
  }),
  'a map with `path` or `uri`',
);

const source = worded(z.union([path, sourceMap]), 'a path, an address, or a map with `path` or `uri`');

const foreignKey = z.strictObject({
  fields: oneOrMany(columnName, 1).describe('The column, or columns, of this dataset.'),
  reference: z
    .strictObject({
      resource: worded(z.string(), 'the name of a dataset', 'dataset')
        .describe('The dataset that the values stand in. Left out: this one.')
        .optional(),
      fields: oneOrMany(otherName, 1).describe('Its column, or columns, in the same order.'),
    })
    .describe('Where the values have to stand.'),
});

const tableSchema = z.strictObject({
  columns: z
    .record(z.string(), column)
    .describe('The columns: a name and a type (`Age: number`), or a name and a map of type and constraints.')
    .optional(),
  primaryKey: oneOrMany(columnName, 0)
    .describe('The column, or columns, that tell rows apart: never missing, never twice.')
    .optional(),
  foreignKeys: worded(z.array(foreignKey), 'a list of keys')
    .describe(
      'Columns whose values have to stand in columns of another dataset. The check `schema` holds them against it.',
    )
    .optional(),
  extraColumns: z
    .enum(['ignore', 'warn', 'error'])
    .describe(
      'What happens to columns that are not declared: kept (`ignore`, the default), kept with a warning, or an error.',
    )
    .optional(),
  evolution: z
    .enum(['ignore', 'warn', 'error'])
    .describe(
      'What a change of the columns does that breaks what is made for the build before: nothing (`ignore`, the default), ' +
        'a warning, or an error that leaves what was built before in its place.',
    )
    .optional(),
  onError: worded(z.union([z.enum(['fail', 'quarantine', 'null']), z.null()]), '`fail`, `quarantine` or `null`')
    .describe(
      'What a cell that cannot be cast does: stop the build (`fail`, the default), move its row to ' +
        'reports/rejected.parquet (`quarantine`), or become missing (`null`).',
    )
    .optional(),
});

/** Each step is a map of one transform and its parameters. */
const transformStep = worded(
  z.strictObject(
    Object.fromEntries(
      Object.values<Transform>(transforms).map(({ name, parameters, description }) => [
        name,
        parameters.describe(description).optional(),
      ]),
    ),
  ),
  'a map of one transform and its parameters',
);

const split = z.strictObject({
  train: share.describe('Share of the rows to train on: 0.8 or 80%.').optional(),
  validation: share.describe('Share of the rows to tune on: 0.1 or 10%.').optional(),
  test: share.describe('Share of the rows to test on: 0.1 or 10%.').optional(),
  seed: worded(z.int().nonnegative(), 'a whole number from 0 to 9007199254740991')
    .describe('Which of the many possible splits it is. Left out: derived from the name of the dataset.')
    .optional(),
  stratify: columnName.describe('Keep the shares of this column’s classes equal in every split.').optional(),
  group: columnName.describe('Keep rows with the same value of this column in one split.').optional(),
  time: columnName.describe('Split in the order of this column: train is earliest, test is latest.').optional(),
  gap: worded(
    z.union([z.number().nonnegative(), z.string().regex(duration)]),
    'a duration such as 7d, 12h, 30m or 10s, or a number',
  )
    .describe(
      'With `time`: how much is left out between two splits. A number counts seconds, or units of a numeric column.',
    )
    .optional(),
  indices: path.describe('A CSV file of `row,split` to follow instead of shares.').optional(),
  writeIndices: flag.describe('Also write reports/split-indices.csv.').optional(),
});

/** Which codecs exist is told by the schema; which of them a format can do, by `resolveCompression`. */
const compressionPattern = new RegExp(`^(?:${codecs.join('|')})(?::\\d{1,2})?$`);
const compression = worded(
  z.string().regex(compressionPattern),
  `${codecs.slice(0, -1).join(', ')} or ${codecs.at(-1)}, some with a level such as zstd:3`,
);

const output = z.strictObject({
  formats: oneOrMany(z.enum(outputFormats), 1)
    .describe(
      'The formats to write. The first goes to data/, each other one to a folder of its name. Default: parquet.',
    )
    .optional(),
  format: z.enum(outputFormats).describe('The format to write, when it is one.').optional(),
  compression: worded(
    z.union([
      compression,
      z.strictObject({
        parquet: compression.describe('none, snappy, gzip, zstd[:1-22], lz4 or brotli.').optional(),
        csv: compression.describe('none, gzip[:1-9] or zstd.').optional(),
        jsonl: compression.describe('none, gzip[:1-9] or zstd.').optional(),
        arrow: compression.describe('none.').optional(),
      }),
    ]),
    'a codec such as `zstd:3`, or a map of format and codec',
  )
    .describe('A codec with an optional level (`zstd:3`) for every format, or a map of format and codec.')
    .optional(),
  path: path.describe('The folder to write, relative to this config. Default: datasets/ and the name.').optional(),
});

const dataset = z.strictObject({
  title: text.describe('A readable name.').optional(),
  description: text.describe('What the dataset is.').optional(),
  license: text
    .describe('The licence of the data, as an SPDX identifier such as CC0-1.0 where there is one.')
    .optional(),
  homepage: text.describe('Where the data is described.').optional(),
  citation: text.describe('How to cite the data.').optional(),
  keywords: oneOrMany(text, 0).describe('Words to find the dataset by.').optional(),
  contributors: oneOrMany(text, 0).describe('Who made the dataset.').optional(),
  source: worded(oneOrMany(source, 1), 'a path, an address, a map with `path` or `uri`, or a list of these')
    .describe(
      'Where the data is: a path, a glob, a folder, an address (`https://…`), another dataset (`dataset://name`, ' +
        '`dataset://name/train`), a map with `path` or `uri` and `options`, or a list of these.',
    )
    .optional(),
  schema: tableSchema.describe('What the rows look like. It is enforced when the data is read.').optional(),
  transforms: worded(z.array(transformStep), 'a list of steps')
    .describe(
      'What is done to the rows, step by step: before the split, and from the first step that learns on, after it.',
    )
    .optional(),
  split: split.describe('How the rows are divided into train, validation and test.').optional(),
  output: output.describe('What is written, and where.').optional(),
  profile: writtenProfile
    .describe('From when on a profile raises an alert. What is built does not depend on it.')
    .optional(),
  checks: writtenChecks
    .describe(
      'What the data has to be like. A build makes these checks before it publishes, `validate` the usual ones too.',
    )
    .optional(),
  gates: writtenGates
    .describe('What the findings of all checks together must come up to, for `validate` and builds.')
    .optional(),
  drift: writtenDrift
    .describe('What a build is held against once it stands, by which measures, and from when on it is told.')
    .optional(),
  tracking: writtenTracking
    .describe('Which tool keeps the bytes of each build. What is built does not depend on it.')
    .optional(),
});

const datasetName = worded(
  z.string().regex(datasetNamePattern),
  'a name of letters a-z, digits, `_`, `-` and `.`, not starting with a dot',
);

const versions = z.strictObject({
  keep: worded(z.int().min(1), 'a whole number from 1 on')
    .describe(
      'How many versions of a dataset keep their bytes. Those with a tag and the current one always do. Default: 10.',
    )
    .optional(),
  maxBytes: worded(z.string().regex(memorySize), 'an amount such as 500MB or 20GB')
    .describe('How much space the versions of a dataset may take together. Left out: any.')
    .optional(),
});

export const writtenSchema = z.strictObject({
  version: worded(z.literal(1), '1').describe('The version of this file format: 1.'),
  versions: versions.describe('How many earlier builds are kept, so that they can be restored.').optional(),
  defaults: dataset
    .describe('What every dataset has unless it says otherwise; it has the shape of a dataset.')
    .optional(),
  datasets: worded(z.record(datasetName, dataset), 'a map of names and datasets').describe(
    'The datasets, each under its name.',
  ),
});

export type WrittenDataset = z.infer<typeof dataset>;
export type WrittenColumn = z.infer<typeof column>;
export type WrittenSource = z.infer<typeof source>;
export type WrittenSplit = z.infer<typeof split>;
export type WrittenOutput = z.infer<typeof output>;
export type WrittenTransform = z.infer<typeof transformStep>;
export type WrittenVersions = z.infer<typeof versions>;
export type WrittenSchema = z.infer<typeof tableSchema>;

/** The JSON Schema of `.mldata.yaml`, for editors and other tools. */
export function configJsonSchema(): object {
  return {
    title: 'mldata config',
    description: 'Declares the datasets of a workspace: `.mldata.yaml`.',
    ...z.toJSONSchema(writtenSchema, { io: 'input', target: 'draft-7' }),
  };
}
