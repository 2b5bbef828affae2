/**
 * The files a build reads, from before it reads them. They are read more than once (for their rows, for their hash), and
 * a manifest that names the hash of one state and holds the rows of another would make the next build believe it is done.
 */
import { MldataError, type Finding } from '../../protocol';
import type { HashCache } from './hashCache';
import { stampOf, type Stamp } from './stamp';

export interface NamedFile {
  /** Absolute. */
  readonly path: string;
  /** As findings name it. */
  readonly name: string;
}

export class WatchedFiles {
  private constructor(
    private readonly files: readonly (NamedFile & { readonly stamp: Stamp | undefined })[],
    private readonly sinceMs: number,
  ) {}

  static async watch(files: readonly NamedFile[]): Promise<WatchedFiles> {
    const sinceMs = Date.now();
    return new WatchedFiles(
      await Promise.all(files.map(async (file) => ({ ...file, stamp: await stampOf(file.path) }))),
      sinceMs,
    );
  }

  /** Throws `source-changed` when one is no longer what it was. */
  async refuseChanged(dataset: string): Promise<void> {
    const now = await Promise.all(this.files.map(({ path }) => stampOf(path)));
    const changed = this.files.find(({ stamp }, index) => stamp?.text !== now[index]?.text);
    if (changed !== undefined) throw refusal(changed.name, dataset);
  }

  /** Hands the hashes, by name, to the cache. Only after {@link refuseChanged}: they are those of the files as they are. */
  keepHashes(cache: HashCache, hashes: ReadonlyMap<string, string>): void {
    for (const { path, name, stamp } of this.files) {
      const sha256 = hashes.get(name);
      if (stamp !== undefined && sha256 !== undefined) cache.note(path, stamp, sha256, this.sinceMs);
    }
  }
}

function refusal(file: string, dataset: string): MldataError {
  const finding: Finding = {
    code: 'source-changed',
    severity: 'error',
    message: `${file} changed while it was being read.`,
    dataset,
    locations: [{ file }],
    suggestion: 'Try again once nothing writes to it.',
  };
  return new MldataError('buildFailed', finding.code, `${finding.message} ${finding.suggestion}`, [finding]);
}
