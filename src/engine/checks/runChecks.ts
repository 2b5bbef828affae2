/** Makes checks of rows, all at the same time, and puts together what they found. */
import { declaredCheck, type PlannedCheck } from '../../config';
import { firstLine, isAboutValues } from '../duckdb';
import { bindExpression, ExpressionError, inNames } from '../transforms';
import {
  cancelled,
  checkNames,
  worstFirst,
  type CheckName,
  type CheckResult,
  type Finding,
  type QualityFinding,
  type ValidateProgress,
} from '../../protocol';
import { Aggregates } from './aggregates';
import type { Check, CheckContext, CheckFinding } from './check';
import { checks } from './registry';

/** The rows that are checked; the rest of the context is made here. */
export type CheckedRows = Omit<CheckContext, 'aggregate' | 'bind' | 'onProgress'>;

export interface Checked {
  /** In the order of `checkNames`. */
  readonly results: readonly CheckResult[];
  /** Worst first, then in the order of the checks. */
  readonly findings: readonly QualityFinding[];
}

/** What makes one check end: a finding about its parameters. */
class CheckError extends Error {
  constructor(readonly finding: CheckFinding) {
    super(finding.message);
  }
}

/**
 * A check that cannot be made has the status `error`, and a finding says so; the others are made. Throws the cancelled
 * error only.
 * @param dataset as findings name it
 */
export async function runChecks(
  rows: CheckedRows,
  planned: readonly PlannedCheck[],
  dataset: string,
  onProgress: (progress: Pick<ValidateProgress, 'step' | 'detail' | 'fraction'>) => void,
): Promise<Checked> {
  const aggregates = new Aggregates(rows.database, rows.relation, rows.columns.length);
  const shares = new Map(planned.map(({ name }) => [name, 0]));
  const report = (name: CheckName, share: number, detail?: string) => {
    shares.set(name, Math.max(shares.get(name) ?? 0, Math.min(1, share)));
    const fraction = [...shares.values()].reduce((sum, each) => sum + each, 0) / shares.size;
    onProgress({ step: name, fraction, ...(detail !== undefined && { detail }) });
  };
  const inOrder = [...planned].sort((a, b) => checkNames.indexOf(a.name) - checkNames.indexOf(b.name));
  const made = await Promise.all(
    inOrder.map(async (plan) => {
      report(plan.name, 0);
      const started = performance.now();
      const outcome = await make(plan, {
        ...rows,
        aggregate: (sql) => aggregates.ask(sql),
        bind: (expression, at, type) => bind(rows, expression, plan.name, at, type),
        onProgress: (share, detail) => {
          report(plan.name, share, detail);
        },
      });
      report(plan.name, 1);
      return resultOf(plan.name, outcome, dataset, rows, Math.round(performance.now() - started));
    }),
  );
  return {
    results: made.map(({ result }) => result),
    findings: worstFirst(made.flatMap(({ findings }) => findings)),
  };
}

interface Outcome {
  readonly findings: readonly CheckFinding[];
  readonly skipped?: string;
  /** Why it could not be made. */
  readonly failed?: string;
  readonly until?: string;
}

async function make({ name, parameters }: PlannedCheck, context: CheckContext): Promise<Outcome> {
  const check: Check | undefined = checks[name];
  if (!check) return { findings: [], skipped: 'This version of mldata does not make it yet.' };
  const faults = parameterFaults(name, parameters, context);
  try {
    const outcome = await check.run(context, parameters);
    return 'skipped' in outcome
      ? { findings: faults, skipped: outcome.skipped }
      : { ...outcome, findings: [...faults, ...outcome.findings] };
  } catch (error) {
    if (context.signal.aborted) throw cancelled();
    const message = inNames(firstLine(error), context);
    const finding: CheckFinding =
      error instanceof CheckError
        ? error.finding
        : {
            code: 'check-failed',
            severity: 'error',
            message: `The check ${name} could not be made. ${message}`,
            suggestion: adviceFor(error),
          };
    return { findings: [...faults, finding], failed: finding.message };
  }
}

function adviceFor(error: unknown): string {
  if (/out of memory/i.test(firstLine(error))) return 'Raise the memory limit, or look at a sample of the rows.';
  return isAboutValues(error)
    ? 'If `where` does not take all values, write it with `TRY_CAST`; if there is none, leave the check out and report this.'
    : 'Leave the check out and report this.';
}

/** What does not suit the columns, which the editor could not know before they were read. */
function parameterFaults(name: CheckName, parameters: unknown, { columns, schema }: CheckContext): CheckFinding[] {
  const findings: CheckFinding[] = [];
  const known = Object.fromEntries(columns.map((column) => [column.name, column.spec]));
  declaredCheck(name)?.refuse?.(
    parameters,
    { ...schema, columns: known, extraColumns: 'error' },
    ({ code, at, message, suggestion }) => {
      findings.push({
        code,
        severity: 'error',
        message,
        ...(suggestion !== undefined && { suggestion }),
        configPath: ['checks', name, ...at],
      });
    },
  );
  return findings;
}

async function bind(
  { database, relation, columns }: CheckedRows,
  expression: string,
  name: CheckName,
  at: readonly (string | number)[],
  type?: 'BOOLEAN',
): Promise<string> {
  try {
    return await bindExpression(database, expression, { relation, columns }, type);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new CheckError({
      code: 'check-expression',
      severity: 'error',
      message: error.message,
      suggestion: 'docs/transforms.md says what expressions may use.',
      configPath: ['checks', name, ...at],
    });
  }
}

function resultOf(
  name: CheckName,
  { findings, skipped, failed, until }: Outcome,
  dataset: string,
  { spec }: CheckedRows,
  durationMs: number,
): { readonly result: CheckResult; readonly findings: readonly QualityFinding[] } {
  const having = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  const errors = having('error');
  const reason = failed ?? skipped;
  const status = failed !== undefined ? 'error' : errors > 0 ? 'failed' : skipped !== undefined ? 'skipped' : 'passed';
  return {
    result: {
      ...{ name, status, errors, warnings: having('warning') },
      ...(reason !== undefined && { reason }),
      ...(until !== undefined && { until }),
      durationMs,
    },
    findings: findings.map(({ configPath, ...finding }) => ({
      ...finding,
      dataset,
      // Where nothing is written of the check, the place is that of the dataset.
      ...(spec && { configPath: ['datasets', spec.name, ...(configPath ?? ['checks', name])] }),
      docs: `docs/checks.md#${name}`,
      check: name,
    })),
  };
}
