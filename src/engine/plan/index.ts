export * from './describe';
export * from './outputs';
