export { diffBuilds, type DiffJob } from './diff';
export { manifestChanges } from './manifests';
export type { Side } from './side';
