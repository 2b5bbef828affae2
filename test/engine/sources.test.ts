import assert from 'node:assert/strict';
import { createWriteStream } from 'node:fs';
import { cp, mkdir, readFile, stat, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { gzipSync } from 'node:zlib';
import { RecordBatchStreamWriter, Table, Utf8, vectorFromArray } from 'apache-arrow';
import { codes, config, workspaces, type Workspace } from './support';

const workspace = workspaces();
const OUTPUT = '{datasets/d/data/data.parquet}';
const fixtures = join(__dirname, '../fixtures');

/** A YAML list of sources, one per line. */
const list = (...items: string[]) => `\n${items.map((item) => `      - ${item}`).join('\n')}`;

async function columnsOf(space: Workspace): Promise<Record<string, string>> {
  const { columns } = await space.manifest('d');
  return Object.fromEntries(columns.map(({ name, physicalType }) => [name, physicalType]));
}

describe('the formats of a source', () => {
  const people = [
    { id: 1, name: 'Ada "A" Lovelace', score: 1.5 },
    { id: 2, name: 'Böll, Heinrich', score: null },
    { id: 3, name: '日本\n二行', score: -2.25 },
  ];
  const csv = 'id,name,score\n1,"Ada ""A"" Lovelace",1.5\n2,"Böll, Heinrich",\n3,"日本\n二行",-2.25\n';
  const tsv = csv.replaceAll('"Böll, Heinrich"', 'Böll, Heinrich').replaceAll(/,(?! )/g, '\t');
  const json = JSON.stringify(people, null, 2);
  const jsonl = people.map((person) => `${JSON.stringify(person)}\n`).join('');
  const text = {
    'people.csv': csv,
    'people.tsv': tsv,
    'people.json': json,
    'people.jsonl': jsonl,
    'deep/er/people.ndjson': jsonl,
  };
  const formats: Record<string, string> = { ndjson: 'jsonl', parq: 'parquet', pq: 'parquet', pqt: 'parquet' };

  it('are found out for every file of a folder and the folders in it, and give the same rows each', async () => {
    const space = await workspace({
      '.mldata.yaml': config('raw'),
      'raw/README.md': '# people\n',
      'raw/notes.txt': 'id,name,score\n9,x,1\n',
      ...Object.fromEntries<string | Uint8Array>(
        Object.entries(text).flatMap<[string, string | Uint8Array]>(([name, content]) => [
          [`raw/${name}`, content],
          [`raw/${name}.gz`, gzipSync(content)],
        ]),
      ),
    });
    for (const [name, options] of [
      ['people.csv', 'FORMAT csv'],
      ['people.tsv', "FORMAT csv, DELIMITER '\t'"],
      ['people.json', 'FORMAT json, ARRAY true'],
      ['people.jsonl', 'FORMAT json'],
      ['deep/er/people.ndjson', 'FORMAT json'],
    ] as const) {
      await space.query(`COPY (FROM {raw/people.csv}) TO {raw/${name}.zst} (${options}, COMPRESSION zstd)`);
    }
    for (const extension of ['parquet', 'parq', 'pq', 'pqt'])
      await space.query(`COPY (FROM {raw/people.csv}) TO {raw/people.${extension}} (FORMAT parquet)`);

    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const { inputs } = await space.manifest('d');
    const names = [
      ...Object.keys(text).flatMap((name) => [name, `${name}.gz`, `${name}.zst`]),
      ...['parquet', 'parq', 'pq', 'pqt'].map((extension) => `people.${extension}`),
    ].map((name) => `raw/${name}`);
    assert.deepEqual(
      inputs.map(({ path, format, rows }) => ({ path, format, rows })),
      names.sort().map((path) => {
        const extension = /people\.([a-z]+)/.exec(path)?.[1] ?? '';
        return { path, format: formats[extension] ?? extension, rows: 3 };
      }),
    );
    assert.equal(build.rows, names.length * 3);
    assert.deepEqual(await columnsOf(space), { id: 'BIGINT', name: 'VARCHAR', score: 'DOUBLE' });
    const rows = await space.query(`SELECT *, count(*) AS n FROM ${OUTPUT} GROUP BY ALL ORDER BY id`);
    assert.deepEqual(
      rows,
      people.map((person) => ({ ...person, id: BigInt(person.id), n: BigInt(names.length) })),
    );
  });

  it('include the Arrow file and stream forms and Feather, compressed or not, with their types', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        list('rows.none.arrow', 'rows.lz4.arrow', 'rows.zstd.arrow', 'rows.lz4.arrows', 'rows.legacy.arrows'),
      ),
    });
    for (const name of ['none.arrow', 'lz4.arrow', 'zstd.arrow', 'lz4.arrows', 'legacy.arrows'])
      await cp(join(fixtures, `arrow/rows.${name}`), space.path(`rows.${name}`));
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const { inputs } = await space.manifest('d');
    assert.deepEqual([...new Set(inputs.map(({ format }) => format))], ['arrow']);
    const [{ rows } = { rows: 0 }] = inputs;
    assert.ok(rows > 0);
    assert.deepEqual(
      inputs.map((input) => input.rows),
      inputs.map(() => rows),
    );
    const [row] = await space.query(`SELECT count(*) AS all_rows FROM (SELECT DISTINCT * FROM ${OUTPUT})`);
    assert.equal(row?.['all_rows'], BigInt(rows));
  });

  for (const codec of ['lz4', 'zstd']) {
    it(`include Feather files as pyarrow writes them with ${codec}: every type arrives as it is`, async () => {
      const space = await workspace({ '.mldata.yaml': config('types.feather') });
      await cp(join(fixtures, `arrow/types.${codec}.feather`), space.path('types.feather'));
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      const types = Object.values(await columnsOf(space));
      for (const type of [
        'UTINYINT',
        'INTEGER',
        'FLOAT',
        'BOOLEAN',
        'DATE',
        'TIMESTAMP WITH TIME ZONE',
        'VARCHAR',
        'BLOB',
      ])
        assert.ok(types.includes(type), `${type} is not among ${types.join(', ')}`);
    });
  }

  it('say which types of Arrow get another form', async () => {
    const space = await workspace({ '.mldata.yaml': config('types.arrow') });
    await cp(join(fixtures, 'arrow/types.arrow'), space.path('types.arrow'));
    const build = await space.buildOne();
    const finding = build.findings.find(({ code }) => code === 'arrow-form');
    assert.match(finding?.message ?? '', /\(duration\[\w+\]\)/);
    assert.match(finding?.message ?? '', /\(date64\[ms\]\)/);
    assert.doesNotMatch(finding?.message ?? '', /date32|timestamp/);
  });

  it('are decided by the content where the name says otherwise, with a finding that says so', async () => {
    const space = await workspace({
      '.mldata.yaml': config('raw'),
      'raw/array.csv': json,
      'raw/lines.json': jsonl,
      'raw/packed.csv': gzipSync(csv),
      'raw/plain.csv.gz': csv,
    });
    await space.query(`COPY (FROM {raw/lines.json}) TO {raw/table.tsv} (FORMAT parquet)`);
    const build = await space.buildOne();
    assert.equal(build.rows, 15, build.error?.message);
    assert.deepEqual(
      build.findings.map(({ code, severity, locations }) => [code, severity, locations?.[0]?.file]),
      [
        ['format-mismatch', 'warning', 'raw/array.csv'],
        ['format-mismatch', 'warning', 'raw/lines.json'],
        ['compression-mismatch', 'warning', 'raw/packed.csv'],
        ['compression-mismatch', 'warning', 'raw/plain.csv.gz'],
        ['format-mismatch', 'warning', 'raw/table.tsv'],
      ],
    );
    assert.ok(build.findings.every(({ suggestion }) => suggestion !== undefined));
  });

  it('are what the config declares, where it does', async () => {
    const space = await workspace({
      '.mldata.yaml': config('{ path: export.txt, format: jsonl }'),
      'export.txt': jsonl,
    });
    const build = await space.buildOne();
    assert.deepEqual([build.rows, codes(build)], [3, []]);
  });
});

