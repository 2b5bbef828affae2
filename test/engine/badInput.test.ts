/** Input that is broken, hostile or in the wrong place: a clear error that says where and what to do, and nothing lost. */
import assert from 'node:assert/strict';
import { execFile, execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, cp, mkdir, readFile, rm, symlink, truncate } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { DatasetBuild } from '../../src/protocol';
import { codes, config, Workspace, workspaces } from './support';
import { exceptKept } from './whole';

const workspace = workspaces();
const fixtures = join(__dirname, '../fixtures');
const posix = process.platform !== 'win32';
const OUTPUT = '{datasets/d/data/data.parquet}';

/** A build of `d` that every workspace below begins with, to see that it survives. */
let good: Workspace;
let goodFiles: ReadonlyMap<string, string>;

/** A workspace in which `d` has been built before, from other data. */
async function builtBefore(files: Readonly<Record<string, string | Uint8Array>>): Promise<Workspace> {
  const space = await workspace(files);
  await cp(good.path('datasets'), space.path('datasets'), { recursive: true });
  return space;
}

async function contents(space: Workspace): Promise<Map<string, string>> {
  const files = await space.files('datasets');
  return new Map(
    await Promise.all(
      files.map(async (file) => [file, await readFile(space.path('datasets', file), 'base64')] as const),
    ),
  );
}

/** The build before is whole, and neither scratch files nor staging folders are left. */
async function assertNothingLost(space: Workspace): Promise<void> {
  assert.deepEqual(await contents(space), goodFiles);
  assert.deepEqual(exceptKept(await space.files('.mldata')), ['.gitignore']);
}

/** A failed build says what, where and what to do, in words for the person who asked. */
function assertClear(build: DatasetBuild): void {
  assert.equal(build.status, 'failed');
  const said = [build.error?.message ?? '', ...build.findings.map(({ message }) => message)].join('\n');
  assert.doesNotMatch(said, /^\s+at |defect of mldata|LINE \d+:|Possible (fixes|solutions)/m);
  assert.doesNotMatch(said, /\b1 (record|row|value)(s| have| are| do)\b/, 'one is spoken of as one');
  const errors = build.findings.filter(({ severity }) => severity === 'error');
  assert.ok(errors.length > 0, 'No finding says why');
  for (const { suggestion, code } of errors) assert.ok(suggestion, `${code} suggests nothing`);
}

before(async () => {
  good = await Workspace.create({ '.mldata.yaml': config('good.csv'), 'good.csv': 'a,b\n1,x\n' });
  const build = await good.buildOne();
  assert.equal(build.status, 'built', build.error?.message);
  goodFiles = await contents(good);
});
after(() => good.remove());

