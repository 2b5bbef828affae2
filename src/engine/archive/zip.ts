/** Members of a zip file. */
import { crc32 } from 'node:zlib';
import { openPromise, type Entry, type ZipFile } from 'yauzl';
import { MldataError } from '../../protocol';
import { damaged, unsafe, type Member } from './member';

const FILE_TYPE = 0o170000;
const LINK = 0o120000;

/** Throws `archive-damaged` and `archive-unsafe`. */
export function readZip(path: string, take: (member: Member) => Promise<void>): Promise<void> {
  return eachOfZip(path, () => openPromise(path, { autoClose: false }), take);
}

/** The same of one that `open` opens, wherever it lies. @param path as it may be shown */
export async function eachOfZip(
  path: string,
  open: () => Promise<ZipFile>,
  take: (member: Member) => Promise<void>,
): Promise<void> {
  let zip: ZipFile | undefined;
  try {
    zip = await open();
    for await (const entry of zip.eachEntry()) await take(memberOf(entry, zip, path));
  } catch (error) {
    throw explained(error, path);
  } finally {
    zip?.close();
  }
}

function memberOf(entry: Entry, zip: ZipFile, path: string): Member {
  const isLink = ((entry.externalFileAttributes >>> 16) & FILE_TYPE) === LINK;
  return {
    name: entry.fileName,
    ...(isLink && { other: 'a link' }),
    content: () => contentOf(entry, zip, path),
  };
}

async function* contentOf(entry: Entry, zip: ZipFile, path: string): AsyncGenerator<Uint8Array> {
  if (entry.isEncrypted()) {
    throw unsafe(
      path,
      `its member ${JSON.stringify(entry.fileName)} is encrypted. Unpack it yourself, and name its files`,
    );
  }
  let sum = 0;
  try {
    for await (const chunk of await zip.openReadStreamPromise(entry)) {
      sum = crc32(chunk as Buffer, sum);
      yield chunk as Buffer;
    }
  } catch (error) {
    throw explained(error, path);
  }
  // The library leaves this to its users.
  if (sum !== entry.crc32) throw damaged(path, `its member ${entry.fileName} is damaged`);
}

function explained(error: unknown, path: string): unknown {
  if (error instanceof MldataError || (error as NodeJS.ErrnoException).syscall !== undefined) return error;
  const { message } = error as Error;
  return /^(invalid (relative path|characters)|absolute path)/.test(message)
    ? unsafe(path, `a member would be written outside the folder it is unpacked to (${message})`)
    : damaged(path, message, error);
}
