export { buildDataset, REPORT_FILE, type BuildJob, type Built, type Checker, type SchemaGuard } from './build';
export { divideRows, placesOf, type DividedRows } from './divide';
export { areComparable } from './digest';
export { readSides } from './sides';
export type { Applied } from './steps';
