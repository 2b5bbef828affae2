import { imageProperties } from '../../../media';
import type { StageColumn } from '../../../schema';
import type { ImageProfile } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import { lookAtFiles, MOST_IMAGES } from '../../../statistics';
import { countsOf, spreadOf } from './mediaFiles';

/**
 * What the images are like that a column names, each file counted once. Throws `image-reader-missing` where there is no
 * library for this platform.
 */
export async function imageFigures(context: ColumnContext, column: StageColumn): Promise<ImageProfile> {
  const { files, ...looked } = await lookAtFiles(context, column, MOST_IMAGES, imageProperties);
  return {
    ...looked,
    formats: countsOf(files.map(({ format }) => format)),
    bytes: spreadOf(files.map(({ bytes }) => bytes)),
    width: spreadOf(files.map(({ width }) => width)),
    height: spreadOf(files.map(({ height }) => height)),
    aspect: spreadOf(files.map(({ width, height }) => width / height)),
    modes: countsOf(files.map(({ mode }) => mode)),
  };
}
