/** Writing a profile as the kind of file that its name asks for. */
import { extname } from 'node:path';
import type { Profile, ReportRequest } from '../../protocol';
import { profileHtml } from './html';
import { profileMarkdown } from './markdown';
import { replaceFile, unknownEnding } from './replaceFile';

const writers = new Map<string, (profile: Profile) => string | Promise<string>>([
  ['.json', (profile) => `${JSON.stringify(profile, null, 2)}\n`],
  ['.md', (profile) => profileMarkdown(profile)],
  ['.html', (profile) => profileHtml(profile)],
]);

/** Replaces the file as a whole. Throws `report-format` for another ending, and `report-unwritable`. */
export async function writeReport({ profile, file }: ReportRequest): Promise<void> {
  const write = writers.get(extname(file).toLowerCase());
  if (write === undefined) throw unknownEnding(file, [...writers.keys()]);
  await replaceFile(file, await write(profile));
}
