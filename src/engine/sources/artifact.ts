/** Where the bytes of an artifact are. A manifest that somebody edited, or a link beside it, leads nowhere else. */
import { realpath, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { confinementRoot, isInside } from './confine';

export interface ArtifactFile {
  /** In the folder of the build, absolute. */
  readonly path: string;
  readonly real: string;
  /**
   * `own`: a file in the folder; `linked`: reached through a link, as DVC makes them, and somebody else's;
   * `outside`: a link that leaves the git root.
   */
  readonly kind: 'own' | 'linked' | 'outside';
}

/** Undefined where there is no file. */
export async function artifactFile(folder: string, artifact: string): Promise<ArtifactFile | undefined> {
  const path = resolve(folder, artifact);
  if (path === folder || !isInside(folder, path)) return undefined;
  try {
    const [real, home] = await Promise.all([realpath(path), realpath(folder)]);
    if (!(await stat(real)).isFile()) return undefined;
    if (real === join(home, relative(folder, path))) return { path, real, kind: 'own' };
    return { path, real, kind: isInside(await realpath(confinementRoot(folder)), real) ? 'linked' : 'outside' };
  } catch {
    return undefined;
  }
}

/** The absolute path of an artifact that may be read; undefined where there is none. */
export async function readableArtifact(folder: string, artifact: string): Promise<string | undefined> {
  const found = await artifactFile(folder, artifact);
  return found?.kind === 'outside' ? undefined : found?.path;
}
