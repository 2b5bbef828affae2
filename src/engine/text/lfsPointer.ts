/** What Git LFS leaves in place of a file that was not fetched: a few lines of text. */

export interface LfsPointer {
  readonly oid: string;
  /** Of the file that it stands for. */
  readonly bytes: number;
}

/** No pointer is longer. */
export const POINTER_BYTES = 1024;

/** With LF as Git LFS writes it, or the CRLF that a checkout without it may make of that. */
const pointer =
  /^version (?:https:\/\/git-lfs\.github\.com\/spec\/v1|https:\/\/hawser\.github\.com\/spec\/v1|http:\/\/git-media\.io\/v\/2)\r?\n(?:ext-\d+-[^\n]*\n)*oid sha256:([0-9a-f]{64})\r?\nsize (\d{1,15})\s*$/;

/** Undefined for what is none. @param head the beginning of a file, and of a pointer all of it */
export function readLfsPointer(head: Buffer | string): LfsPointer | undefined {
  if (head.length > POINTER_BYTES) return undefined;
  const [, oid, bytes] = pointer.exec(head.toString('latin1')) ?? [];
  return oid === undefined ? undefined : { oid, bytes: Number(bytes) };
}
