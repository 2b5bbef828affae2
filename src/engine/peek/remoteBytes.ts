/** A file on a server, of which some bytes are read, and no more than a look is worth. */
import { MldataError } from '../../protocol';
import type { Credentials, Downloader, Watch } from '../fetch';
import { sizeOf } from '../words';

export interface RemoteFile {
  /** As it may be shown. */
  readonly name: string;
  readonly url: URL;
  readonly credentials?: Credentials;
  /** Undefined: the server says it with the first part. */
  readonly total?: number;
}

/** All that is ever taken of one file. */
const MOST_BYTES = 48 << 20;

export class RemoteBytes {
  /** How many were read. */
  taken = 0;
  private known: number | undefined;
  private validator: string | undefined;

  constructor(
    private readonly file: RemoteFile,
    private readonly downloader: Pick<Downloader, 'part'>,
    private readonly watch: Pick<Watch, 'log' | 'signal'>,
  ) {
    this.known = file.total;
  }

  get name(): string {
    return this.file.name;
  }

  /** Of the file; undefined where nobody has said it. */
  get total(): number | undefined {
    return this.known;
  }

  /** Fewer than asked for where the file ends. Throws `peek-too-large`, and what {@link Downloader.part} does. */
  async read(offset: number, length: number): Promise<Buffer> {
    if (length === 0) return Buffer.alloc(0);
    if (this.taken + length > MOST_BYTES) throw tooLarge(this.name);
    const { url, credentials } = this.file;
    const { bytes, total, validator } = await this.downloader.part(
      {
        ...{ url, offset, length },
        ...(credentials && { credentials }),
        ...(this.validator !== undefined && { validator: this.validator }),
      },
      this.watch,
    );
    this.taken += bytes.length;
    this.known = total ?? this.known;
    this.validator ??= validator;
    return bytes;
  }
}

function tooLarge(name: string): MldataError {
  return new MldataError(
    'network',
    'peek-too-large',
    `The first rows of ${name} are more than ${sizeOf(MOST_BYTES)}, which is more than a look may take. Add it without one, or fetch it.`,
  );
}
