/** Gates: what a validation must come up to as a whole, for whoever lets data pass. */
import {
  gateNames,
  type ColumnSpec,
  type Finding,
  type GateName,
  type GateResult,
  type GatesSpec,
  type Severity,
  type TableSchema,
} from '../../protocol';

export interface Measured {
  readonly findings: readonly Pick<Finding, 'severity'>[];
  /** Columns of the data, by name. */
  readonly columns: readonly string[];
  readonly schema: Pick<TableSchema, 'columns' | 'primaryKey'>;
}

/** What became of the gates that are set, in the order of `gateNames`. */
export function gateResults(gates: GatesSpec, measured: Measured): GateResult[] {
  const having = (severity: Severity): number =>
    measured.findings.filter((finding) => finding.severity === severity).length;
  const measure: Readonly<Record<GateName, () => number>> = {
    maxErrors: () => having('error'),
    maxWarnings: () => having('warning'),
    coverage: () => coverage(measured.columns, measured.schema),
  };
  return gateNames.flatMap((name) => {
    const limit = gates[name];
    if (limit === undefined) return [];
    const value = measure[name]();
    return { name, limit, value, passed: name === 'coverage' ? value >= limit : value <= limit };
  });
}

/** Share (0–1) of the columns that a constraint or a description is written for; all of none. */
export function coverage(columns: readonly string[], { columns: specs, primaryKey }: Measured['schema']): number {
  const covered = columns.filter((name) => primaryKey.includes(name) || says(specs[name]));
  return columns.length === 0 ? 1 : covered.length / columns.length;
}

/** A type and a role are written for every column by `mldata init`: they tell nothing that somebody has thought of. */
const tellNothing = new Set(['type', 'role', 'title']);

function says(spec: ColumnSpec = {}): boolean {
  return Object.entries(spec).some(
    ([key, value]) => !tellNothing.has(key) && value !== undefined && value !== false && value !== '',
  );
}
