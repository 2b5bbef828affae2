/** What is told of a dataset that drifted, to whom, and what was told before. */
import * as z from 'zod';
import { documentFields } from './document';
import { driftStatuses } from './drift';
import { driftLevels, driftMeasures } from './driftSpec';

/** One alert: columns of a dataset that drifted, worsened, or were not acknowledged yet. */
export const driftAlertSchema = z.strictObject({
  kind: z.literal('mldata/alert'),
  version: z.literal(1),
  at: z.string(),
  dataset: z.string(),
  /** The versions that were compared. */
  build: z.string(),
  baseline: z.string(),
  severity: z.enum(driftLevels),
  message: z.string(),
  columns: z.array(
    z.strictObject({
      name: z.string(),
      status: z.enum(driftStatuses),
      by: z.enum(driftMeasures).optional(),
      value: z.number().nullable().optional(),
      threshold: z.number().optional(),
      why: z.enum(['new', 'worse']),
    }),
  ),
  /** A trial: nothing drifted. */
  test: z.literal(true).optional(),
});
export type DriftAlert = z.infer<typeof driftAlertSchema>;

export const alertListSchema = z.strictObject({
  ...documentFields('mldata/alerts'),
  alerts: z.array(driftAlertSchema.extend({ acknowledgedAt: z.string().optional() })),
});
export type AlertList = z.infer<typeof alertListSchema>;

/** What sending an alert came to, by where it went. */
export const alertDeliverySchema = z.strictObject({
  ...documentFields('mldata/alert-delivery'),
  dataset: z.string(),
  deliveries: z.array(z.strictObject({ to: z.enum(['command', 'log']), ok: z.boolean(), message: z.string() })),
});
export type AlertDelivery = z.infer<typeof alertDeliverySchema>;

export interface AlertsRequest {
  readonly configPath: string;
  /** Absent: all datasets of the config. */
  readonly dataset?: string;
}

/** Sends a trial through everything that a config names. */
export interface AlertTestRequest extends AlertsRequest {
  /** Whether the command of the config may be run: the workspace is trusted. */
  readonly trusted?: boolean;
  readonly allowOutsidePaths?: boolean;
}
