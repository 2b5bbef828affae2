export { HashCache, type CachePlace } from './hashCache';
export { referencedFiles } from './references';
export { isUpToDate } from './upToDate';
export { WatchedFiles, type NamedFile } from './watchedFiles';
