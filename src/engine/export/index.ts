export * from './exported';
export { frameworks } from './frameworks';
