export { buildDataset, REPORT_FILE, type BuildJob } from './build';
export { recover, stagingFolder } from './publish';
export type { Applied } from './steps';
export { folderAbove } from './target';