describe('the files of a source', () => {
  it('are those of a list of paths and patterns, each read once, in the order of their names', async () => {
    const space = await workspace({
      '.mldata.yaml': config(list('z.csv', 'part-*.csv', 'part-1.csv')),
      'part-2.csv': 'a\n3\n',
      'part-1.csv': 'a\n1\n2\n',
      'z.csv': 'a\n4\n',
      'other.csv': 'a\n5\n',
    });
    await space.buildOne();
    assert.deepEqual(
      (await space.query(`SELECT a FROM ${OUTPUT}`)).map(({ a }) => a),
      [1n, 2n, 3n, 4n],
    );
  });

  const hostile = [
    "it's; DROP TABLE stage; --.csv",
    'two words "quoted".csv',
    'stars*and[brackets]{a,b}?.csv',
    'two\nlines.csv',
    'emoji 🦆 ünï.csv',
    '!not (this|that).csv',
    '#hash%20.csv',
    'back\\slash[1]*.csv',
  ];
  it('may have any name: it is taken literally', async function () {
    if (process.platform === 'win32') return;
    const space = await workspace({
      '.mldata.yaml': config(list(...hostile.map((name) => JSON.stringify(`raw/${name}`)))),
      ...Object.fromEntries(hostile.map((name, index) => [`raw/${name}`, `a\n${index}\n`])),
      'raw/starsXandbaX.csv': 'a\n99\n',
      'raw/backXslash1X.csv': 'a\n99\n',
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(build.inputs.map(({ path }) => path).sort(), hostile.map((name) => `raw/${name}`).sort());
    const rows = await space.query(`SELECT a FROM ${OUTPUT} ORDER BY a`);
    assert.deepEqual(
      rows.map(({ a }) => a),
      hostile.map((_, index) => BigInt(index)),
    );
    await space.write('.mldata.yaml', config('raw'));
    assert.equal((await space.buildOne()).rows, hostile.length + 2);
  });

  it('are those with any ending of a known format, in folders', async () => {
    const space = await workspace({
      '.mldata.yaml': config('raw'),
      'raw/a.tab': 'a\tb\n1\tx\n',
      'raw/b.TAB.gzip': gzipSync('a\tb\n2\tx\n'),
      'raw/c.csv.gzip': gzipSync('a,b\n3,x\n'),
    });
    const build = await space.buildOne();
    assert.deepEqual(
      build.inputs.map(({ path, format }) => [path, format]),
      [
        ['raw/a.tab', 'tsv'],
        ['raw/b.TAB.gzip', 'tsv'],
        ['raw/c.csv.gzip', 'csv'],
      ],
      build.error?.message,
    );
  });

  it('may lie below folders whose names look like columns', async () => {
    const space = await workspace({ 'k=v/.mldata.yaml': config('raw'), 'k=v/raw/n=1/a.csv': 'a\n1\n' });
    await cp(join(fixtures, 'arrow/rows.none.arrow'), space.path('k=v/raw/n=1/b.arrow'));
    await space.query('COPY (SELECT 2 AS a) TO {k=v/raw/n=1/c.parquet} (FORMAT parquet)');
    await space.write('k=v/raw/n=1/d.jsonl', '{"a":3}\n');
    const build = await space.buildOne({ configPath: space.path('k=v/.mldata.yaml') });
    assert.equal(build.status, 'built', build.error?.message);
    const columns = await space.query(
      'DESCRIBE FROM read_parquet({k=v/datasets/d/data/data.parquet}, hive_partitioning = false)',
    );
    assert.deepEqual(
      columns.map(({ column_name }) => column_name).filter((name) => name === 'k' || name === 'n'),
      [],
    );
  });

  it('are each read once, whatever links lead to them, under the name without links', async function () {
    if (process.platform === 'win32') return;
    const space = await workspace({ '.mldata.yaml': config(list('raw', 'raw/z.csv')), 'raw/z.csv': 'a\n1\n' });
    await symlink('.', space.path('raw/self'));
    await symlink('z.csv', space.path('raw/a.csv'));
    await mkdir(space.path('raw/deep'));
    await symlink('../../raw', space.path('raw/deep/up'));
    const build = await space.buildOne();
    assert.deepEqual([build.rows, build.inputs.map(({ path }) => path), codes(build)], [1, ['raw/z.csv'], []]);
  });

  it('take the options of the last entry that names them, with a finding where entries differ', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        list("{ path: a.csv, options: { delimiter: ';' } }", '{ path: a.csv, options: { delimiter: "|" } }'),
      ),
      'a.csv': 'a;b|c\n1;2|3\n',
    });
    const build = await space.buildOne();
    assert.deepEqual(codes(build), ['source-named-twice']);
    assert.match(build.findings[0]?.message ?? '', /^Entries 1 and 2 of the source name a\.csv/);
    assert.deepEqual(
      build.inputs.map(({ options }) => options?.['delimiter']),
      ['|'],
    );
  });

  it('are named where an option means nothing to their format', async () => {
    const space = await workspace({
      '.mldata.yaml': config("{ path: 'a.*', options: { nullValues: [NA], skipLines: 0, encoding: utf-8 } }"),
      'a.csv': 'a\nNA\n2\n',
      'a.jsonl': '{"a":3}\n',
    });
    await space.query('COPY (SELECT 4::BIGINT AS a) TO {a.parquet} (FORMAT parquet)');
    const build = await space.buildOne();
    assert.deepEqual(
      build.findings.map(({ code, message, locations }) => [code, locations?.[0]?.file, message]),
      [
        ['option-ignored', 'a.jsonl', '`skipLines`, `nullValues` mean nothing in jsonl and were not used.'],
        [
          'option-ignored',
          'a.parquet',
          '`skipLines`, `encoding`, `nullValues` mean nothing in parquet and were not used.',
        ],
      ],
    );
  });

  it('are united by name where their columns differ, with a finding that says which differs how', async () => {
    const space = await workspace({
      '.mldata.yaml': config('part-*.*'),
      'part-1.csv': 'id,name\n1,x\n',
      'part-2.csv': 'name,id\ny,2\n',
      'part-3.csv': 'id,town\n3,Oslo\n',
      'part-4.jsonl': '{"id": 4.5, "name": "z"}\n',
    });
    const build = await space.buildOne();
    assert.deepEqual(
      build.findings.filter(({ code }) => code === 'columns-differ').map(({ message }) => message),
      ['part-3.csv has other columns than part-1.csv: lacks name, adds town. They are united by name.'],
    );
    assert.deepEqual(await space.query(`SELECT * FROM ${OUTPUT}`), [
      { id: 1, name: 'x', town: null },
      { id: 2, name: 'y', town: null },
      { id: 3, name: null, town: 'Oslo' },
      { id: 4.5, name: 'z', town: null },
    ]);
  });
});

