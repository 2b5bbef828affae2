/** How far the versions of a dataset were from what they were held against. */
import * as z from 'zod';
import { documentFields } from './document';
import { driftStatuses } from './drift';
import { driftLevels, driftMeasures } from './driftSpec';
import type { TargetsRequest } from './lineage';

const count = z.int().nonnegative();

/** One line of the drift history of a dataset, which stands in `versions.yaml`. */
export const driftEntrySchema = z.looseObject({
  /** The versions that were compared; `baseline` is a path where it was no version. */
  version: z.string(),
  baseline: z.string(),
  at: z.string(),
  drifted: count,
  compared: count,
  share: z.number(),
  severity: z.enum(['none', ...driftLevels]),
  /** Drifted columns only: status, what decided, and its value. */
  columns: z.record(
    z.string(),
    z.looseObject({
      status: z.enum(driftStatuses),
      by: z.enum(driftMeasures).optional(),
      value: z.number().nullable().optional(),
    }),
  ),
});
export type DriftEntry = z.infer<typeof driftEntrySchema>;

export const driftHistorySchema = z.strictObject({
  ...documentFields('mldata/drift-history'),
  datasets: z.array(z.strictObject({ dataset: z.string(), entries: z.array(driftEntrySchema) })),
});
export type DriftHistory = z.infer<typeof driftHistorySchema>;

export interface DriftHistoryRequest extends TargetsRequest {
  /** Forgets all but the last so many entries of each dataset; absent: nothing is changed. */
  readonly keep?: number;
}
