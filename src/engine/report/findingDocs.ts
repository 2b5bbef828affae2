/** What docs/findings.md says of each code, for reports whose readers have no other way to it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FindingDoc {
  readonly cause: string;
  /** Empty where the cause says all. */
  readonly remedy: string;
}

/** @param folder the one that holds findings.md: beside the bundle of this */
export async function readFindingDocs(folder = __dirname): Promise<ReadonlyMap<string, FindingDoc>> {
  return findingDocs(await readFile(join(folder, 'findings.md'), 'utf8'));
}

/** Rows of the tables: code or codes, severity, cause, remedy. */
function findingDocs(text: string): ReadonlyMap<string, FindingDoc> {
  const docs = new Map<string, FindingDoc>();
  for (const line of text.split('\n').filter((each) => each.startsWith('| `'))) {
    const [, codes = '', , cause = '', remedy = ''] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    for (const [, code = ''] of codes.matchAll(/`([\w-]+)`/g)) docs.set(code, { cause, remedy });
  }
  return docs;
}
