/** What a build says of its comparison with the baseline of its config. */
import * as z from 'zod';
import { driftStatuses, driftSummarySchema } from './drift';
import { driftAlertSchema } from './driftAlert';
import { driftMeasures } from './driftSpec';

/** Beside the build that was compared; no artifact, and gone with the next build. */
export const DRIFT_FILE = 'reports/drift.json';

/** What a build says of its comparison with the baseline of its config; `DRIFT_FILE` has all of it. */
export const builtDriftSchema = z.strictObject({
  /** The version, or the path of what was no version. */
  baseline: z.string(),
  summary: driftSummarySchema,
  /** Those that drifted, worst first. */
  columns: z.array(
    z.strictObject({
      name: z.string(),
      status: z.enum(driftStatuses),
      by: z.enum(driftMeasures).optional(),
      value: z.number().nullable().optional(),
    }),
  ),
  /** What is new or worse than at the alerts before; absent: nothing is. */
  alert: driftAlertSchema.optional(),
});
export type BuiltDrift = z.infer<typeof builtDriftSchema>;
