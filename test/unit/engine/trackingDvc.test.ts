/** Texts and hashes of DVC, against what DVC 3.67 itself wrote. */
import assert from 'node:assert/strict';
import { dirObject } from '../../../src/engine/tracking/dvc/dirHash';
import { contentHash } from '../../../src/engine/tracking/dvc/disk/contentHash';
import { ignoresOf, isIgnored } from '../../../src/engine/tracking/dvc/disk/ignored';
import { parseDvcFile } from '../../../src/engine/tracking/dvc/dvcFile';
import { newDvcFile, withFacts, withOut } from '../../../src/engine/tracking/dvc/dvcFileEdit';
import { withIgnored } from '../../../src/engine/tracking/dvc/gitIgnore';
import { editIni, readIni } from '../../../src/engine/tracking/dvc/ini';
import { yamlScalar } from '../../../src/engine/tracking/dvc/yamlText';
import { MldataError } from '../../../src/protocol';

function md5(content: string, kind: 'md5' | 'md5-dos2unix' = 'md5'): string {
  const hash = contentHash(kind);
  hash.update(Buffer.from(content));
  return hash.digest();
}

describe('the listing of a folder', () => {
  const vectors: { name: string; files: Readonly<Record<string, string>>; hash: string }[] = [
    {
      name: 'letters beyond ASCII, an empty file, a folder in it',
      files: { 'a.txt': 'A\n', 'sub/b.txt': 'B\r\n', 'with space.txt': 'sp\n', 'zero.bin': '', 'é.txt': 'é\n' },
      hash: '56f3538d5483f5dbbcdc142bd15c9860.dir',
    },
    {
      name: 'names in the order of their code points',
      files: Object.fromEntries(
        [
          '\u{1F600}emoji.txt',
          '\uFF21full.txt',
          '\uE000pua.txt',
          '\u2028ls.txt',
          'tab\there.txt',
          'quote".txt',
          'new\nline.txt',
          'del\x7f.txt',
          'back\\slash.txt',
          'a0.txt',
          'a/b.txt',
          'a.txt',
          'a-b.txt',
          'a b.txt',
          'A.txt',
        ].map((name) => [name, name]),
      ),
      hash: '6acc021f2d44f9323bfb8faf0a12b720.dir',
    },
    {
      name: 'one file',
      files: { 'x.csv': 'id,label\n1,cat\n2,dog\n' },
      hash: 'bf915a21fc820a2b260084c1d8d65a9e.dir',
    },
    { name: 'nothing', files: {}, hash: 'd751713988987e9331980363e24189ce.dir' },
  ];
  for (const { name, files, hash } of vectors) {
    it(`has the hash that DVC gives it: ${name}`, () => {
      const entries = Object.entries(files).map(([relpath, content]) => ({ relpath, md5: md5(content) }));
      assert.equal(dirObject(entries).md5, hash);
    });
  }
});

describe('hashes of DVC 2', () => {
  for (const [name, content, hash] of [
    ['text has its line ends changed', 'id,label\r\n1,cat\r\n', '0f73e4cad20754a1eec8c0884f93c799'],
    ['what has a zero stays as it is', 'a\0\r\n', md5('a\0\r\n')],
  ] as const) {
    it(name, () => {
      assert.equal(md5(content, 'md5-dos2unix'), hash);
    });
  }
});

describe('scalars of a .dvc file', () => {
  const plain = ['a.csv', 'a b', 'yes', '-x', 'a#b', 'a:b', '日本.csv', '😀', 'back\\slash', '_1', "it's"];
  const quoted = [
    '123',
    '1e5',
    '012e34',
    '0x1F',
    '1_000',
    'true',
    'null',
    '~',
    '2020-01-01',
    '#h',
    '[a]',
    ' a',
    'a: b',
  ];
  const escaped: Readonly<Record<string, string>> = {
    'new\nline': '"new\\nline"',
    'del\x7f': '"del\\x7F"',
    'a"\t': '"a\\"\\t"',
  };
  for (const text of plain) it(`${text} is plain`, () => assert.equal(yamlScalar(text), text));
  for (const text of quoted) it(`${text} is quoted`, () => assert.equal(yamlScalar(text), `'${text}'`));
  for (const [text, written] of Object.entries(escaped)) {
    it(`${JSON.stringify(text)} is escaped`, () => assert.equal(yamlScalar(text), written));
  }
});

