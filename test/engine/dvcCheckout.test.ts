/** Another repository, of which the files of DVC are brought: also very many of them, and from one that does not answer. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdir, readdir } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { withDvcCheckout } from '../../src/engine/dvcCheckout';
import { dvcAddress } from '../../src/engine/stores';
import { temporaryFolder } from '../host/workspace';

describe('a repository of DVC elsewhere', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  const place = () => ({
    ...{ folder, root: folder, allowInner: true, scratch: join(folder, 'scratch') },
    signal: new AbortController().signal,
  });

  it('may have more files than fit on a command line, and lies where a killed process leaves nothing', async () => {
    const from = join(folder, 'repo');
    await mkdir(from);
    const git = (args: readonly string[], input = ''): string =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], { cwd: from, input })
        .toString()
        .trim();
    git(['init', '--quiet']);
    const blob = git(['hash-object', '-w', '--stdin'], 'outs: []\n');
    const names = Array.from({ length: 12_000 }, (_, index) => `${'long'.repeat(50)}${index}.dvc`);
    git(['update-index', '--index-info'], names.map((name) => `100644 ${blob}\t${name}\n`).join(''));
    git(['commit', '--quiet', '-m', 'all']);
    const count = await withDvcCheckout(dvcAddress('dvc://./repo@HEAD//data'), place(), async ({ root }) => {
      assert.equal(dirname(root), join(folder, 'scratch'));
      return (await readdir(root)).length;
    });
    assert.equal(count, names.length + 1);
    assert.deepEqual(await readdir(join(folder, 'scratch')), []);
  });

  for (const [when, limitMs] of [
    ['while git waits for it', 500],
    ['before git has asked', 1],
  ] as const) {
    it(`that does not answer is given up, ${when}`, async () => {
      const server = createServer(() => undefined);
      await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
      try {
        const { port } = server.address() as AddressInfo;
        const asked = withDvcCheckout(
          dvcAddress(`dvc://http://127.0.0.1:${port}/repo//data`),
          { ...place(), limitMs },
          () => assert.fail('it answered'),
        );
        await assert.rejects(asked, { code: 'store-repository', message: /did not answer git within 1 s/ });
      } finally {
        server.close();
      }
    });
  }
});
