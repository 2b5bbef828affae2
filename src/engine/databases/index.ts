export { askServer } from './askServer';
export { databaseKind, databaseSchemes, filePath, shownAddress, type DatabaseKind } from './address';
export { fetchRows, type Fetched, type FetchContext } from './fetchRows';
export { readSnapshot, snapshotFile, type SnapshotRecord } from './record';
export type { DatabaseSource } from './request';
