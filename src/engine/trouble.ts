/** Turns what the platform or the SQL engine throws into an error that says what to do. */
import { redact, redacted } from './credentials';
import { firstLine } from './duckdb';
import { MldataError } from '../protocol';

/** What stands in the way of a path that is to be written. */
const obstacles: Readonly<Record<string, string>> = {
  ENOTDIR: 'a file stands where a folder is needed',
  EEXIST: 'something else stands there',
  EISDIR: 'a folder stands there',
  ELOOP: 'links lead in a circle',
  ENAMETOOLONG: 'the name is too long for the disk',
};

/** `what` is the sentence's subject, such as the dataset's name. */
export function explain(error: unknown, what: string): MldataError {
  if (error instanceof MldataError) return redacted(error);
  const message = redact(firstLine(error));
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const path = targetOf(error);
  const fail = (name: string, text: string) =>
    new MldataError('buildFailed', name, `${what}: ${text}`, [], { cause: error });
  if (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    code === 'EFBIG' ||
    /no space left|disk quota|file too large|failed to offload data block/i.test(message)
  ) {
    return fail('disk-full', 'The disk is full. Free some space and try again; what was written before is whole.');
  }
  if (
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'EROFS' ||
    /permission denied|read-only file system/i.test(message)
  ) {
    return fail(
      'not-writable',
      `Writing ${path ?? 'the output'} is not allowed. Change its permissions, or write to another folder.`,
    );
  }
  const obstacle = code === undefined ? undefined : obstacles[code];
  if (obstacle !== undefined) {
    return fail(
      'output-blocked',
      `${path ?? 'The output'} cannot be written: ${obstacle}. Move that away, or write to another folder.`,
    );
  }
  if (/out of memory/i.test(message)) {
    return fail(
      'out-of-memory',
      'The memory limit does not suffice. Raise it (setting mldata.engine.memoryLimit, or --memory-limit).',
    );
  }
  return fail('internal', `${message} This is a defect of mldata; please report it with the log.`);
}

/** Where a call of the file system was to write; a move has two paths. */
function targetOf(error: unknown): string | undefined {
  const { path, dest } = (error ?? {}) as { readonly path?: string; readonly dest?: string };
  return dest ?? path;
}
