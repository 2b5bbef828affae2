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

/** How far an alert came on its way to a webhook. */
export const webhookDeliverySchema = z.strictObject({
  /** As the config writes it; of one that is written out, the host only. */
  webhook: z.string(),
  /** `waiting`: it is sent with the next build. `dropped`: it is not sent any more. */
  state: z.enum(['waiting', 'sent', 'dropped']),
  /** When it was sent, or was last tried; absent: it was not tried yet. */
  at: z.string().optional(),
  /** Why it is still waiting, or will wait no more. */
  message: z.string().optional(),
});
export type WebhookDelivery = z.infer<typeof webhookDeliverySchema>;

export const alertListSchema = z.strictObject({
  ...documentFields('mldata/alerts'),
  alerts: z.array(
    driftAlertSchema.extend({
      acknowledgedAt: z.string().optional(),
      webhooks: z.array(webhookDeliverySchema).optional(),
    }),
  ),
});
export type AlertList = z.infer<typeof alertListSchema>;

/** What is posted to a webhook: all alerts that it has not seen, oldest first. */
export const alertMessageSchema = z.strictObject({
  ...documentFields('mldata/alert-message'),
  alerts: z.array(driftAlertSchema).min(1),
});
export type AlertMessage = z.infer<typeof alertMessageSchema>;

/** What sending an alert came to, by where it went. */
export const alertDeliverySchema = z.strictObject({
  ...documentFields('mldata/alert-delivery'),
  dataset: z.string(),
  deliveries: z.array(
    z.strictObject({
      to: z.enum(['command', 'log', 'webhook']),
      /** Which of the webhooks, from 0. */
      index: z.int().nonnegative().optional(),
      ok: z.boolean(),
      message: z.string(),
    }),
  ),
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
  /** Whether webhooks of this machine and its network may be asked. */
  readonly allowPrivateAddresses?: boolean;
}
