export { LocalEngine } from './engine';
export { TOOL } from './version';
