export { compareRows, type Compared, type CompareOptions } from './compareRows';
export type { DriftRows } from './rows';
