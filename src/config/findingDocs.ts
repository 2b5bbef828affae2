/** What docs/findings.md says of each code: the documentation that every finding leads to, in reports and in the editor. */
import type { FindingHelp } from '../protocol';

/** Rows of the tables: code or codes, severity, cause, remedy. */
export function findingDocs(text: string): ReadonlyMap<string, FindingHelp> {
  const docs = new Map<string, FindingHelp>();
  for (const line of text.split('\n').filter((each) => each.startsWith('| `'))) {
    const [, codes = '', , cause = '', remedy = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    for (const [, code = ''] of codes.matchAll(/`([\w-]+)`/g)) docs.set(code, { cause, remedy });
  }
  return docs;
}

/** Of the codes of these findings, each once; without links, whose targets are not beside a report. */
export function helpFor(
  findings: readonly { readonly code: string }[],
  docs: ReadonlyMap<string, FindingHelp>,
): Record<string, FindingHelp> {
  const codes = [...new Set(findings.map(({ code }) => code))].sort();
  return Object.fromEntries(
    codes.flatMap((code) => {
      const help = docs.get(code);
      return help ? [[code, { cause: withoutLinks(help.cause), remedy: withoutLinks(help.remedy) }]] : [];
    }),
  );
}

function withoutLinks(markdown: string): string {
  return markdown.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}
