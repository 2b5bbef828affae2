export { pytorch } from './package';
