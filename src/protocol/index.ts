export * from './build';
export * from './engine';
export * from './errors';
export * from './finding';
export * from './manifest';
export type * from './panels';
export * from './spec';