describe('a .dvc file', () => {
  const facts = { md5: '01234567890123456789012345678901', size: 5, nfiles: 2 };
  const text = `# top
outs:
# before
- md5: aaaaaa # hash
  size: 1
  isexec: true
  hash: md5
  path: a.csv  # p
  desc: "My text"
  remote: r
  meta:
    x: [1,2]   # keep

- path: b
  md5: bbbb
  size: 3
frozen: false
`;

  it('is written as DVC writes it', () => {
    const file = newDvcFile('images', facts);
    assert.equal(
      file,
      "outs:\n- md5: '01234567890123456789012345678901'\n  size: 5\n  nfiles: 2\n  hash: md5\n  path: images\n",
    );
    const [out] = parseDvcFile(newDvcFile('run: it', { md5: 'ab'.repeat(16), size: 1, isexec: true }), '/r/x.dvc').outs;
    assert.deepEqual([out?.path, out?.isexec, out?.hash, out?.file], ['run: it', true, 'md5', '/r/run: it']);
  });

  it('keeps comments, words of people and other outputs when an output changes', () => {
    const edited = withFacts(parseDvcFile(text, '/r/x.dvc'), 0, facts);
    const expected = text
      .replace('aaaaaa #', "'01234567890123456789012345678901' #")
      .replace('size: 1\n  isexec: true\n', 'size: 5\n')
      .replace('# keep\n', '# keep\n  nfiles: 2\n');
    assert.equal(edited, expected);
  });

  it('names the kind of hash once that of DVC 2 is replaced', () => {
    const edited = withFacts(parseDvcFile(text, '/r/x.dvc'), 1, { md5: 'cd'.repeat(16), size: 4 });
    assert.ok(edited.includes(`- path: b\n  md5: ${'cd'.repeat(16)}\n  size: 4\n  hash: md5\nfrozen: false\n`), edited);
  });

  it('takes a further output beside those that it has', () => {
    const edited = withOut(parseDvcFile(text, '/r/x.dvc'), 'new: one', facts);
    assert.deepEqual(
      parseDvcFile(edited, '/r/x.dvc').outs.map(({ path }) => path),
      ['a.csv', 'b', 'new: one'],
    );
    assert.ok(edited.startsWith(text.slice(0, text.indexOf('frozen'))));
  });

  for (const form of [
    'outs: [{md5: aaa, path: b, size: 3, nfiles: 3}] # c\n',
    'outs:\r\n- md5: aaa\r\n  path: b',
    'outs:\n- isexec: true\n  md5: aaa\n  path: b\n  cloud:\n    r:\n      version_id: x\n',
  ]) {
    it(`is edited whatever its form: ${JSON.stringify(form)}`, () => {
      const edited = withFacts(parseDvcFile(form, '/r/x.dvc'), 0, { md5: '1'.repeat(32), size: 4 });
      const [out] = (parseDvcFile(edited, '/r/x.dvc').document.toJS() as { outs: unknown[] }).outs;
      assert.deepEqual(out, { md5: '1'.repeat(32), size: 4, hash: 'md5', path: 'b' });
      assert.equal(edited.includes('\r\n'), form.includes('\r\n'));
    });
  }

  for (const [why, broken] of [
    ['a hash that is a number', 'outs:\n- md5: 123456\n  path: a'],
    ['a key that DVC does not know', 'outs:\n- md5: aaa\n  path: a\n  foo: 1'],
    ['a key twice', 'outs:\n- md5: aaa\n  path: a\n  path: b'],
    ['a size that is text', "outs:\n- md5: aaa\n  path: a\n  size: '3'"],
    ['no path', 'outs:\n- md5: aaa'],
    ['a list', '- a'],
  ] as const) {
    it(`is broken with ${why}`, () => {
      assert.throws(
        () => parseDvcFile(broken, '/r/x.dvc'),
        (error) => error instanceof MldataError && error.code === 'dvc-file-broken',
      );
    });
  }
});

describe('.dvcignore', () => {
  const rules = [
    { folder: '', pattern: '*.tmp' },
    { folder: '', pattern: 'build/' },
    { folder: 'd', pattern: '/only' },
    { folder: 'd', pattern: 'sub/**/deep' },
    { folder: 'd', pattern: '!keep.tmp' },
    { folder: '', pattern: 'r[0-9]?.csv' },
    { folder: '', pattern: 'open[' },
  ];
  const ignores = ignoresOf(rules);
  for (const [path, isFolder, expected] of [
    ['a.tmp', false, true],
    ['d/x/a.tmp', false, true],
    ['d/keep.tmp', false, false],
    ['build', false, false],
    ['build', true, true],
    ['build/x', false, true],
    ['d/only', false, true],
    ['d/x/only', false, false],
    ['d/sub/deep', false, true],
    ['d/sub/x/y/deep', false, true],
    ['r1x.csv', false, true],
    ['rx1.csv', false, false],
    ['open[', false, false],
  ] as const) {
    it(`${expected ? 'hides' : 'shows'} ${path}${isFolder ? '/' : ''}`, () => {
      assert.equal(isIgnored(ignores, path, isFolder), expected);
    });
  }
});

describe('a line of .gitignore', () => {
  for (const [name, before, after] of [
    ['data', '', '/data\n'],
    ['data', '*.log', '*.log\n/data\n'],
    ['data', '*.log\r\n', '*.log\r\n/data\r\n'],
    ['data', '/data\n', '/data\n'],
    ['we[i]rd #1!.csv', 'x\n', 'x\n/we\\[i\\]rd \\#1\\!.csv\n'],
    ['end ', '', '/end\\ \n'],
  ] as const) {
    it(`${JSON.stringify(name)} behind ${JSON.stringify(before)}`, () => {
      assert.equal(withIgnored(before, name), after);
    });
  }
});

describe('the config of DVC', () => {
  const text = `[core]\n    remote = store # mine\n['remote "store"']\n    url = ../x\n[cache]\ntype = "reflink,copy"\ndir = 'a#b'\n`;

  it('is read as DVC reads it', () => {
    const { entries, broken } = readIni(text);
    assert.equal(broken, undefined);
    assert.deepEqual(
      entries.map(({ section, key, value }) => [section, key, value]),
      [
        ['core', 'remote', 'store'],
        ['remote "store"', 'url', '../x'],
        ['cache', 'type', 'reflink,copy'],
        ['cache', 'dir', 'a#b'],
      ],
    );
    assert.equal(readIni('[core]\nwhat\n').broken, 1);
  });

  for (const [name, section, values, after] of [
    ['changes a value and keeps its comment', 'core', { remote: 'x' }, text.replace('= store #', '= x #')],
    ['adds a section', 'remote "n"', { url: 's3://a' }, `${text}['remote "n"']\n    url = s3://a\n`],
    [
      'removes a section with its last value',
      'cache',
      { type: undefined, dir: undefined },
      text.slice(0, text.indexOf('[cache]')),
    ],
  ] as const) {
    it(name, () => {
      assert.equal(editIni(text, section, values), after);
    });
  }
});
