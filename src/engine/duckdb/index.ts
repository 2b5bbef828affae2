export * from './columnGroups';
export * from './database';
export * from './quoting';
