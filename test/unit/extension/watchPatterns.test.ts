/** What the editor watches takes in every file of a source, whatever its path looks like. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { watchPatterns } from '../../../src/extension/datasets/watchPatterns';

describe('what is watched for a source', () => {
  let home: string;

  before(async () => {
    home = await realpath(await mkdtemp(path.join(os.tmpdir(), 'mldata-watch-')));
    await mkdir(path.join(home, 'project', 'raw'), { recursive: true });
    await mkdir(path.join(home, 'shared'));
    await writeFile(path.join(home, 'project', 'raw', 'a.csv'), 'a\n');
  });
  after(async () => rm(home, { recursive: true }));

  /** Folders are relative to the one above the project. */
  const cases: readonly (readonly [source: string, ...watched: string[]])[] = [
    ['raw/a.csv', 'project/raw: a.csv'],
    ['raw/not-yet.csv', 'project/raw: not-yet.csv'],
    ['./raw/', 'project: raw', 'project/raw: **'],
    ['../shared/a.csv', 'shared: a.csv'],
    ['../shared/*.csv', 'shared: *.csv'],
    // What is not there yet is waited for.
    ['missing/deep/a.csv', 'project: missing'],
    ['../missing/*.csv', ': missing'],
    ['raw/*.csv', 'project/raw: *.csv'],
    ['*.csv', 'project: *.csv'],
    ['../*/a?.csv', ': */a?.csv'],
    ['raw/**/*.csv', 'project/raw: **/*.csv'],
    // Named like patterns, or patterns that VS Code reads otherwise.
    ['raw/[x].csv', 'project/raw: *'],
    ['raw/{a,b}/*.csv', 'project/raw: */*.csv'],
    ['raw/[0-9]/a(1).csv', 'project/raw: */*'],
    ['raw/@(a|b).csv', 'project/raw: *'],
    ['raw/{a/b,c}/*.csv', 'project/raw: **'],
  ];
  const watched = async (source: string): Promise<string[]> => {
    const found = await watchPatterns(path.join(home, 'project'), source);
    return found.map(({ folder, pattern }) => {
      return `${path.relative(home, folder).replaceAll(path.sep, '/')}: ${pattern}`;
    });
  };
  for (const [source, ...expected] of cases) {
    it(source, async () => {
      assert.deepEqual(await watched(source), expected);
    });
  }

  it('absolute paths, which are what they are', async () => {
    const absolute = `${home.replaceAll(path.sep, '/')}/shared`;
    assert.deepEqual(await watched(`${absolute}/a.csv`), ['shared: a.csv']);
    assert.deepEqual(await watched(`${absolute}/*.csv`), ['shared: *.csv']);
    assert.equal((await watchPatterns(home, '/*.csv'))[0]?.folder, path.resolve('/'));
  });
});
