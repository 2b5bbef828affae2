export { HashCache, type CachePlace } from './hashCache';
export { indicesOf, referencedFiles } from './references';
export { isUpToDate } from './upToDate';
export { WatchedFiles, type NamedFile } from './watchedFiles';
export { evict, held, type Held } from './eviction';
export { StagedCache, type Remembered, type StagedPlace } from './stagedCache';
export { digest } from './stagedIndex';
export { stampOf } from './stamp';
