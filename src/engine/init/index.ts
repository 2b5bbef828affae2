export * from './firstConfig';
