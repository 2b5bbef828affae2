/** What people should know about how a delimited file is read. */
import { MAX_SAMPLES, type Finding, type ReadOptions } from '../../protocol';
import { mixedNewlines, mixOfNewlines, nulByte } from './damage';
import type { Dialect } from './dialect';
import { usualWidth, type Sample, type SampleRecord } from './sample';

export function emptyFile(file: string): Finding {
  return {
    code: 'source-empty',
    severity: 'error',
    message: 'The file holds no records.',
    locations: [{ file }],
    suggestion: 'Remove it from the source or fill it.',
  };
}

export function describeSkipped(
  text: string,
  dialect: Dialect,
  preamble: readonly SampleRecord[],
  file: string,
): Finding[] {
  if (dialect.skipLines === 0) return [];
  const lines = firstLines(text, Math.min(dialect.skipLines, MAX_SAMPLES));
  const which = dialect.skipLines === 1 ? 'Line 1 is' : `Lines 1 to ${dialect.skipLines} are`;
  return [
    {
      code: 'lines-skipped',
      severity: preamble.length > 0 ? 'warning' : 'info',
      message: `${which} before the table and not read.`,
      count: dialect.skipLines,
      locations: lines.map((line, index) => ({ file, line: index + 1, text: line })),
      suggestion: "Say `skipLines: 0` in the source's options if they are data.",
    },
  ];
}

function firstLines(text: string, count: number): string[] {
  const lines: string[] = [];
  let at = 0;
  while (lines.length < count && at < text.length) {
    const start = at;
    while (at < text.length && text[at] !== '\n' && text[at] !== '\r') at++;
    lines.push(text.slice(start, Math.min(at, start + 200)));
    at += text[at] === '\r' && text[at + 1] === '\n' ? 2 : 1;
  }
  return lines;
}

export function describeHeader(
  first: SampleRecord,
  data: readonly SampleRecord[],
  dialect: Dialect,
  options: ReadOptions,
  certain: boolean,
  complete: boolean,
  file: string,
): Finding[] {
  const findings: Finding[] = [];
  const { line, fields } = first;
  const at = [{ file, line, text: fields.join(dialect.delimiter).slice(0, 200) }];
  if (first.broken) {
    findings.push({
      code: 'header-unreadable',
      severity: 'error',
      message: 'The first record does not end within the first megabyte, or a quote in it is never closed.',
      locations: at,
      suggestion: 'Check the quotes and line ends of the file.',
    });
  }
  if (options.header === undefined && !dialect.header) {
    findings.push({
      code: 'header-missing',
      severity: 'warning',
      message: 'The first record looks like data, so the columns are named by their position.',
      locations: at,
      suggestion: "Say `header: true` in the source's options if it names the columns.",
    });
  } else if (options.header === undefined && !certain && data.length > 0) {
    findings.push({
      code: 'header-assumed',
      severity: 'info',
      message: 'The first record is taken for the header, though the data does not tell.',
      locations: at,
      suggestion: "Say `header: false` in the source's options if it is data.",
    });
  }
  if (!dialect.header) return findings;
  findings.push(...describeNames(fields, line, file));
  if (data.length === 0 && complete) {
    findings.push({
      code: 'source-no-rows',
      severity: 'warning',
      message: 'The file holds a header and no rows.',
      locations: at,
    });
  }
  const usual = usualWidth(data);
  const most = data.filter((record) => record.fields.length === usual).length * 2 > data.length;
  if (most && usual !== fields.length) {
    findings.push({
      code: 'header-width',
      severity: 'warning',
      message: `The header has ${counted(fields.length, 'name')}, but most rows have ${counted(usual, 'field')}.`,
      locations: at,
      suggestion: 'Give every column a name, or correct the delimiter with `options: { delimiter: … }`.',
    });
  }
  return findings;
}

function describeNames(names: readonly string[], line: number, file: string): Finding[] {
  const findings: Finding[] = [];
  const positions = new Map<string, number[]>();
  names.forEach((name, index) => {
    const known = positions.get(name);
    if (known) known.push(index + 1);
    else positions.set(name, [index + 1]);
  });
  for (const [name, fields] of positions) {
    if (name === '') {
      findings.push({
        code: 'empty-column-name',
        severity: 'warning',
        message: `The header leaves ${fields.length === 1 ? `column ${fields[0]}` : `columns ${list(fields)}`} without a name.`,
        count: fields.length,
        locations: [{ file, line }],
        suggestion: 'Name it in the file.',
      });
    } else if (fields.length > 1) {
      findings.push({
        code: 'duplicate-column',
        severity: 'error',
        message: `The header names the columns ${list(fields)} alike: ${name.slice(0, 100)}.`,
        column: name,
        count: fields.length,
        locations: [{ file, line }],
        suggestion: 'Rename all but one of them in the file.',
      });
    }
  }
  return findings;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

function list(numbers: readonly number[]): string {
  const shown = numbers.slice(0, MAX_SAMPLES).join(', ');
  return numbers.length > MAX_SAMPLES ? `${shown} …` : shown;
}

/** Quoting other than that of RFC 4180, unless the options say so. */
export function describeQuoting({ quote, escape }: Dialect, options: ReadOptions, file: string): Finding[] {
  const assumed = [
    options.quote === undefined &&
      quote === "'" && {
        message: 'Single quotes enclose fields and are not part of the values.',
        suggestion: "Say `quote: '\"'` in the source's options if they are part of them.",
      },
    options.escape === undefined &&
      escape === '\\' && {
        message: 'A backslash in quotes makes the quote behind it part of the value.',
        suggestion: "Say `escape: '\"'` in the source's options if quotes are doubled instead.",
      },
  ].filter((assumption) => assumption !== false);
  return assumed.map((assumption) => ({
    code: 'quoting-assumed',
    severity: 'info',
    ...assumption,
    locations: [{ file }],
  }));
}

export function describeText(text: string, { newlines }: Sample, file: string): Finding[] {
  const findings: Finding[] = [];
  const kinds = mixOfNewlines(newlines);
  if (kinds !== undefined) findings.push(mixedNewlines(kinds, file));
  const nul = text.indexOf('\0');
  if (nul !== -1) findings.push(nulByte(file, 1 + (text.slice(0, nul).match(/\r\n?|\n/g)?.length ?? 0)));
  return findings;
}
