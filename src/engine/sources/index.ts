export * from './artifact';
export * from './beside';
export * from './confine';
export * from './datasets';
export { keepRejects, openKnown, passOverRejects, type DelimitedFacts } from './delimited';
export * from './local';
export * from './open';
export * from './source';
export * from './together';
