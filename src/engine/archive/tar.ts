/** Members of a tar file. */
import { once } from 'node:events';
import { Parser, type ReadEntry } from 'tar';
import { damaged, type Member } from './member';

const FILES = new Set<string>(['File', 'OldFile', 'ContiguousFile']);
const OTHERS: Readonly<Record<string, string>> = {
  SymbolicLink: 'a link',
  Link: 'a link',
  SparseFile: 'a sparse file',
};
/** As GNU tar names sparse files where it writes them in the newer way: their content is a map and what it leaves over. */
const SPARSE = /(^|\/)GNUSparseFile\.\d+\//;

/** @param bytes of the tar file, unpacked. Throws `archive-damaged`, and what `bytes` does. */
export async function readTar(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  take: (member: Member) => Promise<void>,
): Promise<void> {
  let failed: unknown;
  let current: ReadEntry | undefined;
  let taking: Promise<void> = Promise.resolve();
  // One at a time. What nobody reads is passed over; what is left waiting holds the parser up.
  const offer = (entry: ReadEntry) => {
    taking = taking
      .then(() => {
        if (failed !== undefined) return undefined;
        current = entry;
        return take(memberOf(entry));
      })
      .catch((error: unknown) => {
        failed ??= error;
      })
      .then(() => {
        entry.resume();
      });
  };
  const parser = new Parser({ strict: true, onReadEntry: offer });
  parser.on('ignoredEntry', (entry: ReadEntry) => {
    if (entry.type === 'SparseFile') offer(entry);
  });
  parser.on('error', (error: unknown) => {
    failed ??= damaged(path, (error as Error).message, error);
  });
  const over = new Promise<void>((resolve) => {
    parser.on('end', resolve).on('error', () => {
      resolve();
    });
  });
  try {
    for await (const chunk of bytes) {
      if (failed !== undefined) break;
      if (!parser.write(Buffer.from(chunk))) await Promise.race([once(parser, 'drain').catch(() => undefined), over]);
    }
    if (failed === undefined) {
      parser.end();
      await over;
    }
  } catch (error) {
    failed ??= error;
  }
  // Whoever waits for the rest of a member waits for ever otherwise.
  if (failed !== undefined) current?.on('error', () => undefined).destroy(failed);
  await taking;
  if (failed instanceof Error) throw failed;
}

function memberOf(entry: ReadEntry): Member {
  const name = entry.type.endsWith('Directory') && !entry.path.endsWith('/') ? `${entry.path}/` : entry.path;
  const isFile = FILES.has(entry.type) || name.endsWith('/');
  const other = SPARSE.test(name) ? OTHERS['SparseFile'] : (OTHERS[entry.type] ?? 'no regular file');
  return {
    name,
    ...((!isFile || SPARSE.test(name)) && { other }),
    content: () => entry as AsyncIterable<Buffer>,
  };
}
