export * from './columns';
export * from './constraints';
export * from './types';
