/** The images and recordings that lie in a folder. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { glob } from 'tinyglobby';
import { cancelled } from '../../protocol';
import { eachOf } from '../eachOf';
import { formatsByName } from './integrity';

export interface MediaName {
  /** Below the folder, with forward slashes. */
  readonly path: string;
  readonly kind: 'image' | 'audio';
  readonly bytes: number;
}

/** In the order of their names, also those in folders below; none of hidden folders. @param folder absolute */
export async function mediaIn(folder: string, signal?: AbortSignal): Promise<MediaName[]> {
  const names = await glob('**/*', {
    cwd: folder,
    onlyFiles: true,
    expandDirectories: false,
    ...(signal && { signal }),
  });
  if (signal?.aborted) throw cancelled();
  const named = names.sort().flatMap((path) =>
    formatsByName(path)
      .slice(0, 1)
      .map(({ kind }) => ({ path, kind })),
  );
  return eachOf(named, async (file) => ({
    ...file,
    bytes: (await stat(join(folder, file.path)).catch(() => undefined))?.size ?? 0,
  }));
}
