/** The hashes that DVC names content by. */
import { createHash } from 'node:crypto';
import type { OutHash } from '../dvcFile';

/** What is read at a time: of DVC 2 a part of the definition, which looks at each piece by itself. */
export const PIECE_BYTES = 2 ** 20;

export interface ContentHash {
  /** The next {@link PIECE_BYTES} of the content, or the rest of it. */
  update(piece: Buffer): void;
  /** Nothing may be added afterwards. */
  digest(): string;
}

export function contentHash(kind: OutHash): ContentHash {
  const hash = createHash('md5');
  let digest: string | undefined;
  return {
    update: (piece) => {
      hash.update(kind === 'md5-dos2unix' && isText(piece) ? withoutReturns(piece) : piece);
    },
    digest: () => (digest ??= hash.digest('hex')),
  };
}

/** Of DVC 2: the first bytes hold no zero, and few that no text has. */
function isText(piece: Buffer): boolean {
  const head = piece.subarray(0, 512);
  if (head.includes(0)) return false;
  const strange = head.filter((byte) => !(byte >= 32 && byte < 127) && ![8, 9, 10, 12, 13].includes(byte));
  return strange.length / Math.max(head.length, 1) <= 0.3;
}

function withoutReturns(piece: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(piece.length);
  let length = 0;
  for (let at = 0; at < piece.length; at++) {
    if (piece[at] === 13 && piece[at + 1] === 10) continue;
    kept[length++] = piece[at] ?? 0;
  }
  return kept.subarray(0, length);
}
