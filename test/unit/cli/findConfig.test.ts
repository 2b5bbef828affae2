import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { findConfig } from '../../../src/cli/findConfig';
import { CONFIG_FILES } from '../../../src/config';

describe('the config of a folder', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'mldata-config-'));
    await mkdir(join(root, 'repo/.git'), { recursive: true });
    await mkdir(join(root, 'repo/a/b'), { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));
  const write = async (path: string): Promise<string> => {
    await writeFile(join(root, path), '');
    return join(root, path);
  };

  it('finds both names, the hidden one first', async () => {
    const plain = await write('repo/a/mldata.yaml');
    assert.equal(await findConfig(join(root, 'repo/a')), plain);
    const hidden = await write('repo/a/.mldata.yaml');
    assert.equal(await findConfig(join(root, 'repo/a')), hidden);
    assert.deepEqual(CONFIG_FILES, ['.mldata.yaml', 'mldata.yaml']);
  });

  it('finds the nearest one above', async () => {
    const far = await write('repo/.mldata.yaml');
    assert.equal(await findConfig(join(root, 'repo/a/b')), far);
    const near = await write('repo/a/mldata.yaml');
    assert.equal(await findConfig(join(root, 'repo/a/b')), near);
  });

  it('stops at the git root, be it a clone or a worktree', async () => {
    await write('.mldata.yaml');
    assert.equal(await findConfig(join(root, 'repo/a/b')), undefined);
    await mkdir(join(root, 'tree/x'), { recursive: true });
    await write('tree/.git');
    assert.equal(await findConfig(join(root, 'tree/x')), undefined);
  });

  it('takes only files, and folders that are not there yet', async () => {
    await mkdir(join(root, 'repo/a/b/.mldata.yaml'));
    const config = await write('repo/mldata.yaml');
    assert.equal(await findConfig(join(root, 'repo/a/b')), config);
    assert.equal(await findConfig(join(root, 'repo/new/folder')), config);
  });

  it('ends at the root of the file system', async () => {
    assert.equal(await findConfig(parse(root).root), undefined);
  });
});
