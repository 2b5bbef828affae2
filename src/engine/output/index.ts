export { flush } from './flush';
export { outputFindings, outputForm } from './outputForm';
export { BUILD, EXPORT, type Kind } from './place';
export { publish, recover, stagingFolder } from './publish';
export { checkRoom, refuseWithoutRoom } from './room';
export { blocksOf } from './rowGroups';
export { blocked, checkTarget, folderAbove, isBelow } from './target';
export { WholeFiles } from './wholeFiles';
export { settled, writeFormat, type FileRows, type FormatFile } from './writeFormat';
