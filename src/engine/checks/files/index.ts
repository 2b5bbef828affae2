export { files } from './files';
export { putBack } from './putBack';
