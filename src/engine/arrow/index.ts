/** Arrow files: into Parquet (the form the engine reads), and back out. */
export { arrowToParquet } from './arrowToParquet';
export type { ArrowCopy, CopyOptions, CopyProgress } from './arrowToParquet';
export { parquetToArrow } from './parquetToArrow';
