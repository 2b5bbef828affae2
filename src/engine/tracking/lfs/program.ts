/** Whether Git LFS is there, and whether git calls it. */
import { runProgram } from '../program';

export interface LfsProgram {
  /** Null: it is not installed. */
  readonly version: string | null;
  /** Whether `git lfs install` was run, so that git hands it the files; otherwise they are committed as they are. */
  readonly filters: boolean;
}

export async function lfsProgram(folder: string, signal?: AbortSignal): Promise<LfsProgram> {
  const place = { folder, ...(signal && { signal }) };
  const [named, filter] = await Promise.all([
    runProgram(['git', 'lfs', 'version'], place),
    runProgram(['git', 'config', '--get-regexp', '^filter\\.lfs\\.(process|clean)$'], place),
  ]);
  const version = named?.code === 0 ? /git-lfs\/(\d+(?:\.\d+)*)/.exec(named.stdout.toString())?.[1] : undefined;
  return { version: version ?? null, filters: filter?.code === 0 };
}
