export { GridSession } from './session';