const many = (rows: number, row: (n: number) => string) => Array.from({ length: rows }, (_, n) => row(n)).join('');
const good100k = many(100_000, (n) => `${n},Zoë ${n}\n`);
const noise = randomBytes(4096);
const lfsPointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'5a'.repeat(32)}\nsize 123456\n`;

describe('a file that cannot be read', () => {
  interface Case {
    readonly what: string;
    readonly file?: string;
    readonly bytes: string | Uint8Array;
    readonly more?: string;
    readonly code: string;
    /** Of the first location. */
    readonly line?: number;
    readonly text?: RegExp;
  }
  const cases: readonly Case[] = [
    { what: 'an empty file', bytes: '', code: 'source-empty' },
    { what: 'blank lines only', bytes: '\n\r\n\n', code: 'source-empty' },
    { what: 'an empty JSON lines file', file: 'a.jsonl', bytes: '', code: 'source-empty' },
    { what: 'a record that is too short', bytes: 'a,b\n1,2\n3\n4,5\n', code: 'record-too-short', line: 3, text: /^3$/ },
    {
      what: 'a record that is too long',
      bytes: 'a,b\n1,2\n3,4,5\n',
      code: 'record-too-long',
      line: 3,
      text: /^3,4,5$/,
    },
    { what: 'two columns of one name', bytes: 'a,b,a\n1,2,3\n', code: 'duplicate-column', line: 1 },
    { what: 'names that differ in case only', bytes: 'Age,age\n1,2\n', code: 'duplicate-column', line: 1 },
    { what: 'a NUL byte', bytes: 'a,b\n1,2\n3,\0\n', code: 'source-nul', line: 3 },
    { what: 'a NUL byte far down', bytes: `a,b\n${good100k}1,\0\n`, code: 'source-nul', line: 100_002 },
    {
      what: 'invalid UTF-8 among valid characters',
      bytes: Buffer.concat([Buffer.from('a,b\n1,Zoë\n2,日本\n3,x'), Buffer.from([0xff]), Buffer.from('\n4,y\n')]),
      code: 'encoding-invalid',
      line: 4,
    },
    {
      what: 'invalid UTF-8 far down',
      bytes: Buffer.concat([Buffer.from(`a,b\n${good100k}1,x`), Buffer.from([0xe9]), Buffer.from('\n2,y\n')]),
      code: 'encoding-invalid',
      line: 100_002,
    },
    { what: 'an unclosed quote', bytes: 'a,b\n1,x\n2,"y\n3,z\n4,z\n', code: 'quote-unclosed', line: 3 },
    {
      what: 'an unclosed quote far down',
      bytes: `a,b\n${good100k}1,"y\n${many(9, (n) => `${n},z\n`)}`,
      code: 'quote-unclosed',
      line: 100_002,
    },
    { what: 'text after a closing quote', bytes: 'a,b\n1,"x"y\n2,z\n', code: 'quote-unclosed', line: 2 },
    {
      what: 'a gzip file cut short',
      file: 'a.csv.gz',
      bytes: gzipSync(good100k).subarray(0, 9000),
      code: 'source-truncated',
    },
    {
      what: 'a damaged gzip file',
      file: 'a.csv.gz',
      bytes: Buffer.concat([gzipSync('a,b\n').subarray(0, 10), noise]),
      code: 'source-corrupt',
    },
    {
      what: 'a Parquet file cut short',
      file: 'a.parquet',
      bytes: Buffer.concat([Buffer.from('PAR1'), noise]),
      code: 'source-unreadable',
    },
    ...(['csv', 'tsv', 'json', 'jsonl'] as const).map((extension) => ({
      what: `noise named .${extension}`,
      file: `a.${extension}`,
      bytes: Buffer.concat([noise, Buffer.alloc(1), noise]),
      code: 'source-nul',
      line:
        1 +
        (noise
          .subarray(0, noise.indexOf(0))
          .toString('latin1')
          .match(/\r\n?|\n/g)?.length ?? 0),
    })),
    { what: 'noise named .gz', file: 'a.csv.gz', bytes: Buffer.from('\0\0\0'), code: 'source-nul', line: 1 },
    { what: 'noise named .parquet', file: 'a.parquet', bytes: noise, code: 'source-unreadable' },
    { what: 'noise named .arrow', file: 'a.arrow', bytes: noise, code: 'arrow-unreadable' },
    {
      what: 'noise after the mark of Arrow',
      file: 'a.feather',
      bytes: Buffer.concat([Buffer.from('ARROW1\0\0'), noise]),
      code: 'arrow-unreadable',
    },
    {
      what: 'a line that is no JSON',
      file: 'a.jsonl',
      bytes: '{"a":1}\n\n{"a":2\n{"a":3}\n',
      code: 'json-invalid',
      line: 3,
      text: /^\{"a":2$/,
    },
    { what: 'a line that is a JSON array', file: 'a.jsonl', bytes: '{"a":1}\n[2]\n', code: 'json-invalid', line: 2 },
    {
      what: 'a line that is a JSON scalar',
      file: 'a.jsonl',
      bytes: '{"a":1}\n{"a":2}\n3\n',
      code: 'json-invalid',
      line: 3,
    },
    { what: 'an empty JSON array', file: 'a.json', bytes: '[]', code: 'source-empty' },
    { what: 'JSON lines without keys', file: 'a.jsonl', bytes: '{}\n{}\n', code: 'source-empty' },
    {
      what: 'JSON lines of which none is an object',
      file: 'a.jsonl',
      bytes: '1\n\n[2]\n',
      more: 'schema: { onError: quarantine }',
      code: 'json-invalid',
      line: 1,
    },
    {
      what: 'JSON keys that differ in case only',
      file: 'a.jsonl',
      bytes: '{"Age":1,"age":2}\n',
      code: 'duplicate-column',
      line: 1,
    },
    { what: 'a JSON array cut short', file: 'a.json', bytes: '[{"a":1},{"a":2', code: 'source-unreadable' },
    { what: 'a JSON array of other things', file: 'a.json', bytes: '[{"a":1}, 2]', code: 'json-invalid' },
    { what: 'a pointer of Git LFS', bytes: lfsPointer, code: 'source-lfs-pointer' },
    { what: 'a pointer of Git LFS for Parquet', file: 'a.parquet', bytes: lfsPointer, code: 'source-lfs-pointer' },
    {
      what: 'a pointer of Git LFS with other line ends',
      file: 'a.csv.gz',
      bytes: lfsPointer.replaceAll('\n', '\r\n'),
      code: 'source-lfs-pointer',
    },
    { what: 'a file of no known format', file: 'a.xyz', bytes: 'a,b\n1,2\n', code: 'format-unknown' },
  ];
  for (const { what, file = 'a.csv', bytes, more = '', code, line, text } of cases) {
    it(`stops the build for ${what}`, async () => {
      const space = await builtBefore({ '.mldata.yaml': config(file, more), [file]: bytes });
      const build = await space.buildOne();
      const finding = build.findings.find(({ severity }) => severity === 'error');
      assert.deepEqual([build.error?.kind, finding?.code], ['buildFailed', code], build.error?.message);
      const [place] = finding?.locations ?? [];
      assert.deepEqual([place?.file, place?.line], [file, line]);
      if (text) assert.match(place?.text ?? '', text);
      assertClear(build);
      await assertNothingLost(space);
    });
  }

  it('stops the build for a zstd file with one bit flipped', async () => {
    const bytes = await readFile(join(fixtures, 'text/people.csv.zst'));
    bytes[24] = (bytes[24] as number) ^ 1;
    const space = await builtBefore({ '.mldata.yaml': config('a.csv.zst'), 'a.csv.zst': bytes });
    const build = await space.buildOne();
    assertClear(build);
    assert.deepEqual(
      [build.findings[0]?.code, build.findings[0]?.locations?.[0]?.file],
      ['source-corrupt', 'a.csv.zst'],
    );
    await assertNothingLost(space);
  });

  for (const [what, fixture, target] of [
    ['a zstd file', 'text/many-blocks.csv.zst', 'a.csv.zst'],
    ['an Arrow file', 'arrow/rows.none.arrow', 'a.arrow'],
    ['an Arrow stream', 'arrow/rows.lz4.arrows', 'a.arrows'],
    ['a Feather file', 'arrow/types.zstd.feather', 'a.feather'],
  ] as const) {
    it(`stops the build for ${what} cut short`, async () => {
      const space = await builtBefore({ '.mldata.yaml': config(target) });
      await cp(join(fixtures, fixture), space.path(target));
      const { length } = await readFile(space.path(target));
      await truncate(space.path(target), Math.floor(length / 2));
      const build = await space.buildOne();
      assertClear(build);
      assert.equal(build.findings[0]?.code, target.endsWith('zst') ? 'source-truncated' : 'arrow-unreadable');
      assert.equal(build.findings[0].locations?.[0]?.file, target);
      await assertNothingLost(space);
    });
  }
});

