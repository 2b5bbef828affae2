/** Arrow files: which container it is, into Parquet (the form the engine reads), and back out. */
export { arrowToParquet } from './arrowToParquet';
export type { ArrowCopy, CopyOptions, CopyProgress } from './arrowToParquet';
export { detectArrow } from './detect';
export type { ArrowForm } from './detect';
export { parquetToArrow } from './parquetToArrow';
