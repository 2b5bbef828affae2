import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { confinedPath, confinementRoot, isInside, portablePath } from '../../../src/engine/sources';

describe('paths of a config', () => {
  let top: string;
  let root: string;
  let folder: string;
  before(async () => {
    top = await realpath(await mkdtemp(join(tmpdir(), 'mldata-test-')));
    root = join(top, 'repo');
    folder = join(root, 'project');
    await mkdir(join(folder, 'raw'), { recursive: true });
    await mkdir(join(top, 'outside'));
    await mkdir(join(top, 'repo-too'));
    await writeFile(join(root, 'shared.csv'), '');
    await writeFile(join(folder, 'raw/a.csv'), '');
    await writeFile(join(top, 'outside/secret.csv'), '');
    await symlink(join(top, 'outside'), join(folder, 'out'));
    await symlink(join(top, 'outside/secret.csv'), join(folder, 'raw/secret.csv'));
    await symlink(join(root, 'shared.csv'), join(folder, 'raw/shared.csv'));
    await symlink(join(top, 'outside/not-yet.csv'), join(folder, 'raw/dangling.csv'));
    await symlink('../../shared-later.csv', join(folder, 'raw/later.csv'));
    await symlink('loop', join(folder, 'loop'));
    await symlink(root, join(top, 'linked-repo'));
  });
  after(() => rm(top, { recursive: true }));

  const inside: [string, string][] = [
    ['a file', 'raw/a.csv'],
    ['the folder itself', '.'],
    ['a file that is not there yet', 'raw/new/deep/b.csv'],
    ['a file above the config but inside the root', '../shared.csv'],
    ['a way out and back in', '../../repo/shared.csv'],
    ['a link that stays inside', 'raw/shared.csv'],
    ['a link to what will be inside', 'raw/later.csv'],
    ['a name that only looks like the parent', '..data/a.csv'],
  ];
  for (const [name, path] of inside) {
    it(`may name ${name}`, async () => {
      assert.equal(await confinedPath(folder, path, root), join(folder, path));
    });
  }

  it('may be absolute inside the root', async () => {
    assert.equal(await confinedPath(folder, join(root, 'shared.csv'), root), join(root, 'shared.csv'));
  });

  it('may be reached through a link to the whole repository', async () => {
    const linked = join(top, 'linked-repo');
    assert.equal(await confinedPath(join(linked, 'project'), 'raw/a.csv', linked), join(linked, 'project/raw/a.csv'));
  });

  const outside: [string, string][] = [
    ['a parent of the root', '../../outside/secret.csv'],
    ['a sibling whose name begins alike', '../../repo-too/a.csv'],
    ['the parent itself', '../..'],
    ['what is not there yet', '../../new/a.csv'],
    ['a file behind a linked folder', 'out/secret.csv'],
    ['a new file behind a linked folder', 'out/new.csv'],
    ['a linked file', 'raw/secret.csv'],
    ['a link to what is not there yet', 'raw/dangling.csv'],
    ['an absolute path', '/etc/passwd'],
  ];
  for (const [name, path] of outside) {
    it(`may not name ${name}`, async () => {
      await assert.rejects(confinedPath(folder, path, root), {
        kind: 'config',
        code: 'path-outside',
        message: /leaves .*allow paths outside it .*mldata\.allowOutsidePaths.*--allow-outside-paths/,
      });
    });
    it(`may name ${name} where every path is allowed`, async () => {
      await confinedPath(folder, path, undefined);
    });
  }

  it('does not hang on a link to itself', async () => {
    assert.equal(await confinedPath(folder, 'loop', root), join(folder, 'loop'));
  });

  it('are confined to the git root, else to the folder of the config', async () => {
    assert.equal(confinementRoot(folder), folder);
    await mkdir(join(root, '.git'));
    assert.equal(confinementRoot(folder), root);
    await rm(join(root, '.git'), { recursive: true });
    // A worktree has a file there.
    await writeFile(join(root, '.git'), 'gitdir: elsewhere');
    assert.equal(confinementRoot(folder), root);
    await rm(join(root, '.git'));
  });

  it('are written with forward slashes, relative to the config', () => {
    assert.equal(portablePath(folder, join(folder, 'raw', 'a.csv')), 'raw/a.csv');
    assert.equal(portablePath(folder, join(root, 'shared.csv')), '../shared.csv');
  });

  it('are inside by whole names', () => {
    assert.ok(isInside(root, root) && isInside(root, join(root, 'a')) && isInside(root, join(root, '..a')));
    assert.ok(!isInside(root, top) && !isInside(root, `${root}-too`) && !isInside(root, join(top, 'outside')));
  });
});
