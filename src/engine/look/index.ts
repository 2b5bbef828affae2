export { endOfLines, firstRowsOf } from './firstRows';
export { lookAtFiles, type Seen } from './lookAtFiles';
export { stepsAgainst } from './stepsAgainst';
