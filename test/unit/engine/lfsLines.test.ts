/** The lines of `.gitattributes`: which are needed, and how they come into the file. */
import assert from 'node:assert/strict';
import { LFS, NOT_LFS, withLines } from '../../../src/engine/tracking/lfs/attributesFile';
import { guardLine, guardOf, isGuarded } from '../../../src/engine/tracking/lfs/guards';
import { narrowestLines, type NamedFile } from '../../../src/engine/tracking/lfs/narrowest';

const TEXT = 'filter=lfs diff=lfs merge=lfs -text';
const line = (pattern: string, attributes = LFS) => ({ pattern, attributes });
const edited = (text: string | undefined, patterns: readonly string[], placing: 'again' | 'last' = 'again') =>
  withLines(
    text === undefined ? undefined : Buffer.from(text),
    patterns.map((pattern) => line(pattern)),
    placing,
  ).toString();

describe('a line of .gitattributes', () => {
  const cases: readonly { what: string; before?: string; after: string; placing?: 'last' }[] = [
    { what: 'makes the file', after: `d/*.csv ${TEXT}\n` },
    { what: 'fills an empty one', before: '', after: `d/*.csv ${TEXT}\n` },
    {
      what: 'comes last, after comments, blank lines and rules that stay as they are',
      before: '# mine\n\n  *.txt   text\t-diff  \n\n\n#end\n',
      after: `# mine\n\n  *.txt   text\t-diff  \n\n\n#end\nd/*.csv ${TEXT}\n`,
    },
    { what: 'begins on a line of its own', before: '*.txt text', after: `*.txt text\nd/*.csv ${TEXT}\n` },
    {
      what: 'ends as the lines of the file do',
      before: '*.txt text\r\n\r\n# x',
      after: `*.txt text\r\n\r\n# x\r\nd/*.csv ${TEXT}\r\n`,
    },
    {
      what: 'takes the place of one that says less of the same pattern',
      before: '*.a text\nd/*.csv filter=lfs\n*.b text\n',
      after: `*.a text\nd/*.csv ${TEXT}\n*.b text\n`,
    },
    {
      what: 'takes the place of one that excepts it, however that is quoted',
      before: '"d/*.csv" !filter !diff !merge -text\n*.b text\n',
      after: `d/*.csv ${TEXT}\n*.b text\n`,
    },
    {
      what: 'removes that where its place would not do',
      before: 'd/*.csv -filter\n*.b text\n',
      after: `*.b text\nd/*.csv ${TEXT}\n`,
      placing: 'last',
    },
    {
      what: 'leaves one that says something else too',
      before: 'd/*.csv -filter encoding=latin1\n',
      after: `d/*.csv -filter encoding=latin1\nd/*.csv ${TEXT}\n`,
    },
    {
      what: 'is not taken for one in a comment or for a macro',
      before: '#d/*.csv filter=lfs\n[attr]d/*.csv filter=lfs\n',
      after: `#d/*.csv filter=lfs\n[attr]d/*.csv filter=lfs\nd/*.csv ${TEXT}\n`,
    },
  ];
  for (const { what, before, after, placing } of cases) {
    it(what, () => {
      assert.equal(edited(before, ['d/*.csv'], placing), after);
    });
  }

  it('leaves the bytes of another encoding and a byte order mark', () => {
    const before = Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('# caf'), 0xe9, 0x0a]);
    const after = withLines(before, [line('d/é.csv')], 'again');
    assert.deepEqual(after, Buffer.concat([before, Buffer.from(`d/é.csv ${TEXT}\n`)]));
  });

  it('is refused where git would not read it: in UTF-16, and when it is too long', () => {
    const utf16 = Buffer.from('\ufeff*.a text\n', 'utf16le');
    assert.throws(() => withLines(utf16, [line('d/*.csv')], 'again'), { code: 'lfs-attributes-encoding' });
    const long = Array.from({ length: 12 }, () => 'é'.repeat(100)).join('/');
    assert.throws(() => withLines(undefined, [line(long)], 'again'), { code: 'lfs-name-too-long' });
  });
});

