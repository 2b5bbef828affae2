/** Versions: every build of a dataset, what they are called, and what stood in its folder when. */
import * as z from 'zod';
import { documentFields, toolSchema } from './document';
import { driftEntrySchema } from './driftHistory';
import { artifactSchema, inputSchema, splitRecordSchema } from './manifest';

export const VERSIONS_FILE = 'versions.yaml';

/** Told from what a build is made from and what came out, so that the same build has the same id everywhere. */
export const versionIdSchema = z.string().regex(/^[0-9a-f]{16}$/);
export const tagNamePattern = /^[A-Za-z][A-Za-z0-9_.-]*$/;

/** Names that always mean something, and are never given. */
export const versionAliases = ['current', 'previous'] as const;

const entryFields = {
  id: versionIdSchema,
  /** When it was first built. */
  createdAt: z.string(),
  rows: z.int().nonnegative(),
  /** Of its artifacts. */
  bytes: z.int().nonnegative(),
  /** The version that it took the place of. */
  parent: versionIdSchema.optional(),
};
/** People, and newer versions of mldata, may write more into an entry. */
export const versionEntrySchema = z.looseObject(entryFields);
export type VersionEntry = z.infer<typeof versionEntrySchema>;

/** `versions.yaml` beside a manifest. It is in git: lists only ever grow at their end, one line for each entry. */
export const versionsFileSchema = z.looseObject({
  kind: z.literal('mldata/versions'),
  version: z.literal(1),
  dataset: z.string(),
  /** Newest last. */
  versions: z.array(versionEntrySchema),
  /** Which version stood in the folder, from when on; newest last. */
  history: z.array(z.looseObject({ version: versionIdSchema, at: z.string(), by: z.enum(['build', 'restore']) })),
  /** For each tag what it was given to; the latest counts. One that was rolled back means again what it meant before. */
  tags: z.record(
    z.string().regex(tagNamePattern),
    z.array(z.looseObject({ version: versionIdSchema, at: z.string(), rolledBack: z.boolean().optional() })),
  ),
  /** How far each version was from what its config held it against. */
  drift: z.array(driftEntrySchema).optional(),
});
export type VersionsContent = z.infer<typeof versionsFileSchema>;

export const listedVersionSchema = z.strictObject({
  ...entryFields,
  /** Whether it stands in the folder. */
  current: z.boolean(),
  tags: z.array(z.string()),
  /** Whether all its bytes are on this machine. */
  kept: z.boolean(),
});
export type ListedVersion = z.infer<typeof listedVersionSchema>;

export const versionListSchema = z.strictObject({
  ...documentFields('mldata/version-list'),
  datasets: z.array(z.strictObject({ dataset: z.string(), versions: z.array(listedVersionSchema) })),
});
export type VersionList = z.infer<typeof versionListSchema>;

export const versionShownSchema = z.strictObject({
  ...documentFields('mldata/version'),
  dataset: z.string(),
  entry: listedVersionSchema,
  /** What its manifest says; absent where that is not on this machine. */
  build: z
    .strictObject({
      tool: toolSchema,
      engine: z.strictObject({ duckdb: z.string(), node: z.string(), platform: z.string() }),
      inputs: z.array(inputSchema),
      splits: z.array(splitRecordSchema),
      artifacts: z.array(artifactSchema),
    })
    .optional(),
});
export type VersionShown = z.infer<typeof versionShownSchema>;

export const versionRestoreSchema = z.strictObject({
  ...documentFields('mldata/version-restore'),
  dataset: z.string(),
  /** What stands in the folder now, and what stood there before. */
  restored: versionIdSchema,
  replaced: versionIdSchema.optional(),
  /** `unchanged`: it stood there already, whole. */
  status: z.enum(['restored', 'unchanged']),
});
export type VersionRestore = z.infer<typeof versionRestoreSchema>;

export const versionTagSchema = z.strictObject({
  ...documentFields('mldata/version-tag'),
  dataset: z.string(),
  tag: z.string(),
  /** What the tag means now, and meant before; null: nothing. */
  means: versionIdSchema.nullable(),
  meant: versionIdSchema.nullable(),
});
export type VersionTag = z.infer<typeof versionTagSchema>;

export const versionGcSchema = z.strictObject({
  ...documentFields('mldata/version-gc'),
  /** Whether it only says what it would do. */
  dryRun: z.boolean(),
  datasets: z.array(
    z.strictObject({
      dataset: z.string(),
      /** Versions whose bytes stay, and those whose bytes go; newest first. */
      kept: z.array(versionIdSchema),
      removed: z.array(versionIdSchema),
      files: z.int().nonnegative(),
      /** What the disk gets back: files that also stand in the folder of the build give nothing. */
      bytesFreed: z.int().nonnegative(),
    }),
  ),
});
export type VersionGc = z.infer<typeof versionGcSchema>;

/** How many versions keep their bytes. Those that have a tag and the one that stands in the folder always do. */
export interface Retention {
  readonly keep: number;
  /** Of all that are kept together; absent: any. */
  readonly maxBytes?: number;
}

/** A version as people name it. */
export interface VersionRequest {
  /** Absolute path of the config; absent where none was found: then the dataset is a path. */
  readonly configPath?: string;
  /** `NAME@VERSION`: a dataset or the path of a build, and an id (its first digits will do), a tag, `current` or `previous`; without `@`: `current`. */
  readonly reference: string;
  /** What relative paths are relative to, absolute. */
  readonly folder: string;
}

export interface RestoreRequest extends VersionRequest {
  /** Replace files that somebody changed and that cannot be kept. */
  readonly force?: boolean;
  /** Allow an output folder outside the git root (else the config's folder). */
  readonly allowOutsidePaths?: boolean;
}

export interface TagRequest extends VersionRequest {
  readonly tag: string;
  /** `move`: gives the tag to the version; the others are about the tag alone. */
  readonly action: 'move' | 'rollback' | 'delete';
}

export interface GcRequest {
  readonly configPath?: string;
  readonly targets: readonly string[];
  readonly folder: string;
  readonly dryRun: boolean;
  /** In place of what the config says. */
  readonly keep?: number;
  readonly maxBytes?: number;
}
