/** Arrow files: into Parquet (the form the engine reads), and back out. */
export { arrowToParquet } from './arrowToParquet';
export type { ArrowCopy, CopyOptions, CopyProgress } from './arrowToParquet';
export { parquetToArrow } from './parquetToArrow';
export { encodeSchemaFile } from './arrowFileWriter';
export { readArrowSchema } from './readArrowSchema';
export { typeText, type ArrowField, type ArrowSchema, type ArrowType } from './schema';
export { DateUnit, IntervalUnit, Precision, TimeUnit } from './flatbuffers';
