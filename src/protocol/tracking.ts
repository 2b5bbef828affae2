/** Tracking: files of DVC and Git LFS beside the data, and how what they track stands. */
import * as z from 'zod';
import { documentFields } from './document';
import { findingSchema } from './finding';
import type { TargetsRequest } from './lineage';
import type { LfsSpec } from './trackingSpec';

/** `dvc-pipeline`: a stage of `dvc.yaml` instead of a `.dvc` file. */
export const trackingTools = ['dvc', 'dvc-pipeline', 'git-lfs'] as const;
export type TrackingTool = (typeof trackingTools)[number];

/** `cli`: the installed program writes; `native`: mldata does; `auto`: the program where there is one that can. */
export const dvcModes = ['auto', 'native', 'cli'] as const;
export type DvcMode = (typeof dvcModes)[number];

export interface DvcOptions {
  readonly mode: DvcMode;
  /** Command lines to try before `dvc` of the PATH, such as `[['/venv/bin/python', '-m', 'dvc']]`. */
  readonly executables?: readonly (readonly string[])[];
}

export interface TrackRequest extends TargetsRequest {
  /** Absent: what `tracking` of each dataset's config says. */
  readonly tool?: TrackingTool;
  readonly dvc?: DvcOptions;
  /** Over what the config says. */
  readonly lfs?: Partial<LfsSpec>;
  /** Only tells what would be written: `before` and `after` of each file. */
  readonly dryRun?: boolean;
  /** Makes a git or DVC repository where there is none; whoever asks has been asked. */
  readonly init?: boolean;
}

/** A text file that tracking writes: a `.dvc`, `.gitignore`, `.gitattributes` or `dvc.yaml`. */
export const trackedChangeSchema = z.strictObject({
  /** Relative to the git root (without one to the folder that was asked about), with forward slashes. */
  path: z.string(),
  change: z.enum(['created', 'changed', 'removed']),
  /** Of what stands there afterwards; absent where the file is removed. */
  bytes: z.int().nonnegative().optional(),
  sha256: z.string().optional(),
  /** The text on the disk, and after this target and those before it; null: there is no file. Only in a dry run. */
  before: z.string().nullable().optional(),
  after: z.string().nullable().optional(),
});
export type TrackedChange = z.infer<typeof trackedChangeSchema>;

export const trackedTargetSchema = z.strictObject({
  /** As it was asked for: a dataset's name or a path. */
  target: z.string(),
  dataset: z.string().optional(),
  tool: z.enum(trackingTools),
  /** Who wrote: mldata itself, or the installed program. */
  by: z.enum(['mldata', 'dvc']).optional(),
  status: z.enum(['tracked', 'unchanged', 'converted', 'failed']),
  /** What is tracked now: files and folders relative to the git root. */
  paths: z.array(
    z.strictObject({
      path: z.string(),
      bytes: z.int().nonnegative(),
      files: z.int().nonnegative(),
      /** As in the `.dvc`, with `.dir` for a folder; absent for Git LFS and stages. */
      md5: z.string().optional(),
    }),
  ),
  files: z.array(trackedChangeSchema),
  findings: z.array(findingSchema),
  /** Why it failed. */
  error: z.strictObject({ kind: z.string(), code: z.string(), message: z.string() }).optional(),
});
export type TrackedTarget = z.infer<typeof trackedTargetSchema>;

export const trackSchema = z.strictObject({
  ...documentFields('mldata/track'),
  dryRun: z.boolean(),
  targets: z.array(trackedTargetSchema),
});
export type Track = z.infer<typeof trackSchema>;

export const trackSteps = ['look', 'hash', 'cache', 'write'] as const;
export type TrackStep = (typeof trackSteps)[number];

export interface TrackProgress {
  readonly target: string;
  readonly step: TrackStep;
  readonly detail?: string;
  /** Share of all that was asked for, 0–1. */
  readonly fraction: number;
  readonly files?: number;
  readonly bytes?: number;
  readonly bytesPerSecond?: number;
  readonly etaSeconds?: number;
}

export interface TrackingStatusRequest extends TargetsRequest {
  readonly dvc?: DvcOptions;
  /** Asks the remote too, which may be far away. */
  readonly remote?: boolean;
}

/**
 * `not-in-cache`: the workspace file is right, but nothing could push it; `missing`: tracked, and not in the workspace;
 * `missing-remote`: no remote is configured, or it does not have the bytes; `pointer`: Git LFS content that was not fetched;
 * `committed`: a Git LFS pattern covers it, but git keeps the bytes themselves.
 */
export const trackingStates = [
  'untracked',
  'up-to-date',
  'modified',
  'missing',
  'not-in-cache',
  'missing-remote',
  'pointer',
  'committed',
  'broken',
] as const;
export type TrackingState = (typeof trackingStates)[number];

export const trackingPathSchema = z.strictObject({
  /** Relative to the git root, with forward slashes. */
  path: z.string(),
  dataset: z.string().optional(),
  /** Absent: untracked. */
  tool: z.enum(trackingTools).optional(),
  /** The `.dvc`, `dvc.yaml` or `.gitattributes` that says so, relative to the git root. */
  by: z.string().optional(),
  state: z.enum(trackingStates),
  /** Why, and what to do. */
  message: z.string().optional(),
  bytes: z.int().nonnegative().optional(),
  files: z.int().nonnegative().optional(),
});
export type TrackingPath = z.infer<typeof trackingPathSchema>;

export const trackingStatusSchema = z.strictObject({
  ...documentFields('mldata/track-status'),
  /** Absolute; null: there is none. */
  repository: z.strictObject({ git: z.string().nullable(), dvc: z.string().nullable() }),
  /** Versions of the programs; null: not found. */
  tools: z.strictObject({
    git: z.string().nullable(),
    dvc: z.string().nullable(),
    gitLfs: z.string().nullable(),
    /** Whether `git lfs install` was run, so that git calls it. */
    lfsFilters: z.boolean(),
  }),
  /** Of DVC. */
  remotes: z.array(z.strictObject({ name: z.string(), url: z.string(), default: z.boolean() })),
  paths: z.array(trackingPathSchema),
  /** Git LFS: what is stored now, and what each further version of the files adds. */
  lfsStorage: z.strictObject({ bytes: z.int().nonnegative(), perVersion: z.int().nonnegative() }).optional(),
  findings: z.array(findingSchema),
});
export type TrackingStatus = z.infer<typeof trackingStatusSchema>;

export interface RemoteRequest extends Pick<TargetsRequest, 'folder'> {
  readonly name: string;
  /** Local path, or `s3:`, `gs:`, `azure:`, `ssh:`, `http:` or `https:`. */
  readonly url: string;
  readonly default: boolean;
  /** Settings that everybody may see: go into `.dvc/config`, which is in git. */
  readonly options?: Readonly<Record<string, string>>;
  /** Credentials: go into `.dvc/config.local`, which git ignores. */
  readonly secrets?: Readonly<Record<string, string>>;
  /** Replaces a remote of that name. */
  readonly force?: boolean;
}
export const remoteSchema = z.strictObject({
  ...documentFields('mldata/track-remote'),
  name: z.string(),
  url: z.string(),
  default: z.boolean(),
  /** The files that were written, relative to the DVC root. */
  files: z.array(z.string()),
});
export type Remote = z.infer<typeof remoteSchema>;
