export * from './describe';
export * from './outputs';
export * from './ownOutput';