describe('an odd file that can be read', () => {
  it('builds without rows from a header only, with a warning', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'split: { train: 0.5, test: 0.5 }'),
      'a.csv': 'a,b\n',
    });
    const build = await space.buildOne();
    assert.deepEqual([build.status, build.rows], ['built', 0], build.error?.message);
    assert.equal(build.findings.find(({ code }) => code === 'source-no-rows')?.severity, 'warning');
    const columns = await space.query(`DESCRIBE FROM {datasets/d/data/train.parquet}`);
    assert.deepEqual(
      columns.map(({ column_name }) => column_name),
      ['a', 'b'],
    );
  });

  it('names a column by its position where the header leaves it empty, with a warning', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': 'a,,c\n1,2,3\n4,5,6\n' });
    const build = await space.buildOne();
    assert.deepEqual(codes(build), ['empty-column-name']);
    assert.deepEqual(await space.query(`FROM ${OUTPUT} LIMIT 1`), [{ a: 1n, column2: 2n, c: 3n }]);
  });

  it('does not mix up a column without a name with one that is called what it would be called', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': 'a,,Column2\n1,2,3\n' });
    const build = await space.buildOne();
    assert.deepEqual(await space.query(`FROM ${OUTPUT}`), [{ a: 1n, column2_: 2n, Column2: 3n }], build.error?.message);
  });

  it('reads 5,000 columns', async () => {
    const row = (cell: (n: number) => string | number) => Array.from({ length: 5000 }, (_, n) => cell(n)).join(',');
    const space = await workspace({
      '.mldata.yaml': config('a.csv'),
      'a.csv': `${row((n) => `column ${n}`)}\n${row((n) => n)}\n${row((n) => n + 0.5)}\n`,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.equal((await space.manifest('d')).columns.length, 5000);
    assert.deepEqual(await space.query(`SELECT "column 4999" AS x FROM ${OUTPUT}`), [{ x: 4999 }, { x: 4999.5 }]);
  }).timeout(60_000);

  for (const [what, file, content] of [
    ['CSV', 'a.csv', (long: string) => `id,text\n1,x\n2,${long}\n3,y\n`],
    ['quoted CSV', 'a.csv', (long: string) => `id,text\n1,x\n2,"${long}\n"\n3,y\n`],
    [
      'JSON lines',
      'a.jsonl',
      (long: string) => `{"id":1,"text":"x"}\n{"id":2,"text":"${long}"}\n{"id":3,"text":"y"}\n`,
    ],
  ] as const) {
    it(`reads a line of 10 MB in ${what}`, async () => {
      const space = await workspace({ '.mldata.yaml': config(file), [file]: content('é'.repeat(5_000_000)) });
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      assert.deepEqual(
        await space.query(`SELECT id, length(trim(text, chr(10))) AS n FROM ${OUTPUT} ORDER BY id`),
        [1n, 5_000_000n, 1n].map((n, index) => ({ id: BigInt(index + 1), n })),
      );
    }).timeout(60_000);
  }

  it('takes a file of one line of 10 MB without an end for what it is: a header without rows', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': 'x'.repeat(10_000_000) });
    const build = await space.buildOne();
    assertClear(build);
    assert.deepEqual(codes(build).slice(0, 1), ['header-unreadable']);
  });

  for (const [where, rows] of [
    ['in the head', 3],
    ['far down', 100_000],
  ] as const) {
    it(`reads mixed line ends ${where} as line ends, with a warning and the right lines`, async () => {
      const space = await workspace({
        '.mldata.yaml': config('a.csv', 'schema:\n  columns: { a: integer, b: string }\n  onError: quarantine'),
        'a.csv': `a,b\n${many(rows, (n) => `${n},"x\ny"\n`)}5,z\r\nbad,z\r6,z\r\n`,
      });
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      assert.deepEqual([build.rows, build.rejected], [rows + 2, 1]);
      assert.equal(build.findings.find(({ code }) => code === 'mixed-newlines')?.severity, 'warning');
      const failed = build.findings.find(({ code }) => code === 'cast-failed');
      assert.deepEqual([failed?.locations?.[0]?.line, failed?.locations?.[0]?.row], [2 * rows + 3, rows + 2]);
      assert.deepEqual(await space.query(`SELECT DISTINCT b FROM ${OUTPUT} ORDER BY b`), [{ b: 'x\ny' }, { b: 'z' }]);
    });
  }
});

