/** Files that are written to their end: each is hashed and brought to disk while the next is still being written. */
import { join } from 'node:path';
import { hashFile } from '../text';
import type { Artifact } from '../../protocol';
import { flush } from './flush';

type Described = Omit<Artifact, 'bytes' | 'sha256' | 'md5'>;

export class WholeFiles {
  private readonly files = new Map<string, Promise<Artifact>>();

  /** @param folder that the files' paths are relative to */
  constructor(
    private readonly folder: string,
    private readonly signal: AbortSignal,
  ) {}

  /** @param known of a file that was hashed as it was written, and is on disk */
  add(file: Described, known?: Pick<Artifact, 'bytes' | 'sha256' | 'md5'>): void {
    const artifact = known ? Promise.resolve({ ...file, ...known }) : this.finish(file);
    // Seen when it is awaited; a build that fails before has its own reason.
    artifact.catch(() => undefined);
    this.files.set(file.path, artifact);
  }

  /** Waits for all; in the order of `paths`, which names every file that may have been added. */
  async artifacts(paths: readonly string[]): Promise<Artifact[]> {
    return Promise.all(paths.flatMap((path) => this.files.get(path) ?? []));
  }

  private async finish(file: Described): Promise<Artifact> {
    const path = join(this.folder, file.path);
    // Publishing needs the file on disk; the disk works while the hash is computed.
    const [{ bytes, sha256 = '', md5 = '' }] = await Promise.all([
      hashFile(path, ['sha256', 'md5'], this.signal),
      flush(path),
    ]);
    return { ...file, bytes, sha256, md5 };
  }
}
