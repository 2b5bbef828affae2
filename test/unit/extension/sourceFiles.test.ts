/** The editor lists the files of a source by itself, without the engine; both have to name the same ones. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { listFiles } from '../../../src/engine/sources';
import { sourceFiles } from '../../../src/extension/datasets/sourceFiles';

const names = [
  ...['a.csv', 'b.csv.gz', 'c.CSV', 'd.parquet', 'e.feather', 'f.jsonl.zst', 'g.txt', 'h.csv.bak'],
  ...['i.tab', 'j.tsv.gzip', 'k.json.zstd', 'l.arrows', 'm.ipc', 'n.pqt', 'o.parquet.gz'],
  ...['.hidden.csv', '[x].csv', 'deep/er/a.csv', 'deep/b.json', '.dot/c.csv', 'folder.csv/in.csv'],
];

describe('the files of a source', () => {
  let parent: string;
  let folder: string;

  before(async () => {
    parent = await mkdtemp(path.join(os.tmpdir(), 'mldata-sources-'));
    await writeFile(path.join(parent, 'outside.csv'), 'a\n1\n');
    folder = path.join(parent, 'workspace');
    for (const name of names) {
      const file = path.join(folder, 'raw', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, 'a\n1\n');
    }
  });
  after(async () => rm(parent, { recursive: true, force: true }));

  const sources = [
    ['raw/a.csv'],
    ['./raw/a.csv'],
    ['raw'],
    ['raw/'],
    ['.'],
    ['raw/*.csv'],
    ['raw/**/*.csv'],
    ['raw/*'],
    ['raw/[ab].csv*'],
    ['raw/[x].csv'],
    ['raw/{a,d}.{csv,parquet}'],
    ['raw/deep/**'],
    ['raw/*.csv', 'raw/a.csv', 'raw/deep'],
  ];
  for (const source of sources) {
    it(`${source.join(', ')}: as the engine reads them`, async () => {
      const specs = source.map((each) => ({ path: each, options: {} }));
      const read = await listFiles(specs, { folder, root: folder }, 'd');
      assert.deepEqual(
        await sourceFiles(folder, source, false),
        read.map(({ name }) => name),
      );
    });
  }

  for (const source of ['../outside.csv', '../*.csv', 'raw/../../*.csv', 'link/*.csv']) {
    it(`${source}: not looked for outside a folder that is not trusted`, async () => {
      await rm(path.join(folder, 'link'), { force: true });
      await symlink(parent, path.join(folder, 'link'), 'junction');
      assert.match((await sourceFiles(folder, [source], false)).join(), /outside\.csv$/);
      assert.deepEqual(await sourceFiles(folder, [source], true), []);
      await rm(path.join(folder, 'link'));
    });
  }
});