describe('the lines for files', () => {
  /** `+` is wanted, `=` is one already, `-` is to be none. */
  const files = (...written: string[]): NamedFile[] =>
    written.map((text) => ({
      path: text.slice(1),
      as: text.startsWith('+') ? 'wanted' : text.startsWith('=') ? 'covered' : 'other',
    }));
  const many = (count: number, name: (index: number) => string) => Array.from({ length: count }, (_, at) => name(at));
  const cases: readonly { what: string; folder?: string; files: NamedFile[]; lines: string[] }[] = [
    { what: 'none for none', files: files('-d/a.csv', '=d/b.csv'), lines: [] },
    {
      what: 'name the ending in the folder where all of that ending are wanted',
      files: files('+d/train.parquet', '+d/test.parquet', '-d/notes.txt'),
      lines: ['d/*.parquet'],
    },
    { what: 'do so for one file, too', files: files('+d/data.parquet'), lines: ['d/*.parquet'] },
    {
      what: 'name one file that others of its ending are beside',
      files: files('+d/train.parquet', '-d/test.parquet', '-d/validation.parquet'),
      lines: ['d/train.parquet'],
    },
    {
      what: 'name one file that joins those that are covered',
      files: files('+d/new.parquet', '=d/old.parquet'),
      lines: ['d/new.parquet'],
    },
    {
      what: 'have one for each ending, in order',
      files: files('+d/b.parquet', '+d/a.csv', '+d/c.csv.gz', '+d/d.tar.bz2'),
      lines: ['d/*.bz2', 'd/*.csv', 'd/*.csv.gz', 'd/*.parquet'],
    },
    {
      what: 'go through folders where all below are wanted',
      files: files('+d/x/cat/1.jpg', '+d/x/dog/2.jpg', '-d/labels.csv'),
      lines: ['d/x/**/*.jpg'],
    },
    {
      what: 'name the one folder that holds them',
      files: files('+d/a/b/1.jpg', '+d/a/b/2.jpg'),
      lines: ['d/a/b/*.jpg'],
    },
    {
      what: 'leave out the folder that holds others',
      files: files('+d/a/1.jpg', '+d/a/2.jpg', '-d/b/3.jpg', '-d/b/4.jpg', '+d/c/5.jpg', '+d/c/6.jpg'),
      lines: ['d/a/*.jpg', 'd/c/*.jpg'],
    },
    {
      what: 'except the few that are others',
      files: files(...many(9, (at) => `+d/part-${at}.parquet`), '-d/part-9.parquet'),
      lines: ['d/*.parquet', `d/part-9.parquet ${NOT_LFS.join(' ')}`],
    },
    {
      what: 'name files without an ending by themselves',
      files: files('+d/blob', '-d/other', '+d/.hidden'),
      lines: ['d/blob', 'd/.hidden'],
    },
    {
      what: 'name the folder for many files without an ending, where nothing else is in it',
      files: files(...many(9, (at) => `+d/in/part-${at}`), '+d/in/x.csv', '-d/in/.gitignore'),
      lines: ['d/in/**'],
    },
    {
      what: 'do not do so where something else is',
      files: files(...many(7, (at) => `+d/part-${at}`), '-d/README'),
      lines: many(7, (at) => `d/part-${at}`),
    },
    { what: 'are of one folder at the root, too', folder: '', files: files('+a.csv', '+b.csv'), lines: ['/*.csv'] },
    {
      what: 'escape what git would take for a pattern',
      folder: 'a[1]',
      files: files('+a[1]/x.c*v', '+a[1]/y.c*v'),
      lines: ['a\\[1\\]/*.c\\*v'],
    },
    {
      what: 'never take what git and DVC read',
      files: files('+d/a.csv', '+d/a.csv.dvc', '+d/dvc.lock'),
      lines: ['d/*.csv'],
    },
  ];
  for (const { what, folder = 'd', files, lines } of cases) {
    it(what, () => {
      const found = narrowestLines(folder, files);
      const shown = found.map(({ pattern, attributes }) =>
        attributes === LFS ? pattern : `${pattern} ${attributes.join(' ')}`,
      );
      assert.deepEqual(shown, lines);
    });
  }

  it('of 50,000 files in 1,000 folders are found within two seconds', () => {
    const all = files(...many(50_000, (at) => `${at % 7 === 0 ? '-' : '+'}d/${at % 1000}/${at}.jpg`));
    const start = performance.now();
    assert.ok(narrowestLines('d', all).length > 1000);
    assert.ok(performance.now() - start < 2000);
  });
});

describe('what git and DVC read', () => {
  it('is known by its name', () => {
    assert.deepEqual(['a/x.csv.dvc', 'dvc.yaml', 'd/dvc.lock', 'd/.gitignore', '.gitattributes'].map(guardOf), [
      '*.dvc',
      'dvc.yaml',
      'dvc.lock',
      '.gitignore',
      '.gitattributes',
    ]);
    assert.deepEqual(['.gitmodules', '.lfsconfig', 'my-dvc.yaml', 'dvc', 'x.gitignore'].map(isGuarded), [
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it('is guarded in the folder that the pattern names', () => {
    const attributes = ['-filter', '!diff', '!merge', 'text'];
    assert.deepEqual(guardLine('d/data/**', '*.dvc'), { pattern: 'd/data/**/*.dvc', attributes });
    assert.deepEqual(guardLine('d/*/x*', 'dvc.yaml'), { pattern: 'd/**/dvc.yaml', attributes });
    assert.deepEqual(guardLine('/**', '.gitignore'), { pattern: '/**/.gitignore', attributes });
    assert.deepEqual(guardLine('a\\[1\\]/train*', '*.dvc'), { pattern: 'a\\[1\\]/**/*.dvc', attributes });
  });
});