describe('text files', () => {
  const table = 'name;price\nCafé;3\nMüller – “x”;4\n';
  const utf16le = (text: string) => Buffer.from(text, 'utf16le');
  const utf16be = (text: string) => utf16le(text).swap16();
  const windows1252 = Buffer.from('name;price\nCaf\xe9;3\nM\xfcller \x96 \x93x\x94;4\n', 'latin1');
  const encodings: readonly (readonly [file: string, bytes: Buffer, encoding: string, declared?: string])[] = [
    ['bom.csv', Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(table)]), 'utf-8'],
    ['16le.csv', utf16le(`\ufeff${table}`), 'utf-16le'],
    ['16be.csv', utf16be(`\ufeff${table}`), 'utf-16be'],
    ['1252.csv', windows1252, 'windows-1252'],
    ['1252d.csv', windows1252, 'windows-1252', 'windows-1252'],
    ['16le-declared.csv', utf16le(table), 'utf-16le', 'utf-16le'],
    ['16le.csv.gz', gzipSync(utf16le(`\ufeff${table}`)), 'utf-16le'],
    ['1252.csv.gz', gzipSync(windows1252), 'windows-1252'],
  ];

  it('are read in every encoding, sniffed or declared', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        list(
          ...encodings.map(([file, , , declared]) =>
            declared ? `{ path: ${file}, options: { encoding: ${declared} } }` : file,
          ),
        ),
      ),
      ...Object.fromEntries(encodings.map(([file, bytes]) => [file, bytes])),
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(
      Object.fromEntries(build.inputs.map(({ path, options }) => [path, options?.['encoding']])),
      Object.fromEntries(encodings.map(([file, , encoding]) => [file, encoding])),
    );
    const count = BigInt(encodings.length);
    assert.deepEqual(await space.query(`SELECT *, count(*) AS n FROM ${OUTPUT} GROUP BY ALL ORDER BY price`), [
      { name: 'Café', price: 3n, n: count },
      { name: 'Müller – “x”', price: 4n, n: count },
    ]);
  });

  it('are read as latin-1, sniffed or declared, where no other encoding fits', async () => {
    const bytes = Buffer.from('name;price\nCafé;3\n', 'latin1');
    const space = await workspace({
      '.mldata.yaml': config(list('a.csv', '{ path: b.csv, options: { encoding: latin-1 } }')),
      'a.csv': bytes,
      'b.csv': bytes,
    });
    const build = await space.buildOne();
    assert.deepEqual(
      build.inputs.map(({ options }) => options?.['encoding']),
      ['latin-1', 'latin-1'],
    );
    assert.deepEqual(await space.query(`SELECT DISTINCT name FROM ${OUTPUT}`), [{ name: 'Café' }]);
  });

  it('are read as the config says, whatever the content looks like', async () => {
    const dialects = {
      'delimiter.csv': ["{ delimiter: '^' }", 'a^b\nx,1^1\n'],
      'headless.csv': ['{ header: false, skipLines: 1 }', 'not a line of data\nx,1\n'],
      'quote.csv': ["{ quote: '~' }", 'a,b\n~x,1~,1\n'],
      'unquoted.csv': ["{ quote: '' }", 'a,b\n"x,1\n'],
      'escape.csv': ["{ escape: '\\' }", 'a,b\n"x\\"1",1\n'],
      'skip.csv': ['{ skipLines: 2 }', 'one,two\nthree,four\na,b\nx,1\n'],
      'nulls.csv': ["{ nullValues: ['NA', '-'] }", 'a,b\nNA,1\n-,1\n'],
    };
    const space = await workspace({
      '.mldata.yaml': config(
        list(...Object.entries(dialects).map(([file, [options]]) => `{ path: ${file}, options: ${options} }`)),
      ),
      ...Object.fromEntries(Object.entries(dialects).map(([file, [, content]]) => [file, content ?? ''])),
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const rows = await space.query(`SELECT coalesce(a, column1) AS a FROM ${OUTPUT}`);
    assert.deepEqual(
      rows.map(({ a }) => a),
      ['x,1', 'x"1', 'x', null, null, 'x,1', 'x', '"x'],
    );
    assert.deepEqual(
      build.inputs.map(({ path, options }) => [path, options?.['delimiter'], options?.['header'], options?.['quote']]),
      [
        ['delimiter.csv', '^', true, '"'],
        ['escape.csv', ',', true, '"'],
        ['headless.csv', ',', false, '"'],
        ['nulls.csv', ',', true, '"'],
        ['quote.csv', ',', true, '~'],
        ['skip.csv', ',', true, '"'],
        ['unquoted.csv', ',', true, ''],
      ],
    );
    assert.deepEqual(
      build.inputs
        .filter(({ options }) => options?.['escape'] !== undefined)
        .map(({ path, options }) => [path, options?.['escape']]),
      [['escape.csv', '\\']],
    );
  });

  it('have null for an empty field, quoted or not', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': '"n","t"\n"1",""\n"",\n"3"," "\n' });
    await space.buildOne();
    assert.deepEqual(await columnsOf(space), { n: 'BIGINT', t: 'VARCHAR' });
    assert.deepEqual(await space.query(`SELECT n, t FROM ${OUTPUT}`), [
      { n: 1n, t: null },
      { n: null, t: null },
      { n: 3n, t: ' ' },
    ]);
  });

  it('may be quoted in other ways: what is assumed is a finding', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': "a,b\n'x,1',2\n'it\\'s',3\n" });
    const build = await space.buildOne();
    assert.deepEqual(codes(build), ['quoting-assumed', 'quoting-assumed']);
    assert.deepEqual(await space.query(`SELECT a FROM ${OUTPUT}`), [{ a: 'x,1' }, { a: "it's" }]);
  });

  it('have only the empty field for null; tokens that look like one are a finding that says how to change that', async () => {
    const csv = 'name,age\nx,34\ny,\nz,NA\n"",n/a\n,30\n';
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': csv });
    const build = await space.buildOne();
    const finding = build.findings.find(({ code }) => code === 'null-like-values');
    assert.equal(finding?.count, 2);
    assert.match(finding.suggestion ?? '', /`nullValues: \[NA, n\/a\]`/);
    assert.deepEqual(await space.query(`SELECT age FROM ${OUTPUT}`), [
      { age: '34' },
      { age: null },
      { age: 'NA' },
      { age: 'n/a' },
      { age: '30' },
    ]);
    const options = /`(nullValues: .*)`/.exec(finding.suggestion ?? '')?.[1];
    await space.write('.mldata.yaml', config(`{ path: a.csv, options: { ${options} } }`));
    assert.deepEqual(codes(await space.buildOne()), []);
    assert.deepEqual(await columnsOf(space), { name: 'VARCHAR', age: 'BIGINT' });
    assert.deepEqual(await space.query(`SELECT age FROM ${OUTPUT} WHERE age IS NOT NULL`), [
      { age: 34n },
      { age: 30n },
    ]);
  });

  it('may begin with lines that are no data: what is skipped is a finding with its text', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv'),
      'a.csv': 'Report of 2024\nAll figures in euros\n\nid,town,n\n1,Oslo,3\n2,Rome,4\n',
    });
    const build = await space.buildOne();
    const [finding] = build.findings;
    assert.deepEqual([finding?.code, finding?.severity, finding?.count], ['lines-skipped', 'warning', 3]);
    assert.deepEqual(
      finding?.locations?.map(({ line, text }) => [line, text]),
      [
        [1, 'Report of 2024'],
        [2, 'All figures in euros'],
        [3, ''],
      ],
    );
    assert.equal(build.rows, 2);
  });

  it('keep every record where one is so long that others meet its buffer half-way', async () => {
    const short = Array.from({ length: 150_000 }, (_, index) => `${index},${'y'.repeat(index % 120)}`);
    const records = [...short.slice(0, 70_000), `70000,${'x'.repeat(3_000_001)}`, ...short.slice(70_001)];
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'schema: { columns: { id: integer } }'),
      'a.csv': `id,text\n${records.join('\n')}\n`,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const [sum] = await space.query(
      'SELECT sum(id)::BIGINT AS ids, max(length(text)) AS longest FROM {datasets/d/data/data.parquet}',
    );
    assert.deepEqual(Object.values(sum ?? {}).map(Number), [(149_999 * 150_000) / 2, 3_000_001]);
  });

  it('keep their line numbers through CR LF, blank lines and line ends in quotes', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'schema: { columns: { id: integer, note: string } }'),
      'a.csv': 'id,note\r\n1,"two\r\nlines"\r\n\r\n2,x\r\n\r\nbad,"y\r\n\r\nz"\r\n4,x\r\nworse,x\r\n',
    });
    const build = await space.buildOne();
    assert.deepEqual(
      build.findings[0]?.locations?.map(({ row, line, text }) => [row, line, text]),
      [
        [3, 7, 'bad'],
        [5, 11, 'worse'],
      ],
    );
  });

  it('keep a blank line of a single column as the empty value that it is, with its place', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': 'n\n1\n\n3\n\n' });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(await space.query(`SELECT n FROM ${OUTPUT}`), [{ n: 1n }, { n: null }, { n: 3n }, { n: null }]);
    await space.write('.mldata.yaml', config('a.csv', 'schema: { columns: { n: { type: integer, required: true } } }'));
    const places = (await space.buildOne()).findings[0]?.locations?.map(({ row, line }) => [row, line]);
    assert.deepEqual(places, [
      [2, 3],
      [4, 5],
    ]);
  });

  it('tell row and line of what is wrong behind blank lines, of a record that is none as of a cell', async () => {
    const rows = ['1,2', '', '', '3', '4,x', '5,6', '', '"7', '8",9', 'y,10,11', '12,z'];
    const space = await workspace({
      '.mldata.yaml': config(
        'a.csv',
        'schema:\n  columns: { a: string, b: integer }\n  onError: quarantine\nsplit: { train: 1, writeIndices: true }',
      ),
      'a.csv': `a,b\n${rows.join('\n')}\n`,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const places = build.findings.flatMap(({ locations = [] }) =>
      locations.filter(({ row }) => row !== undefined).map(({ row, line, text }) => [row, line, text]),
    );
    assert.deepEqual(
      places.sort(([a], [b]) => Number(a) - Number(b)),
      [
        [2, 5, '3'],
        [3, 6, 'x'],
        [6, 11, 'y,10,11'],
        [7, 12, 'z'],
      ],
    );
    assert.deepEqual(await space.query('SELECT "row", line FROM {datasets/d/reports/rejected.parquet}'), [
      { row: 2n, line: 5n },
      { row: 3n, line: 6n },
      { row: 6n, line: 11n },
      { row: 7n, line: 12n },
    ]);
    assert.equal(
      await readFile(space.path('datasets/d/reports/split-indices.csv'), 'utf8'),
      'file,row,split\na.csv,1,train\na.csv,4,train\na.csv,5,train\n',
    );
  });
});

