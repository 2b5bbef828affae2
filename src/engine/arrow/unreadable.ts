import { MldataError, type Finding } from '../../protocol';

/** What is wrong with the bytes of a file, as a sentence. */
export class Malformed extends Error {
  override readonly name = 'Malformed';
}

/** A column of a type that can't be stored, as a sentence that names both. */
export class Unsupported extends Error {
  override readonly name = 'Unsupported';
}

/** A record batch that doesn't fit into memory, as a sentence. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
}

/** The error of an Arrow (or Parquet) file that can't be copied: which file, what is wrong, and what to do. */
export function unreadable(path: string, what: string, advice: string, cause?: unknown): MldataError {
  const finding: Finding = {
    code: 'arrow-unreadable',
    severity: 'error',
    message: what.replace(/^./, (first) => first.toUpperCase()),
    locations: [{ file: path }],
    suggestion: advice,
  };
  return new MldataError('buildFailed', finding.code, `${path}: ${what} ${advice}`, [finding], { cause });
}

/** Words whatever came up while `path` was copied for the person who asked; errors of the file system and our own stay as they are. */
export function worded(path: string, error: unknown): unknown {
  if (error instanceof MldataError || (error instanceof Error && 'syscall' in error)) return error;
  if (error instanceof Unsupported) {
    return unreadable(
      path,
      error.message,
      'Cast the column to another type or leave it out, and write the file again.',
      error,
    );
  }
  if (error instanceof TooLarge) {
    return unreadable(path, error.message, 'Write the file again in batches of, say, 100,000 rows.', error);
  }
  // Damaged bytes make the readers of flatbuffers, the codecs and Parquet throw errors of all kinds.
  const what = error instanceof Malformed ? error.message : 'its data contradicts its own schema.';
  return unreadable(path, what, 'It may be damaged or only partly copied: write or copy the file again.', error);
}

/** Names a column in a message: quoted, on one line, and short enough to read. */
export function quoteName(name: string): string {
  return JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
}
