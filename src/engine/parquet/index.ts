/** Parquet files as files: what the SQL engine does not do with them. */
export { ParquetJoin, type JoinedFile } from './join';