describe('JSON lines', () => {
  it('keep nested values and their types, and take a missing key for null', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.jsonl'),
      'a.jsonl':
        '{"id":1,"at":{"x":1,"tags":["a","b"]},"ok":true}\n\n{"id":2,"at":{"x":2.5,"tags":[]}}\n{"id":3,"at":null,"ok":false,"note":"é\\n"}\n',
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(await columnsOf(space), {
      id: 'BIGINT',
      at: 'STRUCT(x DOUBLE, tags VARCHAR[])',
      ok: 'BOOLEAN',
      note: 'VARCHAR',
    });
    assert.deepEqual(await space.query(`SELECT id, "at".x AS x, len("at".tags) AS tags, ok, note FROM ${OUTPUT}`), [
      { id: 1n, x: 1, tags: 2n, ok: true, note: null },
      { id: 2n, x: 2.5, tags: 0n, ok: null, note: null },
      { id: 3n, x: null, tags: null, ok: false, note: 'é\n' },
    ]);
  });

  it('keep a key that appears late, and the type that only late rows need', async () => {
    const lines = Array.from({ length: 40_000 }, (_, n) =>
      JSON.stringify({ n, value: n === 35_000 ? 0.5 : n, ...(n === 30_000 && { late: 'here' }) }),
    );
    const space = await workspace({ '.mldata.yaml': config('a.jsonl'), 'a.jsonl': lines.join('\n') });
    const build = await space.buildOne();
    assert.deepEqual([build.rows, codes(build)], [40_000, []]);
    assert.deepEqual(await columnsOf(space), { n: 'BIGINT', value: 'DOUBLE', late: 'VARCHAR' });
    assert.deepEqual(await space.query(`SELECT n, late FROM ${OUTPUT} WHERE late IS NOT NULL OR value <> n`), [
      { n: 30_000n, late: 'here' },
      { n: 35_000n, late: null },
    ]);
  });

  it('are cast to declared types, and say where that fails', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.jsonl', 'schema:\n  columns: { day: date, n: integer, code: string, more: object }'),
      'a.jsonl':
        '{"day":"2024-02-29","n":"7","code":42,"more":{"a":[1]}}\n{"day":"2024-02-30","n":1.5,"code":true,"more":{}}\n',
    });
    const failed = await space.buildOne();
    assert.deepEqual(
      failed.findings.map(({ column, locations }) => [column, locations?.[0]?.line, locations?.[0]?.text]),
      [
        ['day', 2, '2024-02-30'],
        ['n', 2, '1.5'],
      ],
    );
    await space.write(
      '.mldata.yaml',
      (await readFile(space.path('.mldata.yaml'), 'utf8')) + '      onError: quarantine\n',
    );
    await space.buildOne();
    assert.deepEqual(await space.query(`SELECT day::VARCHAR AS day, n, code, more FROM ${OUTPUT}`), [
      { day: '2024-02-29', n: 7n, code: '42', more: '{"a":[1]}' },
    ]);
  });
});

