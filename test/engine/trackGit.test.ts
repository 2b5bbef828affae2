/** What git is asked, in repositories of whoever, and in whatever environment. */
import assert from 'node:assert/strict';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addToDvc, findDvc, initDvc } from '../../src/engine/tracking/dvc';
import { filesOfGit, findGit, trackedByGit } from '../../src/engine/tracking/git';
import { ownersOf } from '../../src/engine/tracking/pipeline';
import { lfsStatus } from '../../src/engine/tracking/lfs';
import type { MldataError } from '../../src/protocol';
import { remove, temporaryFolder } from '../host/workspace';
import { commit, git, GitHome, writeAll } from '../interop/gitHome';

describe('asking git', function () {
  this.timeout(60_000);
  let home: GitHome;
  let folder: string;
  before(async () => {
    home = await GitHome.open();
  });
  after(() => home.close());
  beforeEach(async () => {
    folder = await temporaryFolder();
    await git(folder, 'init', '--quiet');
  });
  afterEach(() => remove(folder));

  const { signal } = new AbortController();
  const siteOf = async (path: string) => {
    const found = await findGit(folder);
    assert.ok(found);
    return { target: path, paths: [join(found.root, path)], git: found, state: join(found.root, '.mldata') };
  };

  it('starts no program that a config of the repository names', async () => {
    await writeAll(folder, { '.gitattributes': 'data/* filter=lfs\n', 'data/a.bin': 'a' });
    await git(folder, 'add', '.gitattributes');
    const started = join(folder, '.git', 'started');
    await writeFile(join(folder, '.git', 'evil'), `#!/bin/sh\necho "$0" >> '${started}'\n`, { mode: 0o755 });
    await writeFile(join(folder, '.git', 'post-index-change'), `#!/bin/sh\ntouch '${started}'\n`, { mode: 0o755 });
    await git(folder, 'config', 'core.fsmonitor', join(folder, '.git', 'evil'));
    await git(folder, 'config', 'core.hooksPath', join(folder, '.git'));
    const site = await siteOf('data');
    await filesOfGit(site.git, 'kept', ['data']);
    await lfsStatus(site.git, [site], signal);
    await initDvc(site.git.root);
    await writeAll(folder, { '.dvc/config': '[core]\n    autostage = true\n', '.gitattributes': '' });
    const dvc = await findDvc(site.git.root);
    assert.ok(dvc);
    const owners = await ownersOf(site, dvc, signal);
    await addToDvc({ ...site, owners }, dvc, { dryRun: false, onProgress: () => undefined, signal });
    assert.deepEqual(await trackedByGit(site.git, ['data.dvc']), ['data.dvc']);
    await assert.rejects(access(started));
  });

  it('stages files whatever their names mean to git', async () => {
    await writeAll(folder, { ':(exclude)a*': 'a' });
    const site = await siteOf(':(exclude)a*');
    await initDvc(site.git.root);
    await writeAll(folder, { '.dvc/config': '[core]\n    autostage = true\n' });
    const dvc = await findDvc(site.git.root);
    assert.ok(dvc);
    const owners = await ownersOf(site, dvc, signal);
    await addToDvc({ ...site, owners }, dvc, { dryRun: false, onProgress: () => undefined, signal });
    assert.equal((await git(folder, 'ls-files', '-z', '*.dvc')).split('\0')[0], ':(exclude)a*.dvc');
  });

  it('asks about the repository that a folder lies in, whatever a hook of another has set', async () => {
    await writeAll(folder, { 'sub/a': 'a' });
    await commit(folder);
    const other = await GitHome.open({
      GIT_DIR: join(folder, 'none'),
      GIT_INDEX_FILE: join(folder, 'none'),
      GIT_LITERAL_PATHSPECS: '1',
    });
    try {
      const found = await findGit(join(folder, 'sub'));
      assert.ok(found);
      assert.deepEqual(await trackedByGit(found, ['sub']), ['sub/a']);
    } finally {
      await other.close();
    }
  });

  it('tells a repository that cannot be read from none', async () => {
    await writeFile(join(folder, '.git', 'config'), '[core\n');
    const error = await findGit(folder).then(
      () => assert.fail('it was found'),
      (reason: unknown) => reason as MldataError,
    );
    assert.equal(error.code, 'git-failed');
    assert.match(error.message, /git rev-parse.*bad config line 1/);
  });
});
