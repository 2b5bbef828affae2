export * from './columns';
export * from './constraints';
export * from './infer';
export * from './types';
