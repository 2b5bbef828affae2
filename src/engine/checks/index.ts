export type { CheckFinding, ReferencedRows } from './check';
export { coverage, gateResults } from './gates';
export { putBack } from './files';
export { runChecks, type Checked, type CheckedRows } from './runChecks';
