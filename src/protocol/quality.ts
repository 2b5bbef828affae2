/** Whether the data of a dataset is as it should be: the checks that ran, and what they found. */
import * as z from 'zod';
import { checkNameSchema, gateNames, type CheckName } from './checks';
import { documentFields } from './document';
import { findingSchema } from './finding';
import { sampledSchema, type DataRequest } from './profile';

const count = z.int().nonnegative();

export const checkResultSchema = z.strictObject({
  name: checkNameSchema,
  /** `failed`: at least one error. `skipped`: there was nothing for it to look at. `error`: it could not be made. */
  status: z.enum(['passed', 'failed', 'skipped', 'error']),
  /** Findings of it, by severity. */
  errors: count,
  warnings: count,
  /** Why it was skipped or could not be made. */
  reason: z.string().optional(),
  /** From then on the same rows have a warning or an error more, in ISO 8601: what it judges is their age. */
  until: z.string().optional(),
  durationMs: z.number().nonnegative(),
});
export type CheckResult = z.infer<typeof checkResultSchema>;

export const gateResultSchema = z.strictObject({
  name: z.enum(gateNames),
  limit: z.number().nonnegative(),
  /** Findings, or the share (0–1) of the columns that are constrained or described. */
  value: z.number().nonnegative(),
  passed: z.boolean(),
});
export type GateResult = z.infer<typeof gateResultSchema>;

/** A finding, and which check made it. */
export const qualityFindingSchema = findingSchema.extend({ check: checkNameSchema });
export type QualityFinding = z.infer<typeof qualityFindingSchema>;

export const qualitySchema = z.strictObject({
  ...documentFields('mldata/quality'),
  dataset: z.string(),
  /** Absolute path of the config; absent where none was needed. */
  config: z.string().optional(),
  /** Rows of a build, rows as read from the sources of a dataset, or of files. */
  of: z.enum(['build', 'source', 'files']),
  split: z.string().optional(),
  rows: count,
  columns: count,
  sampled: sampledSchema.optional(),
  /** No check failed or went wrong, and every gate is passed. */
  passed: z.boolean(),
  checks: z.array(checkResultSchema),
  gates: z.array(gateResultSchema).optional(),
  /** Worst first. */
  findings: z.array(qualityFindingSchema),
  durationMs: z.number().nonnegative(),
});
export type Quality = z.infer<typeof qualitySchema>;

export interface ValidateRequest extends DataRequest {
  /** Only these; absent: all that have something to look at. */
  readonly checks?: readonly CheckName[];
  /** So many rows, or such a share of them (0–1); absent: all. */
  readonly sample?: { readonly rows: number } | { readonly share: number };
  readonly seed?: number;
  /** Moves files that are not whole to this folder, absolute. */
  readonly quarantine?: string;
}

export interface ValidateProgress {
  /** The check, or what is done before the checks. */
  readonly step: CheckName | 'read';
  /** The file it is busy with. */
  readonly detail?: string;
  /** Share of the whole that is done, 0–1. */
  readonly fraction: number;
  readonly etaSeconds?: number;
}

export interface QualityReportRequest {
  /** At least one, in the order of the report. As `.json`, one is its document, and several are a list of theirs. */
  readonly qualities: readonly Quality[];
  /** Where paths begin in documents that no config stands behind; absolute. */
  readonly folder: string;
  /** `.json`, `.md`, `.html`, `.sarif` or `.junit.xml`, absolute; replaced where it exists. */
  readonly file: string;
}