describe('mixed line ends far down', () => {
  const csv = `a,b\n${many(100_000, (n) => `${n},x\n`)}1,y\r\n2,z\r3,z\n`;
  const jsonl = `${many(100_000, (n) => `{"a":${n}}\n`)}{"a":1}\r\n{"a":2}\r{"a":3}\n`;
  const cases = [
    ['CSV', 'csv', csv, '', Array<string>(3).fill('mixed-newlines')],
    [
      'CSV with a schema',
      'csv',
      csv,
      'schema: { columns: { a: integer, b: string } }',
      Array<string>(3).fill('mixed-newlines'),
    ],
    ['JSON lines', 'jsonl', jsonl, '', []],
  ] as const;
  for (const [what, format, content, more, expected] of cases) {
    it(`are found in every file of ${what} before any is read again`, async () => {
      const names = ['a', 'b', 'c'].map((name) => `${name}.${format}`);
      const space = await workspace({
        '.mldata.yaml': config(`'*.${format}'`, more),
        ...Object.fromEntries(names.map((name) => [name, content])),
      });
      const read: string[] = [];
      const { datasets } = await space.build({}, ({ step, detail }) => {
        if (step === 'read' && detail !== undefined && detail !== read.at(-1)) read.push(detail);
      });
      const [build] = datasets;
      assert.ok(build);
      assert.deepEqual([build.rows, codes(build)], [300_009, expected], build.error?.message);
      assert.deepEqual(read, names);
    });
  }
});

