/** What is wrong with a text file as a whole, whoever comes upon it. */
import { MldataError, type Finding } from '../../protocol';
import type { NewlineCounts } from './recordCutter';

/** The kinds of line ends, such as `LF (20), CR LF (3)`, where there is more than one. */
export function mixOfNewlines({ lf, crlf, cr }: Readonly<NewlineCounts>): string | undefined {
  const kinds = [lf > 0 && `LF (${lf})`, crlf > 0 && `CR LF (${crlf})`, cr > 0 && `CR (${cr})`].filter(Boolean);
  return kinds.length > 1 ? kinds.join(', ') : undefined;
}

/** @param kinds as {@link mixOfNewlines} tells them */
export function mixedNewlines(kinds: string, file: string): Finding {
  return {
    code: 'mixed-newlines',
    severity: 'warning',
    message: `Lines end in different ways: ${kinds}. Each of them ends a record.`,
    locations: [{ file }],
    suggestion: 'Write the file with one kind of line end.',
  };
}

export function nulByte(file: string, line: number): Finding {
  return {
    code: 'source-nul',
    severity: 'error',
    message: 'A NUL byte stands in the file; text has none.',
    locations: [{ file, line }],
    suggestion: 'Remove it, or say how the file is encoded with `options: { encoding: utf-16le }`.',
  };
}

/** The error of a file of which nothing is read because of `finding`. */
export function asError(finding: Finding): MldataError {
  const { file = '', line } = finding.locations?.[0] ?? {};
  const place = line === undefined ? file : `${file}:${line}`;
  return new MldataError(
    'buildFailed',
    finding.code,
    `${place}: ${finding.message} ${finding.suggestion ?? ''}`.trim(),
    [finding],
  );
}
