/** Turns what the platform or the SQL engine throws into an error that says what to do. */
import { firstLine } from './duckdb';
import { MldataError } from '../protocol';

/** `what` is the sentence's subject, such as the dataset's name. */
export function explain(error: unknown, what: string): MldataError {
  if (error instanceof MldataError) return error;
  const message = firstLine(error);
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  const fail = (name: string, text: string) =>
    new MldataError('buildFailed', name, `${what}: ${text}`, [], { cause: error });
  if (
    code === 'ENOSPC' ||
    code === 'EDQUOT' ||
    code === 'EFBIG' ||
    /no space left|disk quota|file too large|max_temp_directory_size/i.test(message)
  ) {
    return fail('disk-full', 'The disk is full. Free some space and build again; the artifacts from before are whole.');
  }
  if (
    code === 'EACCES' ||
    code === 'EPERM' ||
    code === 'EROFS' ||
    /permission denied|read-only file system/i.test(message)
  ) {
    const path = (error as NodeJS.ErrnoException).path;
    return fail(
      'not-writable',
      `Writing ${path ?? 'the output'} is not allowed. Change its permissions, or choose another \`output.path\`.`,
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