describe('a folder whose name looks like a pattern', () => {
  it('is one like any other, for what is read and for what is written', async function () {
    if (!posix) this.skip();
    const folder = 'br[1]x {a,b} *?';
    const space = await workspace({
      [`${folder}/.mldata.yaml`]: config('a.csv', 'schema:\n  columns: { a: integer }\n  onError: quarantine'),
      [`${folder}/a.csv`]: 'a\n1\nx\n',
    });
    const build = await space.buildOne({ configPath: space.path(folder, '.mldata.yaml') });
    assert.deepEqual([build.status, build.rows, build.rejected], ['built', 1, 1], build.error?.message);
    assert.ok((await space.files(`${folder}/datasets/d`)).includes('reports/rejected.parquet'));
  });
});

describe('a path of the config', () => {
  const outside = 'a\n1\n';
  const refused: readonly (readonly [
    what: string,
    source: (space: Workspace) => string,
    link?: readonly [string, string],
  ])[] = [
    ['climbs out', () => '../outside.csv'],
    ['climbs out as a pattern', () => "'../*.csv'"],
    ['climbs out in the middle', () => 'raw/../../outside.csv'],
    ['climbs out in the middle of a pattern', () => "'raw/../../*.csv'"],
    ['is absolute', (space) => JSON.stringify(space.path('outside.csv'))],
    ['is an absolute pattern', (space) => JSON.stringify(space.path('*.csv'))],
    ['is a link that leads out', () => 'link.csv', ['link.csv', '../outside.csv']],
    ['is a pattern that matches a link that leads out', () => "'li*.csv'", ['link.csv', '../outside.csv']],
    ['is a folder that holds a link that leads out', () => 'raw', ['raw/link.csv', '../../outside.csv']],
    ['is a folder behind a link that leads out', () => 'linked', ['linked', '../data']],
    ['is a pattern through a link that leads out', () => "'linked/*.csv'", ['linked', '../data']],
  ];
  for (const [what, source, link] of refused) {
    it(`that ${what} is refused, unless paths outside are allowed`, async function () {
      if (link && !posix) this.skip();
      const space = await workspace({
        'outside.csv': outside,
        'data/outside.csv': outside,
        'work/raw/inside.csv': 'a\n2\n',
      });
      await space.write('work/.mldata.yaml', config(source(space)));
      if (link) await symlink(link[1], space.path('work', link[0]));
      const request = { configPath: space.path('work/.mldata.yaml') };
      const build = await space.buildOne(request);
      assert.deepEqual([build.error?.kind, build.error?.code], ['config', 'path-outside'], build.error?.message);
      assertClear(build);
      assert.deepEqual(build.findings[0]?.configPath?.slice(0, 3), ['datasets', 'd', 'source']);
      assert.deepEqual(await space.files('work/datasets'), []);

      const allowed = await space.buildOne({ ...request, allowOutsidePaths: true });
      assert.equal(allowed.status, 'built', allowed.error?.message);
      assert.ok(allowed.rows >= 1);
    });
  }

  it('may leave the folder of the config, but not the git root', async () => {
    const space = await workspace({
      'outside.csv': outside,
      'repo/.git/HEAD': 'ref: refs/heads/main\n',
      'repo/data.csv': outside,
      'repo/work/.mldata.yaml': config('../data.csv'),
    });
    const request = { configPath: space.path('repo/work/.mldata.yaml') };
    assert.equal((await space.buildOne(request)).status, 'built');
    await space.write('repo/work/.mldata.yaml', config('../../outside.csv'));
    assert.equal((await space.buildOne(request)).error?.code, 'path-outside');
  });

  it('that leads out is refused for the output and the split, too', async () => {
    for (const more of ['output: { path: ../elsewhere }', 'split: { indices: ../split.csv }']) {
      const space = await workspace({
        'split.csv': 'row,split\n1,train\n',
        'work/a.csv': outside,
        'work/.mldata.yaml': config('a.csv', more),
      });
      const build = await space.buildOne({ configPath: space.path('work/.mldata.yaml') });
      assert.equal(build.error?.code, 'path-outside', more);
      assertClear(build);
      assert.deepEqual(await space.files('elsewhere'), []);
    }
  });

  it('that exits through the command line has its documented exit code', async () => {
    const space = await workspace({ 'outside.csv': outside, 'work/.mldata.yaml': config('../outside.csv') });
    const { code, stderr } = await space.cli(['build'], { cwd: space.path('work') });
    assert.equal(code, 3, stderr);
    assert.match(stderr, /outside\.csv .*--allow-outside-paths/);
  });

  it('that matches nothing says which entry it is', async () => {
    const space = await builtBefore({ '.mldata.yaml': config('[a.csv, "no*.csv"]'), 'a.csv': outside });
    const build = await space.buildOne();
    assert.deepEqual(codes(build), ['source-not-found']);
    assert.deepEqual(build.findings[0]?.configPath, ['datasets', 'd', 'source', 1]);
    assertClear(build);
    await assertNothingLost(space);
  });

  for (const [what, make] of [
    ['a folder', (path: string) => mkdir(path)],
    ['a named pipe', (path: string) => Promise.resolve(execFileSync('mkfifo', [path]))],
  ] as const) {
    it(`that is ${what} named like a file neither hangs nor builds`, async function () {
      if (!posix) this.skip();
      for (const source of ['a.csv', '"*.csv"', '.']) {
        const space = await workspace({ '.mldata.yaml': config(source) });
        await make(space.path('a.csv'));
        const build = await space.buildOne();
        assert.deepEqual(codes(build), ['source-not-found'], source);
        assertClear(build);
      }
    });
  }

  it('whose file vanishes while others are read stops the build', async () => {
    const space = await builtBefore({
      '.mldata.yaml': config('[a.csv, b.csv]'),
      'a.csv': `a,b\n${good100k}`,
      'b.csv': 'a,b\n1,x\n',
    });
    const seen: string[] = [];
    const { datasets } = await space.build({}, ({ step, detail }) => {
      if (step === 'read' && detail === 'a.csv' && seen.push(detail) === 1) void rm(space.path('b.csv'));
    });
    const [build] = datasets;
    assert.ok(build);
    assert.deepEqual([build.error?.code, build.findings[0]?.locations?.[0]?.file], ['source-unreadable', 'b.csv']);
    assertClear(build);
    await assertNothingLost(space);
  });
});

