/** Where the installed DVC is to write, and would not leave as it is what is to stay. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dvcProgram } from '../host/trackingPython';
import { remove } from '../host/workspace';
import { writeAll } from './gitHome';
import { RealDvc } from './realDvc';
import { track } from './tracked';

describe('tracking with the installed DVC', function () {
  this.timeout(5 * 60_000); // the packages may have to be fetched
  let real: RealDvc;
  before(async () => {
    real = await RealDvc.start();
  });
  after(() => real.stop());

  it('keeps the other outputs of a .dvc, and comments in it', async () => {
    const folder = await real.repository();
    await writeAll(folder, { 'a.txt': '1\n', 'b.txt': '2\n' });
    await real.dvc(folder, 'add', '--quiet', 'a.txt', 'b.txt');
    const [a, b] = await Promise.all(['a.txt.dvc', 'b.txt.dvc'].map((name) => readFile(join(folder, name), 'utf8')));
    await real.dvc(folder, 'remove', 'a.txt.dvc', 'b.txt.dvc');
    await writeAll(folder, {
      'both.dvc': `# both\n${a}${b?.replace('outs:\n', '')}`,
      'a.txt': '11\n',
      'b.txt': '22\n',
    });
    const cli = { dvc: { mode: 'cli', executables: [await dvcProgram()] } } as const;
    await track(folder, ['a.txt'], cli);
    assert.deepEqual(await real.json(folder, 'status'), { 'both.dvc': [{ 'changed outs': { 'b.txt': 'modified' } }] });
    await track(folder, ['b.txt'], cli);
    assert.deepEqual(await real.json(folder, 'status'), {});
    assert.match(await readFile(join(folder, 'both.dvc'), 'utf8'), /^# both\nouts:\n- md5: /);
    await remove(join(folder, '..'));
  });
});
