export { files } from './files';
export { MOVED_FILE } from './quarantine';
