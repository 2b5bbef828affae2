/**
 * A finding: one located problem, whoever found it (config, build, check, profile) and whoever shows it
 * (Problems panel, Testing view, terminal, JSON, exit code).
 */
import * as z from 'zod';

export const severitySchema = z.enum(['error', 'warning', 'info']);
export type Severity = z.infer<typeof severitySchema>;

/** Where in a file. Lines, columns and rows count from 1; `endColumn` is exclusive. Columns count UTF-16 units. */
export const locationSchema = z.strictObject({
  file: z.string(),
  /** Data row (the header is not a row). */
  row: z.int().positive().optional(),
  line: z.int().positive().optional(),
  column: z.int().positive().optional(),
  endLine: z.int().positive().optional(),
  endColumn: z.int().positive().optional(),
  /** The offending text, shortened for a screen. */
  text: z.string().optional(),
});
export type Location = z.infer<typeof locationSchema>;

/** A path into `.mldata.yaml`: `['datasets', 'passengers', 'schema', 'columns', 'Age']`. */
export const configPathSchema = z.array(z.union([z.string(), z.int()]));
export type ConfigPath = z.infer<typeof configPathSchema>;

export const findingSchema = z.strictObject({
  /** Stable, kebab-case, documented in docs/findings.md. */
  code: z.string(),
  severity: severitySchema,
  /** What happened, one sentence, without the location. */
  message: z.string(),
  dataset: z.string().optional(),
  column: z.string().optional(),
  split: z.string().optional(),
  /** How often; `locations` and `samples` hold at most the first ten. */
  count: z.int().nonnegative().optional(),
  locations: z.array(locationSchema).optional(),
  samples: z.array(z.string()).optional(),
  /** Of a check: what was asked for, and what is there, as shown next to each other: `at most 1%` and `3.2%`. */
  expected: z.string().optional(),
  actual: z.string().optional(),
  /** What to do about it. */
  suggestion: z.string().optional(),
  configPath: configPathSchema.optional(),
  docs: z.string().optional(),
});
export type Finding = z.infer<typeof findingSchema>;

/** What a code means and what to do about it, as docs/findings.md says it: Markdown. */
export interface FindingHelp {
  readonly cause: string;
  /** Empty where the cause says all. */
  readonly remedy: string;
}

/** How many locations or samples a finding carries at most; `count` says how many there are. */
export const MAX_SAMPLES = 10;

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some((finding) => finding.severity === 'error');
}

const severityRank: Record<Severity, number> = { error: 0, warning: 1, info: 2 };

/** Worst first; the order within a severity is kept. */
export function worstFirst<F extends Pick<Finding, 'severity'>>(findings: readonly F[]): F[] {
  return [...findings].sort((a, b) => severityRank[a.severity] - severityRank[b.severity]);
}
