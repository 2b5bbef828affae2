/** Members of a tar file. */
import { once } from 'node:events';
import { Parser, type ReadEntry } from 'tar';
import { damaged, type Member } from './member';

const FILES = new Set<string>(['File', 'OldFile', 'ContiguousFile']);
const OTHERS: Readonly<Record<string, string>> = { SymbolicLink: 'a link', Link: 'a link' };

/** @param bytes of the tar file, unpacked. Throws `archive-damaged`, and what `bytes` does. */
export async function readTar(
  path: string,
  bytes: AsyncIterable<Uint8Array>,
  take: (member: Member) => Promise<void>,
): Promise<void> {
  let failed: unknown;
  let taking: Promise<void> = Promise.resolve();
  const parser = new Parser({
    strict: true,
    onReadEntry: (entry) => {
      // One at a time. What nobody reads is passed over; what is left waiting holds the parser up.
      taking = taking
        .then(() => (failed === undefined ? take(memberOf(entry)) : undefined))
        .catch((error: unknown) => {
          failed ??= error;
        })
        .then(() => {
          entry.resume();
        });
    },
  });
  parser.on('error', (error: unknown) => {
    failed ??= damaged(path, (error as Error).message, error);
  });
  const over = new Promise<void>((resolve) => {
    parser.on('end', resolve).on('error', () => {
      resolve();
    });
  });
  for await (const chunk of bytes) {
    if (failed !== undefined) break;
    if (!parser.write(Buffer.from(chunk))) await Promise.race([once(parser, 'drain').catch(() => undefined), over]);
  }
  if (failed === undefined) {
    parser.end();
    await over;
  }
  await taking;
  if (failed instanceof Error) throw failed;
}

function memberOf(entry: ReadEntry): Member {
  const name = entry.type.endsWith('Directory') && !entry.path.endsWith('/') ? `${entry.path}/` : entry.path;
  const isFile = FILES.has(entry.type) || name.endsWith('/');
  return {
    name,
    ...(!isFile && { other: OTHERS[entry.type] ?? 'no regular file' }),
    content: () => entry as AsyncIterable<Buffer>,
  };
}
