export * from './checked';
export * from './document';
export * from './identity';
export * from './previous';
export * from './report';
