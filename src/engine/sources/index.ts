export * from './confine';
export * from './local';
export * from './open';
export * from './source';
