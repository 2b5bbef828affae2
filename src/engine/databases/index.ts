export type { Access } from './access';
export { askServer } from './askServer';
export { databaseKind, filePath, type DatabaseKind } from './address';
export { fetchRows, type Fetched, type FetchContext, type FetchJob } from './fetchRows';
export { readSnapshot, snapshotFile, type SnapshotRecord } from './record';
export type { DatabaseSource } from './request';
export { tableName, tablesQuery } from './tables';
