export { beginning, cutOff } from './cells';
export { GridSession } from './session';
