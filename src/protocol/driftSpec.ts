/** `drift:` of a dataset with every shorthand resolved: what its rows are held against, how, and from when on it is told. */
import * as z from 'zod';

export const driftMetrics = [
  'psi',
  'kl',
  'klReverse',
  'js',
  'hellinger',
  'tvd',
  'linf',
  'chi2',
  'cramersV',
  'ks',
  'cramerVonMises',
  'wasserstein',
  'wassersteinNormalized',
  'energy',
] as const;
export type DriftMetric = (typeof driftMetrics)[number];

/** Of these the p-value decides; of the others the figure does. */
export const testMetrics = ['ks', 'cramerVonMises', 'chi2'] as const;

/** `missing` is the change of the share of missing values, `meanShift` the cosine distance of the means of embeddings. */
export const driftMeasures = [...driftMetrics, 'missing', 'meanShift'] as const;
export type DriftMeasure = (typeof driftMeasures)[number];

export const driftLevels = ['low', 'medium', 'high'] as const;
export type DriftLevel = (typeof driftLevels)[number];

/** From when on a difference is low, medium and high: at least so much, or of a p-value at most. */
export const levelsSchema = z.tuple([z.number(), z.number(), z.number()]);
export type Levels = z.infer<typeof levelsSchema>;

export const driftPresets = ['evidently', 'nannyml'] as const;
export type DriftPreset = (typeof driftPresets)[number];

export const driftBinsSchema = z.union([
  z.strictObject({ by: z.enum(['quantile', 'width']), count: z.int().min(2) }),
  /** Inner edges, rising; the outer bins are open. */
  z.strictObject({ by: z.literal('edges'), edges: z.array(z.number()).min(1) }),
]);
export type DriftBins = z.infer<typeof driftBinsSchema>;

export const windowUnits = ['day', 'week', 'month', 'quarter', 'year'] as const;

/** What a webhook is sent: a document, or a text that chats show. */
export const webhookFormats = ['json', 'slack'] as const;

export const webhookSpecSchema = z.strictObject({
  /** As it is written, with its references: the address of many a webhook is itself a secret. */
  url: z.string(),
  /** Absent: told by the host. */
  format: z.enum(webhookFormats).optional(),
});
export type WebhookSpec = z.infer<typeof webhookSpecSchema>;

export const driftAlertsSchema = z.strictObject({
  /** The program and its arguments; it gets the alerts as JSON on standard input. Only in trusted workspaces. */
  command: z.array(z.string()).min(1).optional(),
  /** A file of JSON lines that only grows, relative to the config's folder. */
  log: z.string().optional(),
  /** Where messages are posted to. Only in trusted workspaces. */
  webhooks: z.array(webhookSpecSchema).min(1).optional(),
  /** From which level on a drifted column is worth an alert; absent: `medium`. */
  level: z.enum(driftLevels).optional(),
});
export type DriftAlerts = z.infer<typeof driftAlertsSchema>;

const driftColumnSpecSchema = z.strictObject({
  method: z.enum(driftMetrics).optional(),
  thresholds: levelsSchema.optional(),
  bins: driftBinsSchema.optional(),
  /** Its weight in the share of drifted columns; 1 unless said. */
  importance: z.number().nonnegative().optional(),
  /** Compared and shown, but no finding and no alert. */
  muted: z.boolean().optional(),
});
export type DriftColumnSpec = z.infer<typeof driftColumnSpecSchema>;

/** `drift:` of a dataset with every shorthand resolved. What is absent has the default of src/config/driftDefaults.ts. */
export const driftSpecSchema = z.strictObject({
  /** `previous`, a tag, the id of a version, or a path; absent: nothing is compared unless somebody asks. */
  baseline: z.string().optional(),
  preset: z.enum(driftPresets).optional(),
  method: z.union([z.literal('auto'), z.enum(driftMetrics)]).optional(),
  /** By measure. */
  thresholds: z.partialRecord(z.enum(driftMeasures), levelsSchema).optional(),
  bins: driftBinsSchema.optional(),
  /** What takes the place of an empty share in PSI and KL. */
  epsilon: z.number().positive().optional(),
  /** How p-values of many columns are corrected. */
  correction: z.enum(['benjamini-hochberg', 'none']).optional(),
  /** The dataset drifts where at least this share of its columns does, by their importance (0–1). */
  share: z.number().min(0).max(1).optional(),
  columns: z.record(z.string(), driftColumnSpecSchema).optional(),
  /** Rows of one side in windows over a column of times. */
  window: z.strictObject({ column: z.string(), by: z.enum(windowUnits) }).optional(),
  alerts: driftAlertsSchema.optional(),
});
export type DriftSpec = z.infer<typeof driftSpecSchema>;
