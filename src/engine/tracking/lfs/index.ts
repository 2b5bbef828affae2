/** Git LFS: the lines of `.gitattributes` that it follows, and how the files stand that it keeps. */
export { lfsProgram, type LfsProgram } from './program';
export { lfsStatus, type LfsStatus } from './status';
export { refuseLfs } from './refuseLfs';
export { trackWithLfs } from './track';
