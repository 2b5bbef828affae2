/** The checks that can be made of the data of a dataset, and when what they find stops something. */
import * as z from 'zod';

export const checkNames = [
  'schema',
  'missing',
  'duplicates',
  'labels',
  'leakage',
  'outliers',
  'consistency',
  'freshness',
  'row_count',
  'distribution',
  'mixed_types',
  'files',
  'custom',
] as const;
export const checkNameSchema = z.enum(checkNames);
export type CheckName = z.infer<typeof checkNameSchema>;

/** The checks that the config names, each with its parameters in full; `false`: it is never made. */
export const checksSpecSchema = z.partialRecord(
  checkNameSchema,
  z.union([z.literal(false), z.record(z.string(), z.json())]),
);
export type ChecksSpec = z.infer<typeof checksSpecSchema>;

export const gateNames = ['maxErrors', 'maxWarnings', 'coverage'] as const;
export type GateName = (typeof gateNames)[number];

/** What a validation must come up to: so many findings at most, and at least such a share (0–1) of the columns constrained or described. */
export const gatesSpecSchema = z.strictObject({
  maxErrors: z.int().nonnegative().optional(),
  maxWarnings: z.int().nonnegative().optional(),
  coverage: z.number().min(0).max(1).optional(),
});
export type GatesSpec = z.infer<typeof gatesSpecSchema>;
