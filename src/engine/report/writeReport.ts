/** Writing a profile as the kind of file that its name asks for. */
import { randomBytes } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { MldataError, type Profile, type ReportRequest } from '../../protocol';
import { profileHtml } from './html';
import { profileMarkdown } from './markdown';

const writers = new Map<string, (profile: Profile) => string | Promise<string>>([
  ['.json', (profile) => `${JSON.stringify(profile, null, 2)}\n`],
  ['.md', (profile) => profileMarkdown(profile)],
  ['.html', (profile) => profileHtml(profile)],
]);

/** Replaces the file as a whole. Throws `report-format` for another ending, and `report-unwritable`. */
export async function writeReport({ profile, file }: ReportRequest): Promise<void> {
  const write = writers.get(extname(file).toLowerCase());
  if (write === undefined) {
    const endings = [...writers.keys()].join(', ');
    throw new MldataError('usage', 'report-format', `${file} ends in none of ${endings}. Name a file that does.`);
  }
  const text = await write(profile);
  const draft = join(dirname(file), `.${basename(file)}.${randomBytes(4).toString('hex')}`);
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(draft, text, { flag: 'wx' });
    await rename(draft, file);
  } catch (error) {
    const { message } = error as Error;
    throw new MldataError(
      'buildFailed',
      'report-unwritable',
      `${file} cannot be written: ${message}. Choose another place.`,
    );
  } finally {
    await rm(draft, { force: true });
  }
}