describe('numbers in JSON', () => {
  const cases: readonly (readonly [
    what: string,
    lines: readonly string[],
    type: string,
    texts: readonly (string | null)[],
  ])[] = [
    ['whole numbers of both signs', ['{"a":5}', '{"a":-5}'], 'BIGINT', ['5', '-5']],
    [
      'the largest of 64 bits',
      ['{"a":9223372036854775807}', '{"a":-9223372036854775808}'],
      'BIGINT',
      ['9223372036854775807', '-9223372036854775808'],
    ],
    [
      'whole numbers that need an unsigned type',
      ['{"a":18446744073709551615}', '{"a":5}', '{}'],
      'VARCHAR',
      ['18446744073709551615', '5', null],
    ],
    [
      'whole numbers wider than that',
      ['{"a":-12345678901234567890123}', '{"a":5}'],
      'VARCHAR',
      ['-12345678901234567890123', '5'],
    ],
    [
      'fractions beside whole numbers that a double holds',
      ['{"a":9007199254740992}', '{"a":1.5}'],
      'DOUBLE',
      ['9007199254740992.0', '1.5'],
    ],
    [
      'fractions beside whole numbers that a double changes',
      ['{"a":9007199254740993}', '{"a":1.5}'],
      'VARCHAR',
      ['9007199254740993', '1.5'],
    ],
    [
      'numbers as JavaScript writes large ones',
      ['{"a":123456789012345680000}', '{"a":0.5}'],
      'DOUBLE',
      ['1.2345678901234568e+20', '0.5'],
    ],
    ['digits in a text', ['{"a":1,"b":"18446744073709551615"}', '{"a":2.5}'], 'DOUBLE', ['1.0', '2.5']],
    [
      'numbers in lists and objects',
      ['{"a":[{"b":[1,18446744073709551615]}]}', '{"a":[{"b":[2]}]}'],
      'STRUCT(b VARCHAR[])[]',
      ["[{'b': [1, 18446744073709551615]}]", "[{'b': [2]}]"],
    ],
  ];
  for (const [what, lines, type, texts] of cases) {
    for (const [format, content] of [
      ['jsonl', lines.join('\n')],
      ['json', `[${lines.join(',\n')}]`],
    ] as const) {
      it(`keep their value in ${format}: ${what}`, async () => {
        const space = await workspace({ '.mldata.yaml': config(`a.${format}`), [`a.${format}`]: content });
        const build = await space.buildOne();
        assert.equal(build.status, 'built', build.error?.message);
        assert.equal((await columnsOf(space))['a'], type);
        assert.deepEqual(
          (await space.query(`SELECT a::VARCHAR AS a FROM ${OUTPUT}`)).map(({ a }) => a),
          texts,
        );
        const [column] = await space.query(`DESCRIBE SELECT a FROM ${OUTPUT}`);
        assert.equal(column?.['column_type'], type);
      });
    }
  }
});

