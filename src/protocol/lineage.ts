/** Lineage: from which inputs, by which steps, the artifacts of a build came. */
import * as z from 'zod';
import { documentFields } from './document';

const fileSchema = z.strictObject({
  /** Inputs: relative to the config's folder; outputs: to the build's folder. */
  path: z.string(),
  bytes: z.int().nonnegative(),
  sha256: z.string(),
  rows: z.int().nonnegative(),
});

export const datasetLineageSchema = z.strictObject({
  dataset: z.string(),
  /** When it was built. */
  builtAt: z.string(),
  /** The id of the version that the build is, and of the one that it took the place of. */
  version: z.string(),
  parent: z.string().optional(),
  /** `dataset`: the one whose build the file is of. */
  inputs: z.array(fileSchema.extend({ dataset: z.string().optional() })),
  /** Files that steps take in and that the split follows. */
  references: z.array(fileSchema.omit({ rows: true }).extend({ dataset: z.string().optional() })).optional(),
  /** In their order; the first reads the inputs, the last writes the outputs. */
  steps: z.array(
    z.strictObject({
      step: z.string(),
      parameters: z.record(z.string(), z.json()).optional(),
      rowsIn: z.int().nonnegative(),
      rowsOut: z.int().nonnegative(),
    }),
  ),
  outputs: z.array(fileSchema.extend({ split: z.string().optional() })),
});
export type DatasetLineage = z.infer<typeof datasetLineageSchema>;

export const lineageSchema = z.strictObject({
  ...documentFields('mldata/lineage'),
  datasets: z.array(datasetLineageSchema),
});
export type Lineage = z.infer<typeof lineageSchema>;

/** Builds as people name them. */
export interface TargetsRequest {
  /** Absolute path of the config; absent where none was found: then every target is a path. */
  readonly configPath?: string;
  /** Names of datasets, or paths of build folders or manifests; every dataset of the config when there are none. */
  readonly targets: readonly string[];
  /** What relative paths are relative to, absolute. */
  readonly folder: string;
}
