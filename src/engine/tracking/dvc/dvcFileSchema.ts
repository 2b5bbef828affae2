/** What DVC 3 allows in a `.dvc` file: one key that it does not know makes every command in the repository fail. */
import * as z from 'zod';

/** A number is what an unquoted hash of digits is read as, and DVC fails over it. */
const checksum = z
  .string()
  .refine((text) => text === '' || text.length >= 3, 'it is too short for a hash')
  .nullish();

const content = {
  md5: checksum,
  checksum,
  etag: checksum,
  size: z.int().optional(),
  nfiles: z.int().optional(),
  isexec: z.boolean().optional(),
  version_id: z.string().optional(),
};

const cloud = z
  .record(z.string(), z.strictObject(content))
  .refine((remotes) => Object.keys(remotes).length <= 1, 'it names more than one remote')
  .optional();

const files = z.array(z.strictObject({ ...content, cloud, relpath: z.string() })).optional();

const settings = z.record(z.string(), z.unknown());

const artifact = {
  ...content,
  cloud,
  path: z.string(),
  persist: z.boolean().optional(),
  hash: z.string().optional(),
  files,
  fs_config: settings.optional(),
};

const outSchema = z.strictObject({
  ...artifact,
  desc: z.string().optional(),
  type: z.string().optional(),
  labels: z.array(z.string()).optional(),
  meta: z.unknown().optional(),
  cache: z.boolean().optional(),
  remote: z.string().optional(),
  push: z.boolean().optional(),
});
export type WrittenOut = z.infer<typeof outSchema>;

const repoSchema = z.strictObject({
  url: z.string(),
  rev: z.string().optional(),
  rev_lock: z.string().optional(),
  config: z.union([z.string(), settings]).optional(),
  remote: z.union([z.string(), settings]).optional(),
});

const databaseSchema = z.strictObject({
  connection: z.string().optional(),
  query: z.string().optional(),
  table: z.string().optional(),
  file_format: z.string().optional(),
});

/** A query of a database has no path. */
const depSchema = z.strictObject({
  ...artifact,
  path: z.string().optional(),
  repo: repoSchema.optional(),
  db: databaseSchema.optional(),
  dataset: settings.optional(),
});

export const dvcFileSchema = z.strictObject({
  md5: checksum,
  wdir: z.string().nullish(),
  deps: z.array(depSchema).nullish(),
  outs: z.array(outSchema).nullish(),
  locked: z.boolean().optional(),
  frozen: z.boolean().optional(),
  meta: z.unknown().optional(),
  always_changed: z.boolean().optional(),
  desc: z.string().optional(),
});