describe('odd structures of JSON', () => {
  const cases: readonly (readonly [
    what: string,
    lines: readonly string[],
    columns: Record<string, string>,
    first: Record<string, unknown>,
    codes: readonly string[],
  ])[] = [
    ['a record without keys among others', ['{"a":1}', '{}'], { a: 'BIGINT' }, { a: 1n }, []],
    ['an object without keys', ['{"a":{}}', '{"a":{}}'], { a: 'JSON' }, { a: '{}' }, []],
    [
      'keys of an object that differ in letter case',
      ['{"a":{"b":1,"B":2}}'],
      { a: 'JSON' },
      { a: '{"b":1,"B":2}' },
      [],
    ],
    ['an object in a list with an empty key', ['{"a":[{"":1}]}'], { a: 'JSON[]' }, { a: ['{"":1}'] }, []],
    ['lists that are all empty', ['{"a":[]}'], { a: 'VARCHAR[]' }, { a: [] }, []],
    [
      'an empty key',
      ['{"a":1,"":"x"}'],
      { a: 'BIGINT', column2: 'VARCHAR' },
      { a: 1n, column2: 'x' },
      ['empty-column-name'],
    ],
    ['a key twice', ['{"a":1,"a":2}', '{"a":3}'], { a: 'BIGINT' }, { a: 1n }, ['json-duplicate-key']],
  ];
  for (const [what, lines, columns, first, expected] of cases) {
    it(`are kept: ${what}`, async () => {
      const space = await workspace({ '.mldata.yaml': config('a.jsonl'), 'a.jsonl': lines.join('\n') });
      const build = await space.buildOne();
      assert.equal(build.status, 'built', build.error?.message);
      assert.deepEqual([await columnsOf(space), codes(build), build.rows], [columns, expected, lines.length]);
      assert.deepEqual((await space.query(`FROM ${OUTPUT}`))[0], first);
    });
  }
});

