export { buildDataset, REPORT_FILE, type BuildJob, type Built, type Checker, type SchemaGuard } from './build';
export { divideRows, placesOf, type DividedRows } from './divide';
export { areComparable } from './digest';
export { flush } from './flush';
export { publish, recover, stagingFolder } from './publish';
export { readSides } from './sides';
export type { Applied } from './steps';
export { blocked, folderAbove, isBelow } from './target';
