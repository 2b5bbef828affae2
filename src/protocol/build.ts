/** Building: what is asked, what is told on the way, what comes back. */
import * as z from 'zod';
import { documentFields } from './document';
import { builtDriftSchema } from './builtDrift';
import { findingSchema } from './finding';
import { artifactSchema, digestsSchema, inputSchema, splitRecordSchema } from './manifest';
import type { RunOptions } from './run';
import { trackedTargetSchema, type DvcOptions } from './tracking';

/** The steps of a build in their order. */
export const buildSteps = [
  'fetch',
  'resolve',
  'read',
  'enforce',
  'transform',
  'split',
  'check',
  'fit',
  'write',
  'hash',
  'publish',
  'track',
  'compare',
] as const;
export type BuildStep = (typeof buildSteps)[number];

export interface Progress {
  readonly dataset: string;
  readonly step: BuildStep;
  /** What the step is busy with: a file or split name. */
  readonly detail?: string;
  /** Share of the whole build that is done, 0–1. */
  readonly fraction: number;
  readonly rows?: number;
  readonly bytes?: number;
  /** Seconds left, once there is enough to estimate from. */
  readonly etaSeconds?: number;
  /** Bytes of input read per second in this step. */
  readonly bytesPerSecond?: number;
  /** A line for a log, such as that a download is gone on with; then nothing else is told. */
  readonly said?: string;
  /** The dataset is over, however it ended; it says nothing more. */
  readonly done?: true;
}

export const datasetBuildSchema = z.strictObject({
  dataset: z.string(),
  /** `upToDate`: nothing was done, because it would have come out the same; the rest is of the build that stands. */
  status: z.enum(['built', 'upToDate', 'failed']),
  /** Folder of the build, relative to the config's folder. */
  output: z.string(),
  /** Path of the manifest, relative to the config's folder. */
  manifest: z.string().optional(),
  rows: z.int().nonnegative(),
  rejected: z.int().nonnegative(),
  inputs: z.array(inputSchema),
  /** How many of the inputs were not parsed, because an earlier build had. */
  reused: z.int().nonnegative().optional(),
  splits: z.array(splitRecordSchema),
  /** As in the manifest. */
  digests: digestsSchema.optional(),
  artifacts: z.array(artifactSchema),
  findings: z.array(findingSchema),
  /** Where its config names a baseline, and it could be compared with that. */
  drift: builtDriftSchema.optional(),
  /** Where a tool is to keep its bytes, and could be told of them. */
  tracking: trackedTargetSchema.pick({ tool: true, by: true, status: true, paths: true, files: true }).optional(),
  durationMs: z.number().nonnegative(),
  /** Wall-clock time of each step. */
  steps: z.array(z.strictObject({ step: z.enum(buildSteps), durationMs: z.number().nonnegative() })),
  /** Highest resident memory of the job process. */
  peakMemoryBytes: z.int().nonnegative().optional(),
  error: z.strictObject({ kind: z.string(), code: z.string(), message: z.string() }).optional(),
});
export type DatasetBuild = z.infer<typeof datasetBuildSchema>;

export const buildReportSchema = z.strictObject({
  ...documentFields('mldata/build'),
  config: z.string(),
  datasets: z.array(datasetBuildSchema),
});
export type BuildReport = z.infer<typeof buildReportSchema>;

/** What a build would do, for `--dry-run`: nothing is read but names, sizes and the first bytes. */
export const buildPlanSchema = z.strictObject({
  kind: z.literal('mldata/plan'),
  version: z.literal(1),
  config: z.string(),
  datasets: z.array(
    z.strictObject({
      dataset: z.string(),
      /** A dataset that it is made from is one of them, without a size: it is built first. */
      inputs: z.array(
        z.strictObject({ path: z.string(), bytes: z.int().nonnegative().optional(), format: z.string() }),
      ),
      steps: z.array(z.strictObject({ step: z.enum(buildSteps), description: z.string() })),
      outputs: z.array(z.string()),
    }),
  ),
});
export type BuildPlan = z.infer<typeof buildPlanSchema>;

export interface BuildRequest extends RunOptions {
  /** Absolute path of the config file. */
  readonly configPath: string;
  /** Dataset names, built with what they are made from; all when absent. */
  readonly names?: readonly string[];
  /** Overrides `output.formats` and `output.compression`, in the config's own written form. */
  readonly format?: string;
  readonly compression?: string;
  /** Build also what is up to date; not what those that are named are made from. */
  readonly force?: boolean;
  /** Go on after a failure with what does not need the one that failed. */
  readonly keepGoing?: boolean;
  /** Publish also what does not pass the checks that the config names. */
  readonly publishFailing?: boolean;
  /** False: the cache in `.mldata/cache` is neither read nor written. */
  readonly cache?: boolean;
  /** Fetch nothing, also where something is missing. */
  readonly offline?: boolean;
  /** Ask whether what was fetched before is still what is there. */
  readonly update?: boolean;
  /** Whether a command that the config names for alerts may be run, and sources be fetched: the workspace is trusted. */
  readonly trusted?: boolean;
  /** Over `tracking` of the datasets that are named; false: nothing is tracked, whatever a config says. */
  readonly track?: 'dvc' | false;
  /** How DVC is to write what it tracks. */
  readonly dvc?: DvcOptions;
}

export interface InitRequest extends RunOptions {
  /** Absolute paths of files or globs; one dataset each, unless `datasetsFolder`. */
  readonly files: readonly string[];
  /** Absolute path of a folder in which every data file or sub-folder becomes a dataset. */
  readonly datasetsFolder?: string;
  /** Absolute path of the config file to write. */
  readonly configPath: string;
  readonly force: boolean;
}

export interface InitResult {
  readonly configPath: string;
  readonly text: string;
  readonly datasets: readonly string[];
}