describe('values and names', () => {
  it('keep whole numbers beyond 2^53 from CSV and JSON lines to Parquet, CSV, JSON lines and Arrow', async () => {
    const space = await workspace({
      '.mldata.yaml': config(list('a.csv', 'b.jsonl'), 'output: { formats: [parquet, csv, jsonl, arrow] }'),
      'a.csv': 'n\n9007199254740993\n-9007199254740995\n',
      'b.jsonl': '{"n": 9007199254740997}\n{"n": 9223372036854775807}\n',
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const numbers = [9007199254740993n, -9007199254740995n, 9007199254740997n, 9223372036854775807n];
    assert.deepEqual(
      await space.query(`SELECT n FROM ${OUTPUT}`),
      numbers.map((n) => ({ n })),
    );
    const read = (path: string) => readFile(space.path('datasets/d', path), 'utf8');
    assert.deepEqual((await read('csv/data.csv')).trim().split(/\r?\n/), ['n', ...numbers.map(String)]);
    assert.deepEqual(
      (await read('jsonl/data.jsonl')).trim().split('\n'),
      numbers.map((n) => `{"n":${n}}`),
    );
    await space.write('.mldata.yaml', config('datasets/d/arrow/data.arrow', 'output: { path: again }'));
    await space.buildOne();
    assert.deepEqual(
      await space.query('SELECT n FROM {again/data/data.parquet}'),
      numbers.map((n) => ({ n })),
    );
  });

  const names = [
    'id',
    'rowid',
    'c0',
    '__file',
    'line',
    'record',
    'say "hi"',
    "it's",
    'a;b',
    'two\nlines',
    '🦆',
    'select',
    'a.b',
    ' padded ',
    '100%',
    '__proto__',
    'constructor',
  ];
  it('may be any text as column names, in every format that is written and read', async () => {
    const quoted = names.map((name) => `"${name.replaceAll('"', '""')}"`).join(',');
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'output: { formats: [parquet, csv, jsonl, arrow] }'),
      'a.csv': `${quoted}\n${names.map((_, index) => index).join(',')}\n${names.map(() => 7).join(',')}\n`,
    });
    const build = await space.buildOne();
    assert.equal(build.status, 'built', build.error?.message);
    const artifacts = build.artifacts.map(({ path }) => path);
    assert.deepEqual(artifacts, ['data/data.parquet', 'csv/data.csv', 'jsonl/data.jsonl', 'arrow/data.arrow']);
    for (const path of artifacts) {
      await space.write('.mldata.yaml', config(`datasets/d/${path}`, 'output: { path: again }'));
      const again = await space.buildOne();
      assert.equal(again.status, 'built', `${path}: ${again.error?.message}`);
      const [row] = await space.query('SELECT to_json(t)::VARCHAR AS json FROM {again/data/data.parquet} AS t');
      assert.deepEqual(
        Object.entries(JSON.parse(String(row?.['json'])) as object),
        names.map((name, index) => [name, index]),
        path,
      );
    }
  });

  it('come out of an Arrow file larger than the memory limit', async function () {
    this.timeout(180_000);
    const size = 65_536;
    const texts = Array.from({ length: size }, (_, i) => `row ${i}, with a text of some length`);
    const [batch] = new Table({
      id: vectorFromArray(BigInt64Array.from(texts, (_, i) => BigInt(i))),
      text: vectorFromArray(texts, new Utf8()),
    }).batches;
    assert.ok(batch);
    const batches = 80;
    const space = await workspace({ '.mldata.yaml': config('large.arrow') });
    await pipeline(
      RecordBatchStreamWriter.writeAll(Array.from({ length: batches }, () => batch)).toNodeStream(),
      createWriteStream(space.path('large.arrow')),
    );
    assert.ok((await stat(space.path('large.arrow'))).size > 220e6);
    const build = await space.buildOne({ memoryLimit: '200MB' });
    assert.equal(build.status, 'built', build.error?.message);
    assert.deepEqual(await space.query(`SELECT count(*) AS n, count(DISTINCT text) AS texts FROM ${OUTPUT}`), [
      { n: BigInt(batches * size), texts: BigInt(size) },
    ]);
  });
});
