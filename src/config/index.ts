/** `.mldata.yaml`: what is written, what it means, and where it says so. */
import type { ConfigPath } from '../protocol';
import { keysOf } from './shape';
import type { KeyInfo } from './shape';
import { writtenSchema } from './written';

export { parseCompression, resolveCompression } from './compression';
export { CONFIG_FILES } from './files';
export { codecOfName, COMPRESSION_EXTENSIONS, DATA_EXTENSIONS, formatOfName, isDataFile } from './dataFiles';
export { isOrdered, positionOf } from './literals';
export { parseManifest } from './manifestText';
export { overrideOutput } from './output';
export { parseConfig } from './parse';
export type { ParsedConfig } from './parse';
export { deriveSeed } from './shorthands';
export type { KeyInfo } from './shape';
export { configJsonSchema, datasetNamePattern } from './written';

/** The keys that may stand in the map at `path`, with what they mean; none where there is no map of fixed keys. */
export function keysAt(path: ConfigPath): KeyInfo[] {
  return keysOf(writtenSchema, path);
}
