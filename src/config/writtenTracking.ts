/** `tracking:` as people write it. */
import * as z from 'zod';
import { memorySize } from './shorthands';
import { worded } from './words';

const lfs = z.strictObject({
  threshold: worded(z.string().regex(memorySize), 'a size such as 500KB or 10MB')
    .describe('Files of this size and more are Git LFS files. Default: 10MB.')
    .optional(),
  patterns: worded(z.array(worded(z.string().min(1), 'a pattern of paths')), 'a list of patterns')
    .describe('Files that are, whatever their size; relative to the folder of the build: `[data/*.parquet]`.')
    .optional(),
  attributes: worded(z.string().min(1), 'a path', 'path')
    .describe('The folder whose `.gitattributes` says so. Default: the root of the git repository.')
    .optional(),
});

export const writtenTracking = z.strictObject({
  dvc: z
    .boolean()
    .describe('Each build is tracked with DVC: a `.dvc` file stands beside each folder of data.')
    .optional(),
  gitLfs: worded(z.union([z.boolean(), lfs]), 'true, false, or a map with `threshold`, `patterns` or `attributes`')
    .describe('The large files of each build are tracked with Git LFS: lines of `.gitattributes`.')
    .optional(),
});
export type WrittenTracking = z.infer<typeof writtenTracking>;
