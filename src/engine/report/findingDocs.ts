/** What is said of each code, for reports whose readers have no other way to it. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findingDocs } from '../../config';
import type { FindingHelp } from '../../protocol';

/** @param folder the one that holds findings.md: beside the bundle of this */
export async function readFindingDocs(folder = __dirname): Promise<ReadonlyMap<string, FindingHelp>> {
  return findingDocs(await readFile(join(folder, 'findings.md'), 'utf8'));
}
