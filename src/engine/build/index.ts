export { buildDataset, REPORT_FILE, type BuildJob, type Built, type Checker } from './build';
export { divideRows, placesOf, type DividedRows } from './divide';
export { areComparable } from './digest';
export { publish, recover, stagingFolder } from './publish';
export { readSides } from './sides';
export type { Applied } from './steps';
export { folderAbove } from './target';
