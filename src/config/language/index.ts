/** What an editor asks about a config that is being written. Pure; the text may be half typed. */
export { completionsAt, pathItems } from './completion';
export type { Completion, Completions, Looks, PathTyped } from './completion';
export { columnsAt, declaredColumns, stepsOf, withinDataset } from './columns';
export { foldsOf } from './folding';
export type { Fold } from './folding';
export { rangesOf, renameColumn, renameProblem } from './rename';
export type { RenameEdit } from './rename';
export { rangesAt } from './place';
export { symbolsOf } from './symbols';
export type { ConfigSymbol } from './symbols';
export { topicAt } from './topic';
export type { Topic } from './topic';
export { columnsOf, usesOf } from './uses';
export type { Column, Use } from './uses';
export { differenceOf } from './change';
export { muted } from './fixDrift';
export { fixAll, fixesFor } from './fixes';
export type { Deed, Fix } from './fix';
