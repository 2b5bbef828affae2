export { filesOf } from './filesOf';
export { openRows, type FirstRows, type OpenRowsContext } from './openRows';
export { configOf, type Rows, type RowsTarget } from './rows';
export { sampleRows } from './sampleRows';