/** The command line as one whom permissions bind: root is relieved of its privileges. */
function restricted(space: Workspace, args: readonly string[], shell = ''): Promise<{ code: number; stderr: string }> {
  const program = [process.execPath, resolve('dist/cli.js'), ...args];
  const command = process.getuid?.() === 0 ? ['setpriv', '--bounding-set=-all', ...program] : program;
  return new Promise((done) => {
    execFile('sh', ['-c', `${shell} exec "$@"`, 'sh', ...command], { cwd: space.folder }, (error, _, stderr) => {
      done({ code: typeof error?.code === 'number' ? error.code : error ? -1 : 0, stderr });
    });
  });
}

describe('a system that refuses', function () {
  before(function () {
    if (!posix) this.skip(); // no permission bits and no limits of this kind
  });

  it('to read a source: the build before stays, and the message names the file', async () => {
    const space = await builtBefore({ '.mldata.yaml': config('raw'), 'raw/a.csv': 'a\n1\n', 'raw/b.csv': 'a\n2\n' });
    await chmod(space.path('raw/b.csv'), 0);
    const { code, stderr } = await restricted(space, ['build']);
    assert.equal(code, 1, stderr);
    assert.match(stderr, /raw\/b\.csv.*permission denied/);
    assert.doesNotMatch(stderr, /^\s+at /m);
    await assertNothingLost(space);
  });

  for (const [what, folder] of [
    ['the output', 'datasets/d'],
    ['the data of the build before', 'datasets/d/data'],
    ['the folder of the config', '.'],
  ] as const) {
    it(`to write ${what}: the build before stays, and the message names the folder`, async () => {
      const space = await builtBefore({ '.mldata.yaml': config('a.csv'), 'a.csv': 'a\n1\n' });
      await chmod(space.path(folder), 0o555);
      try {
        const { code, stderr } = await restricted(space, ['build']);
        assert.equal(code, 1, stderr);
        assert.match(stderr, /[Ww]riting .* is not allowed\. Change its permissions/);
        assert.ok(stderr.includes(folder === '.' ? '.mldata' : folder), stderr);
        assert.doesNotMatch(stderr, /^\s+at |defect/m);
      } finally {
        await chmod(space.path(folder), 0o755);
      }
      assert.deepEqual(await contents(space), goodFiles);
      assert.deepEqual(
        exceptKept(await space.files('.mldata')).filter((file) => file !== '.gitignore'),
        [],
      );
    });
  }

  const long = many(6000, (n) => `${n},${randomBytes(300).toString('base64')}\n`);
  for (const [what, files, output] of [
    ['Parquet', { 'a.csv': `a,b\n${long}` }, '{ formats: [parquet] }'],
    ['CSV', { 'a.csv': `a,b\n${long}` }, '{ formats: [csv] }'],
    ['gzip', { 'a.csv': `a,b\n${long}` }, '{ formats: [csv], compression: gzip }'],
    ['Arrow', { 'a.csv': `a,b\n${long}` }, '{ formats: [arrow] }'],
    [
      'a decompressed source',
      { 'a.csv.gz': gzipSync(`a,b\n${many(500_000, (n) => `${n},x\n`)}`) },
      '{ formats: [parquet] }',
    ],
  ] as const) {
    it(`to let a file grow, as a full disk does, while ${what} is written: the build before stays`, async () => {
      const space = await builtBefore({
        '.mldata.yaml': config(Object.keys(files)[0] ?? '', `output: ${output}`),
        ...files,
      });
      const { code, stderr } = await restricted(space, ['build'], 'ulimit -f 1000;');
      assert.equal(code, 1, stderr);
      assert.match(stderr, /The disk is full\. Free some space and try again; what was written before is whole\./);
      await assertNothingLost(space);
    });
  }
});

describe('a config that cannot be read', () => {
  it('ends the command line with exit code 3 and the place', async () => {
    const space = await workspace({ '.mldata.yaml': 'version: 1\ndatasets:\n  d:\n    source: [a.csv\n' });
    const { code, stdout, stderr } = await space.cli(['build']);
    assert.deepEqual([code, stdout], [3, '']);
    assert.match(stderr, /\.mldata\.yaml:\d+:\d+: error: /);
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.deepEqual(await space.files('datasets'), []);
  });
});
