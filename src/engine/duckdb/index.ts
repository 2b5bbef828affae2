export * from './database';
export * from './quoting';
