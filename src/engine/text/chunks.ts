/** Reading a file from its start to its end, in pieces. */
import { open, type FileHandle } from 'node:fs/promises';
import { cancelled, MldataError, type Finding } from '../../protocol';

const CHUNK_BYTES = 1 << 20;

/**
 * The bytes of a file in order. The next piece is read while the caller works on the current one, so a piece is only
 * valid until the next is asked for. Throws `source-unreadable` and, within one piece of an abort, `cancelled`.
 */
export async function* readChunks(path: string, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const handle = await openForReading(path);
  try {
    const buffers = [Buffer.allocUnsafe(CHUNK_BYTES), Buffer.allocUnsafe(CHUNK_BYTES)] as const;
    const read = (turn: 0 | 1) => handle.read(buffers[turn], 0, CHUNK_BYTES, null).then(({ bytesRead }) => bytesRead);
    let turn: 0 | 1 = 0;
    let length = await read(turn);
    while (length > 0) {
      const current = buffers[turn].subarray(0, length);
      turn = turn === 0 ? 1 : 0;
      const next = read(turn);
      next.catch(() => undefined); // whoever awaits it below sees the failure; a caller that stops early need not
      try {
        if (signal.aborted) throw cancelled();
        yield current;
      } finally {
        await next.catch(() => undefined); // a handle must not be closed under a running read
      }
      length = await next;
    }
  } catch (error) {
    throw asReadError(path, error);
  } finally {
    await handle.close();
  }
}

/** At most `bytes` bytes from `offset` on. */
export async function readAt(handle: FileHandle, offset: number, bytes: number): Promise<Buffer> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, offset);
  return buffer.subarray(0, bytesRead);
}

export async function openForReading(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'r');
  } catch (error) {
    throw asReadError(path, error);
  }
}

/** Failures of the file system become `source-unreadable`; anything else stays what it is. */
export function asReadError(path: string, error: unknown): unknown {
  const code = error instanceof Error ? (error as NodeJS.ErrnoException).code : undefined;
  if (error instanceof MldataError || code === undefined || !/^E[A-Z0-9]+$/.test(code)) return error;
  const finding: Finding = {
    code: 'source-unreadable',
    severity: 'error',
    message: `The file cannot be read: ${reasons[code] ?? code}.`,
    locations: [{ file: path }],
    suggestion: 'Check that it is there and that you may read it.',
  };
  return new MldataError('buildFailed', finding.code, `${path}: ${finding.message} ${finding.suggestion}`, [finding], {
    cause: error,
  });
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it no longer exists',
  EACCES: 'you may not read it',
  EPERM: 'you may not read it',
  EISDIR: 'it is a folder, not a file',
};
