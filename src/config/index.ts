/** `.mldata.yaml`: what is written, what it means, and where it says so. */
import type { ConfigPath } from '../protocol';
import { keysOf } from './shape';
import type { KeyInfo } from './shape';
import { writtenSchema } from './written';

export { faultOfSource, writtenAddresses, type WrittenAddress } from './writtenAddresses';
export { declaredCheck, isChecked, keyDatasetsOf, plannedChecks } from './checking';
export type { PlannedCheck } from './checking';
export * from './checks';
export { faultOfAddress } from './checkAddress';
export { checkColumn } from './columns';
export { parseCompression, resolveCompression, resolveExportCompression } from './compression';
export { fetchedRecordPath, isExpected, isRemote, sourceKey, writtenHeaders, type RemoteSpec } from './fetched';
export { CONFIG_FILES } from './files';
export { findingDocs, helpFor } from './findingDocs';
export { codecOfName, COMPRESSION_EXTENSIONS, DATA_EXTENSIONS, formatOfName, isDataFile } from './dataFiles';
export { datasetNameFor } from './datasetName';
export {
  datasetSource,
  dependenciesOf,
  foldersOf,
  inBuildOrder,
  readsFolderOf,
  withDependencies,
  isOfFiles,
} from './dependencies';
export type { DatasetSource } from './dependencies';
export { driftSettings, driftThresholds, type DriftSettings, type DriftThresholds } from './driftDefaults';
export { editConfig, editInPlace, inline, parseKey, parseValue } from './edit';
export { keyDatasets } from './foreignKeys';
export { isOrdered, positionOf } from './literals';
export { yamlDanger } from './guard';
export { parseManifest } from './manifestText';
export { overrideOutput } from './output';
export { nearest } from './nearest';
export { impliedKeys, resolvedValue } from './origins';
export type { WrittenValue } from './origins';
export { parseConfig } from './parse';
export { databaseSchemes, isAddress, kindOfAddress, schemeOf, shownAddress } from './addresses';
export { programOf, thresholdsOf } from './profile';
export type { ParsedConfig } from './parse';
export type { Thresholds } from './profile';
export {
  credentialNamesIn,
  isCredentialName,
  referencesIn,
  variableOf,
  withReferences,
  writtenReference,
  type Reference,
} from './secretReferences';
export { shownWebhook } from './webhooks';
export { HIDDEN, literalSecrets, withoutSecrets } from './secrets';
export { deriveSeed, memoryBytes, memorySize } from './shorthands';
export type { KeyInfo } from './shape';
export { faultOfPattern } from './tracking';
export { besideOf, isFitted, transformOf } from './steps';
export type { Columns, Fault, Transform } from './transforms';
export { MAX_WORKERS, parseUserConfig, userConfigPath, userJsonSchema } from './userConfig';
export type { UserConfig, UserEngine } from './userConfig';
export { configJsonSchema } from './written';
export type { WrittenVersions } from './written';

/** The keys that may stand in the map at `path`, with what they mean; none where there is no map of fixed keys. */
export function keysAt(path: ConfigPath): KeyInfo[] {
  return keysOf(writtenSchema, path);
}
