/** Where reports go: every folder that can be made, and an error where none can. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from '../../../../src/engine/report/replaceFile';
import type { MldataError } from '../../../../src/protocol';
import { remove, temporaryFolder } from '../../../host/workspace';

describe('a report', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => remove(folder));

  it('brings the folders with it that are not there', async () => {
    const file = join(folder, 'a', 'b', 'c', 'report.md');
    await replaceFile(file, 'one');
    await replaceFile(file, 'two');
    assert.equal(await readFile(file, 'utf8'), 'two');
  });

  const refusing = ['below a file', ...(process.platform === 'linux' ? ['where no folder can be made'] : [])];
  for (const where of refusing)
    it(`is refused ${where}`, async () => {
      await writeFile(join(folder, 'file'), '');
      const file = where === 'below a file' ? join(folder, 'file', 'inner', 'a.html') : '/proc/nope/inner/a.html';
      await assert.rejects(replaceFile(file, ''), (error: MldataError) => error.code === 'report-unwritable');
    });
});
