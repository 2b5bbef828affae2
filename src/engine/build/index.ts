export { buildDataset, REPORT_FILE, type BuildJob } from './build';
export { recover, stagingFolder } from './publish';
export { folderAbove } from './target';
