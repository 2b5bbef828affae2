/** Whether image and audio files are whole. */
export { isCutShort } from './checkImage';
export { checkMedia, type CheckOptions } from './checkMedia';
export { formatsByName } from './formats';
export { checkFiles, type CheckFilesOptions, type FileToCheck } from './pool';
export type { MediaHeader, MediaProblem, MediaProblemCode, MediaVerdict } from './verdict';
