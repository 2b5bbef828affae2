/** The way back of files that a check moved aside: what interrupted runs, other people and hostile lists leave. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { putBack } from '../../../src/engine/checks';
import { quarantine } from '../../../src/engine/checks/files/quarantine';
import { remove, temporaryFolder } from '../../host/workspace';

describe('putting files back that were moved aside', () => {
  const { signal } = new AbortController();
  let root: string;
  const at = (...names: string[]) => join(root, ...names);
  const aside = () => at('aside');
  const list = () => at('aside', 'moved.jsonl');
  const textOf = (path: string) => readFile(path, 'utf8');
  const moved = async () =>
    (await textOf(list()))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { from: string; to: string });
  const back = (files?: readonly string[]) => putBack(aside(), { root, files }, signal);

  /** As a check leaves them. */
  async function movedAside(...names: string[]): Promise<void> {
    for (const name of names) await writeFile(at(name), `content of ${name}`);
    const broken = names.map((name) => ({ path: at(name), problems: [{ code: 'file-damaged' }] }));
    assert.equal(await quarantine(broken, aside()), undefined);
  }
  beforeEach(async () => {
    root = await temporaryFolder();
    await mkdir(at('photos'));
  });
  afterEach(() => remove(root));

  it('leaves all as it was before, also folders that are gone by now', async () => {
    await movedAside('photos/a.jpg', 'photos/b.jpg', 'a.jpg');
    await rm(at('photos'), { recursive: true });
    const { putBack: files, left } = await back();
    assert.deepEqual([files, left], [[at('photos/a.jpg'), at('photos/b.jpg'), at('a.jpg')], []]);
    assert.equal(await textOf(at('photos/a.jpg')), 'content of photos/a.jpg');
    assert.ok(!existsSync(aside()));
  });

  it('puts back only those that are named', async () => {
    await movedAside('a.jpg', 'b.jpg');
    assert.deepEqual((await back([at('b.jpg')])).putBack, [at('b.jpg')]);
    assert.deepEqual(
      (await moved()).map(({ from }) => from),
      [at('a.jpg')],
    );
    await assert.rejects(back([at('b.jpg')]), { code: 'not-in-quarantine', kind: 'usage' });
  });

  it('overwrites nothing, and puts the others back; what is in the way can be moved, and it goes on', async () => {
    await movedAside('a.jpg', 'b.jpg');
    await writeFile(at('a.jpg'), 'new');
    const { putBack: files, left } = await back();
    assert.deepEqual(files, [at('b.jpg')]);
    assert.deepEqual(
      left.map(({ from, why, message }) => [from, why, message]),
      [[at('a.jpg'), 'occupied', `Another file stands at ${at('a.jpg')} now: move it away, and put back again.`]],
    );
    assert.equal(await textOf(at('a.jpg')), 'new');
    await rm(at('a.jpg'));
    assert.deepEqual((await back()).putBack, [at('a.jpg')]);
    assert.equal(await textOf(at('a.jpg')), 'content of a.jpg');
  });

  it('takes the last of two that came from one place, and keeps the other', async () => {
    await movedAside('a.jpg');
    await writeFile(at('a.jpg'), 'second');
    await quarantine([{ path: at('a.jpg'), problems: [] }], aside());
    const { putBack: files, left } = await back();
    assert.deepEqual(files, [at('a.jpg')]);
    assert.equal(left[0]?.why, 'occupied');
    assert.equal(await textOf(at('a.jpg')), 'second');
  });

  describe('after a run that was killed', () => {
    for (const { when, leave } of [
      { when: 'before the file was moved', leave: async (from: string, to: string) => writeAndRemove(from, to) },
      { when: 'once it was copied and before it was removed', leave: (from: string, to: string) => copy(to, from) },
      {
        when: 'while it wrote the list',
        leave: async (from: string, to: string) => {
          await writeAndRemove(from, to);
          await writeFile(list(), (await textOf(list())).slice(0, -10));
        },
      },
    ]) {
      it(`knows what to do: ${when}`, async () => {
        await movedAside('a.jpg');
        const [first] = await moved();
        assert.ok(first);
        await leave(first.from, first.to);
        assert.deepEqual((await back()).left, []);
        assert.equal(await textOf(at('a.jpg')), 'content of a.jpg');
        assert.ok(!existsSync(list()) && !existsSync(first.to));
      });
    }
    const copy = async (from: string, to: string) => writeFile(to, await readFile(from));
    const writeAndRemove = async (from: string, to: string) => {
      await copy(to, from);
      await rm(to);
    };

    it('adds to a list that ends within a line', async () => {
      await movedAside('a.jpg');
      await writeFile(list(), '{"from":"/half', { flag: 'a' });
      await movedAside('b.jpg');
      assert.deepEqual((await back()).putBack, [at('a.jpg'), at('b.jpg')]);
    });
  });

  it('tells once of a file that somebody removed from quarantine', async () => {
    await movedAside('a.jpg', 'b.jpg');
    const [first] = await moved();
    await rm(first?.to ?? '');
    const { putBack: files, left } = await back();
    assert.deepEqual([files, left.map(({ why }) => why)], [[at('b.jpg')], ['gone']]);
    assert.ok(!existsSync(list()));
  });

  it('says so where there is no list', async () => {
    await assert.rejects(back(), { code: 'quarantine-unknown', kind: 'usage' });
  });

  describe('a list that no quarantine wrote moves nothing', () => {
    const inAside = (...names: string[]) => join(aside(), 'file-x', ...names);
    for (const { what, line, code } of [
      { what: 'no JSON', line: () => '{"from":', code: 'quarantine-list' },
      { what: 'no object', line: () => '["a"]', code: 'quarantine-list' },
      { what: 'relative paths', line: () => ({ from: 'a.jpg', to: 'aside/a.jpg' }), code: 'quarantine-list' },
      {
        what: 'a file of somewhere else',
        line: () => ({ from: at('secret'), to: at('photos', 'secret') }),
        code: 'quarantine-list',
      },
      {
        what: 'a way out of the folder',
        line: () => ({ from: at('secret'), to: inAside('..', '..', 'photos', 'secret') }),
        code: 'quarantine-list',
      },
      {
        what: 'a folder that leads elsewhere',
        line: () => ({ from: at('secret'), to: join(aside(), 'file-link', 'secret') }),
        code: 'quarantine-list',
      },
      {
        what: 'another name',
        line: () => ({ from: at('run.sh'), to: inAside('bad.jpg') }),
        code: 'quarantine-list',
      },
      {
        what: 'a place that git runs',
        line: () => ({ from: at('.git', 'hooks', 'bad.jpg'), to: inAside('bad.jpg') }),
        code: 'quarantine-list',
      },
      {
        what: 'a place outside of the root',
        line: () => ({ from: at('..', 'bad.jpg'), to: inAside('bad.jpg') }),
        code: 'path-outside',
      },
      {
        what: 'a place outside of the root, through a link',
        line: () => ({ from: at('out', 'bad.jpg'), to: inAside('bad.jpg') }),
        code: 'path-outside',
      },
    ]) {
      it(what, async () => {
        await movedAside('a.jpg');
        await mkdir(inAside());
        await writeFile(inAside('bad.jpg'), 'bad');
        await writeFile(at('photos', 'secret'), 'secret');
        await symlink(at('photos'), join(aside(), 'file-link'));
        await symlink(join(root, '..'), at('out'));
        const hostile = line();
        const text = typeof hostile === 'string' ? hostile : JSON.stringify({ ...hostile, because: [] });
        await writeFile(list(), `${text}\n`, { flag: 'a' });
        await assert.rejects(back(), { code });
        assert.ok(!existsSync(at('a.jpg')) && existsSync(at('photos', 'secret')) && existsSync(inAside('bad.jpg')));
      });
    }
  });

  it('ends when it is cancelled, and the list names the rest', async () => {
    await movedAside('a.jpg', 'b.jpg');
    await assert.rejects(putBack(aside(), { root }, AbortSignal.abort()), { code: 'cancelled' });
    assert.deepEqual((await back()).left, []);
  });

  it('moves a link itself', async () => {
    await writeFile(at('real.jpg'), 'real');
    await symlink('real.jpg', at('a.jpg'));
    await quarantine([{ path: at('a.jpg'), problems: [] }], aside());
    await back();
    assert.equal(await textOf(at('a.jpg')), 'real');
  });
});
