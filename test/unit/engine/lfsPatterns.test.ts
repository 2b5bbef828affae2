/** Names as patterns of `.gitattributes`: git itself says what they match. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { literal, patternText, samePattern } from '../../../src/engine/tracking/lfs/patternText';

/** The text of the pattern, and names that are alike and that it must not match. */
const names: readonly (readonly [name: string, text: string, others: readonly string[]])[] = [
  [
    'data/train.parquet',
    'data/train.parquet',
    ['data/train_parquet', 'x/data/train.parquet', 'data/train.parquet.dvc'],
  ],
  ['train.csv', '/train.csv', ['data/train.csv']],
  ['a b/c d.csv', 'a[[:space:]]b/c[[:space:]]d.csv', ['a', 'a_b/c d.csv']],
  [' lead.csv', '/[[:space:]]lead.csv', ['lead.csv']],
  ['d/trail ', 'd/trail[[:space:]]', ['d/trail']],
  ['#no comment/a.csv', '\\#no[[:space:]]comment/a.csv', ['no comment/a.csv']],
  ['d/a#b.csv', 'd/a\\#b.csv', ['d/a']],
  ['!not/a.csv', '\\!not/a.csv', ['not/a.csv']],
  ['!a.csv', '/!a.csv', ['a.csv']],
  ['d/a*b.csv', 'd/a\\*b.csv', ['d/aXb.csv', 'd/ab.csv']],
  ['d/a?b.csv', 'd/a\\?b.csv', ['d/aXb.csv']],
  ['d/[1].csv', 'd/\\[1\\].csv', ['d/1.csv']],
  ['[attr]x/a.csv', '\\[attr\\]x/a.csv', ['ax/a.csv']],
  ['d/**/a.csv', 'd/\\*\\*/a.csv', ['d/x/a.csv', 'd/a.csv']],
  ['d/{a,b}.csv', 'd/{a,b}.csv', ['d/a.csv']],
  ['d/back\\slash.csv', 'd/back\\\\slash.csv', ['d/backslash.csv', 'd/back/slash.csv']],
  ['d/ends\\', 'd/ends\\\\', ['d/ends']],
  ['"q".csv', '/"q".csv', ['q.csv']],
  ['"d/a.csv', '"\\"d/a.csv"', ['d/a.csv']],
  ['d/tab\there [1].csv', '"d/tab\\there \\\\[1\\\\].csv"', ['d/tab here [1].csv', 'd/tab\there 1.csv']],
  ['d/new\nline.csv', '"d/new\\nline.csv"', ['d/new', 'd/new line.csv']],
  ['d/return\r.csv', '"d/return\\r.csv"', ['d/return.csv']],
  ['d/\x01\x1f\x7f.csv', '"d/\\001\\037\\177.csv"', ['d/001.csv']],
  ['d/été.csv', 'd/été.csv', ['d/ete.csv']],
  ['d/日本語 データ.csv', 'd/日本語[[:space:]]データ.csv', ['d/日本語.csv']],
  ['d/\u00a0nbsp.csv', 'd/\u00a0nbsp.csv', ['d/nbsp.csv', 'd/ nbsp.csv']],
  ['d/😀.csv', 'd/😀.csv', ['d/😁.csv']],
  ['-rf/--.csv', '-rf/--.csv', ['rf/.csv']],
  ["d/~$%^&();<>|`'=+,@.csv", "d/~$%^&();<>|`'=+,@.csv", ['d/~.csv']],
  ['d/.hidden', 'd/.hidden', ['d/hidden']],
];

describe('a name as a pattern', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'mldata-test-'));
    execFileSync('git', ['init', '--quiet', folder]);
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function matched(text: string, paths: readonly string[]): string[] {
    writeFileSync(join(folder, '.gitattributes'), `${text} mine\n`);
    const input = paths.map((path) => `${path}\0`).join('');
    const out = execFileSync('git', ['-C', folder, 'check-attr', '-z', '--stdin', 'mine'], { input, encoding: 'utf8' });
    const fields = out.split('\0');
    return paths.filter((path, index) => fields[3 * index] === path && fields[3 * index + 2] === 'set');
  }

  for (const [name, text, others] of names) {
    it(`${JSON.stringify(name)} is ${text}, which matches it and nothing else`, () => {
      assert.equal(patternText(literal(name)), text);
      assert.deepEqual(matched(text, [name, ...others]), [name]);
    });
  }

  it('is the same however it was quoted and escaped', () => {
    for (const [name, text] of names) {
      const same = samePattern(text);
      const inQuotes = `"${literal(name)
        .replace(/^!/, '\\!')
        .replace(/["\\]/g, '\\$&')
        .replace(/[\0-\x1f\x7f]/g, (found) => `\\${found.charCodeAt(0).toString(8).padStart(3, '0')}`)}"`;
      assert.equal(samePattern(inQuotes), same, name);
      assert.deepEqual(matched(inQuotes, [name]), [name], name);
    }
    assert.equal(new Set(names.map(([, text]) => samePattern(text))).size, names.length);
  });

  it('of a person keeps its wildcards, and what it escapes', () => {
    for (const [pattern, text] of [
      ['my data/*.csv', 'my[[:space:]]data/*.csv'],
      ['d/a\\ b*.csv', 'd/a[[:space:]]b*.csv'],
      ['d/[ab ]x.csv', '"d/[ab ]x.csv"'],
      ['d/\\#1*.csv', 'd/\\#1*.csv'],
      ['d/#1*.csv', 'd/\\#1*.csv'],
    ] as const) {
      assert.equal(patternText(pattern), text);
    }
    assert.deepEqual(matched(patternText('d/[ab ]x.csv'), ['d/ x.csv', 'd/ax.csv', 'd/cx.csv']), [
      'd/ x.csv',
      'd/ax.csv',
    ]);
    assert.deepEqual(matched(patternText('d/#1*.csv'), ['d/#12.csv']), ['d/#12.csv']);
  });
});
