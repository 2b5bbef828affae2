/** Where the values of a config come from, and the document that `mldata config` prints. */
import * as z from 'zod';
import { documentFields } from './document';

/** Lowest first; each lies over those before it. */
export const originLayers = ['built-in', 'user', 'workspace', 'defaults', 'dataset', 'environment', 'option'] as const;
export type OriginLayer = (typeof originLayers)[number];

/**
 * Of values that are neither the dataset's own nor built in, by key (`output.formats`): the user's own config, `defaults`
 * of the workspace, or an option of the command. No path: the manifest is shared with other people.
 */
export const originsSchema = z.record(z.string(), z.enum(['user', 'defaults', 'option']));
export type Origins = z.infer<typeof originsSchema>;

export const originSchema = z.strictObject({
  layer: z.enum(originLayers),
  /** Of a value that is written in a file. */
  file: z.string().optional(),
  line: z.int().positive().optional(),
  /** The option or environment variable. */
  name: z.string().optional(),
});
export type Origin = z.infer<typeof originSchema>;

export const configValueSchema = z.strictObject({
  key: z.string(),
  /** In the form in which it can be written; null where there is none. */
  value: z.json(),
  origin: originSchema,
});
export type ConfigValue = z.infer<typeof configValueSchema>;

export const configReportSchema = z.strictObject({
  ...documentFields('mldata/config'),
  /** The workspace's config; null where there is none. */
  config: z.string().nullable(),
  /** Where the user's own config is, or would be. */
  userConfig: z.string(),
  /** What holds for every run. */
  values: z.array(configValueSchema),
  datasets: z.array(z.strictObject({ dataset: z.string(), values: z.array(configValueSchema) })),
});
export type ConfigReport = z.infer<typeof configReportSchema>;

/** What `mldata config get` prints with `--json`. */
export const configValueReportSchema = configValueSchema.extend({
  kind: z.literal('mldata/config-value'),
  version: z.literal(1),
});
export type ConfigValueReport = z.infer<typeof configValueReportSchema>;

/** What `mldata config set` and `unset` print with `--json`. */
export const configEditSchema = z.strictObject({
  kind: z.literal('mldata/config-edit'),
  version: z.literal(1),
  file: z.string(),
  /** In full: `defaults.output.formats`. */
  key: z.string(),
  /** False: it was so already. */
  changed: z.boolean(),
});
export type ConfigEdit = z.infer<typeof configEditSchema>;
