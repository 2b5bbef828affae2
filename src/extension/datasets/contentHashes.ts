/** SHA-256 of files, kept while neither their size nor their date changes. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';

interface Stamp {
  readonly size: number;
  readonly mtime: number;
}

export class ContentHashes {
  private readonly known = new Map<string, Stamp & { readonly sha256: Promise<string | undefined> }>();

  /** Undefined when the file cannot be read. */
  of(file: string, { size, mtime }: Stamp): Promise<string | undefined> {
    const known = this.known.get(file);
    if (known?.size === size && known.mtime === mtime) return known.sha256;
    const sha256 = hash(file).catch(() => undefined);
    this.known.set(file, { size, mtime, sha256 });
    return sha256;
  }
}

async function hash(file: string): Promise<string> {
  const sum = createHash('sha256');
  await pipeline(createReadStream(file), sum);
  return sum.digest('hex');
}
