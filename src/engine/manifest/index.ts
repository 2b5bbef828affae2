export * from './document';
export * from './previous';
