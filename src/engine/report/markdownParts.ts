/** What the Markdown of every report is made of. What these are given is escaped already. */
import type { Severity } from '../../protocol';
import { reportNumbers as numbers } from './numbers';

/** `2024-01-31T12:34:56.789Z` to the minute. */
export function minute(iso: string): string {
  return `${iso.slice(0, 16).replace('T', ' ')} UTC`;
}

export const severityMarks: Readonly<Record<Severity, string>> = {
  error: '❌ error',
  warning: '⚠️ warning',
  info: 'ℹ️ note',
};

export function section(title: string, content: string): string {
  return content === '' ? '' : `## ${title}\n\n${content}`;
}

export function paragraph(sentences: readonly string[]): string {
  return sentences.join(' ');
}

/** @param heads with `>` in front where cells stand at the right; `>` is not shown */
export function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(heads.map((head) => head.replace(/^>/, ''))),
    line(heads.map((head) => (head.startsWith('>') ? '---:' : '---'))),
    ...rows.map(line),
  ].join('\n');
}

export function leftOut(number: number, what: string, before: string): string[] {
  return number <= 0
    ? []
    : [`${before}${numbers.count(number)} ${what}${number === 1 ? '' : 's'}: see the JSON report.`];
}
