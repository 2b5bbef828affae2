export * from './checked';
export * from './document';
export * from './drift';
export * from './identity';
export * from './previous';
export * from './report';
