/** Exports that Git LFS or DVC tracks afterwards, as the real ones see them. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { exportIn } from '../engine/exported';
import { config, here, workspaces, type Workspace } from '../engine/support';
import { withGitLfs } from '../host/gitLfs';
import { commit, git, GitHome } from './gitHome';
import { RealDvc } from './realDvc';

describe('an export that is tracked', function () {
  this.timeout(5 * 60_000);
  const workspace = workspaces(here);

  async function repository(): Promise<Workspace> {
    const space = await workspace({ '.mldata.yaml': config('data.csv'), '.gitignore': '.mldata/\n' });
    await git(space.folder, 'init', '--quiet');
    // Beyond what Git LFS is asked to keep by itself.
    await space.query(`COPY (SELECT range AS id, md5(range::VARCHAR) AS text FROM range(300000)) TO {in.parquet}`);
    return space;
  }

  it('with Git LFS: its data is pointers in git, and what describes it is text', async () => {
    const home = await GitHome.open({ PATH: (await withGitLfs())['PATH'] });
    try {
      const space = await repository();
      await git(space.folder, 'lfs', 'install', '--skip-repo');
      const { findings, files } = await exportIn(space, 'in.parquet', { formats: ['csv'], tracking: 'git-lfs' });
      assert.deepEqual(
        findings.filter(({ severity }) => severity !== 'info'),
        [],
      );
      await commit(space.folder);
      const [file] = files;
      const listed = await git(space.folder, 'lfs', 'ls-files', '--name-only');
      assert.deepEqual(listed.trim().split('\n'), [`exports/in/${file?.path}`]);
      const pointer = await git(space.folder, 'show', `HEAD:exports/in/${file?.path}`);
      assert.ok(pointer.includes(`oid sha256:${file?.sha256}`));
    } finally {
      await home.close();
    }
  });

  it('with DVC: each folder of data is kept, and another export takes its place', async () => {
    const real = await RealDvc.start();
    try {
      const space = await repository();
      await real.dvc(space.folder, 'init', '--quiet');
      const tracking = { formats: ['parquet', 'csv'], tracking: 'dvc', dvc: { mode: 'native' } } as const;
      for (const rows of [9, 7]) {
        const where = `id < ${rows}`;
        const { findings } = await exportIn(space, 'in.parquet', { ...tracking, where, force: true });
        assert.deepEqual(findings, []);
        assert.deepEqual(await real.json(space.folder, 'status'), {});
        await commit(space.folder);
        const inGit = (await git(space.folder, 'ls-files', 'exports')).trim().split('\n');
        const expected = ['.gitignore', 'csv.dvc', 'data.dvc', 'export.json'];
        assert.deepEqual(
          inGit,
          expected.map((name) => `exports/in/${name}`),
        );
        const lines = (await readFile(space.path('exports/in/csv/data.csv'), 'utf8')).trim().split('\n');
        assert.equal(lines.length, rows + 1);
      }
    } finally {
      await real.stop();
    }
  });

  it('where that cannot be: it is whole, and says how it is tracked later', async () => {
    const space = await workspace({ '.mldata.yaml': config('data.csv') });
    await writeFile(space.path('in.csv'), 'a\n1\n');
    const { findings, rows } = await exportIn(space, 'in.csv', { tracking: 'git-lfs', output: 'out' });
    assert.deepEqual(
      [rows, findings.map(({ code, suggestion }) => [code, /`(mldata track [^`]*)`/.exec(suggestion ?? '')?.[1]])],
      [1, [['not-tracked', 'mldata track out']]],
    );
  });
});
