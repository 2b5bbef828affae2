export * from './describe';
export * from './outputs';
export * from './steps';
export * from './ownOutput';
