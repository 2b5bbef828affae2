/** Looks at sources that no config names yet: their first rows, and how little is read for them. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import sqlite from 'node-sqlite3-wasm';
import { Database, targetLiteral } from '../../src/engine/duckdb';
import { peekSchema, type NewSource, type Peek, type PeekRequest } from '../../src/protocol';
import { password, startPostgres } from '../host/databaseServers';
import { HubServer } from '../host/hubServer';
import { MisbehavingServer } from '../host/misbehavingServer';
import { S3Server } from '../host/s3Server';
import { tar, zip } from './archives';
import { here, workspaces, type Workspace } from './support';

const network = { trusted: true, allowPrivateAddresses: true } as const;

const peek = async (
  space: Workspace,
  source: NewSource,
  options: Partial<PeekRequest> = network,
  signal = new AbortController().signal,
): Promise<Peek> =>
  peekSchema.parse(await here.peek({ configPath: space.path('.mldata.yaml'), threads: 2, source, ...options }, signal));

const leftBehind = async (): Promise<string[]> =>
  (await readdir(tmpdir())).filter((name) => name.startsWith(`mldata-data-${process.pid}-`));

/** Lines that compress to about nothing are no measure of what is read. */
const csvOf = (rows: number): string =>
  `id,text\n${Array.from({ length: rows }, (_, row) => `${row},"${row} ""q""\n${randomBytes(20).toString('hex')}"`).join('\n')}\n`;

describe('a look at a source', () => {
  const workspace = workspaces();
  let space: Workspace;
  beforeEach(async () => {
    space = await workspace({});
  });
  afterEach(async () => {
    assert.deepEqual(await leftBehind(), []);
    assert.deepEqual(
      (await space.files()).filter((name) => name.includes('.mldata/')),
      [],
    );
  });

  const write = async (name: string, sql: string, format: string): Promise<Buffer> => {
    const database = await Database.open({ threads: 2, memoryLimit: '1GB', spillFolder: space.path('spill') });
    await database.run(`COPY (${sql}) TO ${targetLiteral(space.path(name))} (${format})`);
    database.close();
    return readFile(space.path(name));
  };

  describe('of files here', () => {
    for (const [name, packed] of [
      ['a.csv', (text: string) => text],
      ['a.csv.gz', gzipSync],
    ] as const)
      it(`shows the rows of ${name}, whose line ends change beyond its first megabyte`, async () => {
        const lines = Array.from({ length: 6000 }, (_, n) => `${n},${'x'.repeat(300)}`);
        const text = `id,text\n${lines.slice(0, 5000).join('\n')}\n${lines.slice(5000).join('\r\n')}\r\n`;
        await space.write(name, packed(text));
        const { columns, total } = await peek(space, { place: name }, {});
        assert.deepEqual([columns[0], total], [{ name: 'id', type: 'integer' }, 6000]);
      });

    it('shows types, values and how many rows there are', async () => {
      await space.write('a.csv', 'id,name\n1,x\n2,\n');
      const { kind, columns, rows, total, format, bytes } = await peek(space, { place: 'a.csv' }, {});
      assert.deepEqual(
        { kind, columns, rows, total, format, bytes },
        {
          ...{ kind: 'mldata/peek', total: 2, format: 'csv', bytes: undefined },
          columns: [
            { name: 'id', type: 'integer' },
            { name: 'name', type: 'string' },
          ],
          rows: [
            ['1', 'x'],
            ['2', null],
          ],
        },
      );
    });

    it('shows the first hundred rows of many files, and long values shortened', async () => {
      await space.write('many/a.csv', `n\n${'1\n'.repeat(150)}`);
      await space.write('many/b.csv', 'n\n2\n');
      const many = await peek(space, { place: 'many/*.csv' }, {});
      assert.deepEqual([many.rows.length, many.total, many.files], [100, 151, 2]);
      await space.write('long.csv', `t\n${'é'.repeat(5000)}\n`);
      const { rows } = await peek(space, { place: 'long.csv' }, {});
      assert.equal(rows[0]?.[0], `${'é'.repeat(200)}…`);
    });

    const refused = [
      { place: 'missing.csv', code: 'source-not-found' },
      { place: '../outside.csv', code: 'path-outside' },
      { place: 'dataset://other', code: 'address-unclear' },
      { place: 'ftp://host/x.csv', code: 'address-unclear' },
    ];
    for (const { place, code } of refused) {
      it(`refuses ${place}`, () => assert.rejects(peek(space, { place }), { code }));
    }
  });

  describe('of files over HTTP', () => {
    let server: MisbehavingServer;
    before(async () => {
      server = await MisbehavingServer.start();
    });
    after(() => server.stop());
    beforeEach(() => {
      server.clear();
    });

    const at = (path: string): NewSource => ({ place: server.url(path).href });

    const large = csvOf(100_000);
    const firstText = /^0 "q"\n[0-9a-f]{40}$/;
    const objects = (end: string): string =>
      `[${Array.from({ length: 60_000 }, (_, id) => JSON.stringify({ id, text: `]} "${id}"`, deep: [{ a: [id] }] })).join(',')}${end}`;
    const texts: readonly { name: string; bytes: () => Buffer | Promise<Buffer>; first: RegExp }[] = [
      { name: 'large.csv', bytes: () => Buffer.from(large), first: firstText },
      { name: 'large.csv.gz', bytes: () => gzipSync(large), first: firstText },
      {
        name: 'large.csv.zst',
        bytes: () =>
          write(
            'x.zst',
            'SELECT range AS id, md5(range::VARCHAR) AS text FROM range(200000)',
            'FORMAT csv, COMPRESSION zstd',
          ),
        first: /^cfcd208495d565ef66e7dff9f98764da$/,
      },
      { name: 'large.csv', bytes: () => Buffer.from(`\ufeff${large}`, 'utf16le'), first: firstText },
      {
        name: 'large.jsonl',
        bytes: () =>
          write('x.jsonl', 'SELECT range AS id, md5(range::VARCHAR) AS text FROM range(100000)', 'FORMAT json'),
        first: /^cfcd/,
      },
      { name: 'large.json', bytes: () => Buffer.from(objects(']')), first: /^\]\} "0"$/ },
    ];
    for (const [index, { name, bytes, first }] of texts.entries()) {
      it(`reads the beginning of ${name} (${index + 1}) only, up to a whole record`, async () => {
        const file = await bytes();
        assert.ok(file.length > 2_000_000, `${file.length}`);
        server.host(name, file);
        const found = await peek(space, at(name));
        const text = found.columns.findIndex((column) => column.name === 'text');
        assert.deepEqual([found.columns[0]?.name, found.columns[0]?.type, found.rows.length], ['id', 'integer', 100]);
        assert.match(found.rows[0]?.[text] ?? '', first);
        assert.equal(found.total, undefined);
        assert.deepEqual([found.bytes, found.ofBytes], [1 << 20, file.length]);
        assert.deepEqual(found.findings, []);
      });
    }

    it('says how many rows a small file has', async () => {
      server.host('small.csv', Buffer.from('id\n1\n2'));
      const { total, bytes, ofBytes, source } = await peek(space, at('small.csv?token=secret'));
      assert.deepEqual({ total, bytes, ofBytes }, { total: 2, bytes: 6, ofBytes: 6 });
      assert.equal(source, server.url('small.csv').href);
    });

    const ROWS = 400_000;
    const parquet = (columns = ''): Promise<Buffer> =>
      write(
        'large.parquet',
        `SELECT range AS id, hash(range) AS noise, {a: range, b: [md5(range::VARCHAR)]} AS nested${columns} FROM range(${ROWS})`,
        'FORMAT parquet, ROW_GROUP_SIZE 20000',
      );

    it('reads of a Parquet file its end and its first rows', async () => {
      const file = await parquet();
      server.host('large.parquet', file);
      const { rows, total, bytes = 0, ofBytes, columns, findings } = await peek(space, at('large.parquet'));
      assert.deepEqual([rows.length, total, ofBytes, findings], [100, ROWS, file.length, []]);
      assert.deepEqual([rows[99]?.[0], rows[0]?.[2]], ['99', '{"a":0,"b":["cfcd208495d565ef66e7dff9f98764da"]}']);
      assert.deepEqual(
        columns.map(({ type }) => type),
        ['integer', 'integer', 'object'],
      );
      assert.ok(bytes < file.length / 8, `${bytes} of ${file.length} bytes were read`);
      assert.ok(server.seen.length <= 4, `${server.seen.length} requests`);
    });

    it('takes no more rows than there are', async () => {
      const file = await write('tiny.parquet', 'SELECT * FROM (VALUES (1), (2)) AS t(id)', 'FORMAT parquet');
      server.host('tiny.parquet', file);
      const { rows, total } = await peek(space, at('tiny.parquet'));
      assert.deepEqual([rows, total], [[['1'], ['2']], 2]);
    });

    it('leaves out a column that is too large, and says so', async () => {
      const wide = await write(
        'pictures.parquet',
        "SELECT range AS id, array_to_string(list_transform(range(40), x -> md5((range * 50 + x)::VARCHAR || random()::VARCHAR)), '') AS picture FROM range(20000)",
        'FORMAT parquet, ROW_GROUP_SIZE 20480, COMPRESSION uncompressed',
      );
      assert.ok(wide.length > 20_000_000, `${wide.length}`);
      server.host('pictures.parquet', wide);
      const { columns, rows, bytes = 0 } = await peek(space, at('pictures.parquet'));
      assert.deepEqual(columns, [
        { name: 'id', type: 'integer' },
        { name: 'picture', type: 'string', unread: true },
      ]);
      assert.deepEqual(rows[7], ['7', null]);
      assert.ok(bytes < 1_000_000, `${bytes}`);
    });

    it('asks again where an answer breaks off', async () => {
      const drops = [
        { kind: 'drop', at: 0.5 },
        { kind: 'status', status: 503 },
      ] as const;
      server.host('large.csv', Buffer.from(large), 'strong', drops);
      assert.equal((await peek(space, at('large.csv'))).rows.length, 100);
    });

    it('stops reading where the server knows no ranges', async () => {
      server.host('large.csv', Buffer.from(large.repeat(8)), 'strong', [{ kind: 'ignoreRange' }]);
      const { rows, bytes } = await peek(space, at('large.csv'));
      assert.deepEqual([rows.length, bytes], [100, 1 << 20]);
      assert.ok((server.seen[0]?.sent ?? 0) < (large.length * 8) / 2, `${server.seen[0]?.sent} bytes were sent`);
    });

    it('reads a small Parquet file as a whole where there are no ranges, and refuses a large one', async () => {
      const ignoring = Array.from({ length: 10 }, () => ({ kind: 'ignoreRange' }) as const);
      const small = await write('small.parquet', 'SELECT range AS id FROM range(5000)', 'FORMAT parquet');
      server.host('a.parquet', small, 'strong', ignoring);
      const { rows, total } = await peek(space, at('a.parquet'));
      assert.deepEqual([rows.length, total], [100, 5000]);
      const padded = Buffer.concat([Buffer.alloc(20_000_000), await parquet()]);
      server.host('b.parquet', Buffer.concat([Buffer.from('PAR1'), padded]), 'strong', ignoring);
      await assert.rejects(peek(space, at('b.parquet')), { code: 'range-refused' });
    });

    it('notices that the file became another one in between', async () => {
      const file = await parquet();
      const hosted = server.host('large.parquet', file, 'strong', [
        { kind: 'none' },
        { kind: 'change', sameLength: true },
      ]);
      await assert.rejects(peek(space, at('large.parquet')), { code: 'range-refused' });
      assert.equal(hosted.versions.length, 2);
    });

    it('looks into archives', async () => {
      const entries = [
        { name: 'README.md', content: 'about' },
        { name: 'data/train.csv', content: large },
        { name: 'data/later.csv', content: large },
      ];
      const archives: readonly [string, Buffer][] = [
        ['data.zip', zip(entries)],
        ['data.tar', tar(entries)],
        ['data.tar.gz', gzipSync(tar(entries))],
      ];
      for (const [name, bytes] of archives) {
        server.host(name, bytes);
        const found = await peek(space, at(name));
        assert.deepEqual([name, found.file, found.rows.length, found.rows[0]?.[0]], [name, 'data/train.csv', 100, '0']);
        assert.equal(found.total, undefined);
        assert.ok((found.bytes ?? 0) < bytes.length, `${name}: ${found.bytes} of ${bytes.length}`);
      }
      server.host('small.zip', zip([{ name: 'only.csv', content: 'a\n1\n' }]));
      const { rows, total } = await peek(space, at('small.zip'));
      assert.deepEqual([rows, total], [[['1']], 1]);
      server.host('none.zip', zip([{ name: 'x.txt', content: 'a' }]));
      await assert.rejects(peek(space, at('none.zip')), { code: 'archive-empty' });
      server.host('bad.zip', Buffer.from('no archive at all, and longer than its end'));
      await assert.rejects(peek(space, at('bad.zip')), { code: 'archive-damaged' });
      server.host('outside.zip', zip([{ name: '../../x.csv', content: 'a\n1\n' }]));
      await assert.rejects(peek(space, at('outside.zip')), { code: 'archive-unsafe' });
    });

    const refusals: readonly {
      what: string;
      name: string;
      bytes?: Buffer;
      options?: Partial<PeekRequest>;
      code: string;
    }[] = [
      { what: 'a missing file', name: 'none.csv', code: 'download-missing' },
      { what: 'an empty file', name: 'empty.csv', bytes: Buffer.alloc(0), code: 'source-empty' },
      {
        what: 'what only claims to be Parquet',
        name: 'x.parquet',
        bytes: Buffer.from(`PAR1${'x'.repeat(500)}`),
        code: 'source-corrupt',
      },
      {
        what: 'what only claims to be gzip',
        name: 'x.csv.gz',
        bytes: Buffer.from([0x1f, 0x8b, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8]),
        code: 'source-corrupt',
      },
      { what: 'a record without an end', name: 'x.csv', bytes: Buffer.alloc(20_000_000, 'x'), code: 'peek-too-large' },
      {
        what: 'a large file of Arrow',
        name: 'x.arrow',
        bytes: Buffer.concat([Buffer.from('ARROW1\0\0'), Buffer.alloc(17_000_000)]),
        code: 'peek-too-large',
      },
      {
        what: 'an inner address',
        name: 'a.csv',
        bytes: Buffer.from('a\n'),
        options: { trusted: true },
        code: 'address-not-allowed',
      },
      {
        what: 'anything in a workspace that nobody trusts',
        name: 'a.csv',
        bytes: Buffer.from('a\n'),
        options: { allowPrivateAddresses: true },
        code: 'untrusted-workspace',
      },
    ];
    for (const { what, name, bytes, options, code } of refusals) {
      it(`refuses ${what}`, async () => {
        if (bytes) server.host(name, bytes);
        await assert.rejects(peek(space, at(name), options), { code });
      });
    }

    it('a few bytes that unpack to very many take little', async () => {
      server.host('bomb.csv.gz', gzipSync(Buffer.from(`a\n${'1\n'.repeat(150_000_000)}`)));
      const { rows } = await peek(space, at('bomb.csv.gz'));
      assert.equal(rows.length, 100);
    }).timeout(60_000);

    it('stops when it is told to', async () => {
      const controller = new AbortController();
      server.route('slow.csv', (_, response) => {
        response.writeHead(200).write('a,b\n');
        setTimeout(() => {
          controller.abort();
        }, 50);
      });
      const start = performance.now();
      await assert.rejects(peek(space, at('slow.csv'), network, controller.signal), { code: 'cancelled' });
      assert.ok(performance.now() - start < 1000);
    });
  });

  describe('of stores', () => {
    const environment = { ...process.env };
    afterEach(() => {
      for (const name of Object.keys(process.env))
        if (!(name in environment)) Reflect.deleteProperty(process.env, name);
      Object.assign(process.env, environment);
    });

    it('Hugging Face: the first file of data, with the token', async () => {
      const hub = await HubServer.start();
      try {
        const files = { 'README.md': '#', 'data/a.csv': 'id,name\n1,x\n', 'data/b.csv': 'id,name\n2,y\n' };
        hub.datasets.set('anna/private', { revisions: { main: files }, token: 'hf_secret' });
        Object.assign(process.env, { HF_ENDPOINT: hub.endpoint, HF_TOKEN: 'hf_secret' });
        const { file, files: count, rows, total } = await peek(space, { place: 'hf://datasets/anna/private' });
        assert.deepEqual(
          { file, count, rows, total },
          { file: 'data/a.csv', count: 2, rows: [['1', 'x']], total: undefined },
        );
        process.env['HF_TOKEN'] = 'hf_wrong';
        await assert.rejects(peek(space, { place: 'hf://datasets/anna/private' }), { code: 'store-missing' });
      } finally {
        await hub.stop();
      }
    });

    it('S3: a pattern, an object, and what is not there', async () => {
      const server = await S3Server.start();
      try {
        await server.makeBucket('data');
        await server.put('data', 'train/a.csv', 'id,name\n1,x\n');
        await server.put('data', 'train/b.csv', 'id,name\n2,y\n');
        const keys = await server.makeUser('reader', 's3:*');
        Object.assign(process.env, {
          AWS_ENDPOINT_URL: server.endpoint,
          AWS_ACCESS_KEY_ID: keys.accessKeyId,
          AWS_SECRET_ACCESS_KEY: keys.secretAccessKey,
          AWS_REGION: 'us-east-1',
        });
        const all = await peek(space, { place: 's3://data/train/*.csv' });
        assert.deepEqual([all.file, all.files, all.rows], ['train/a.csv', 2, [['1', 'x']]]);
        const { rows, total, bytes } = await peek(space, { place: 's3://data/train/b.csv' });
        assert.deepEqual({ rows, total, bytes }, { rows: [['2', 'y']], total: 1, bytes: 12 });
        await assert.rejects(peek(space, { place: 's3://data/none/*.csv' }), { code: 'store-empty' });
      } finally {
        await server.stop();
      }
    }).timeout(120_000);
  });

  describe('of databases', () => {
    const fill = 'CREATE TABLE "my.table" (id int, name text); CREATE VIEW seen AS SELECT 1 AS one;';

    it('SQLite: its tables, then the first rows of one', async () => {
      const database = new sqlite.Database(space.path('a.db'));
      database.exec(
        `${fill} WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO "my.table" SELECT i, 'n' || i FROM n`,
      );
      database.close();
      const { tables = [] } = await peek(space, { place: 'sqlite:a.db' });
      assert.deepEqual(tables, ['"my.table"', 'seen']);
      const { rows, total, columns } = await peek(space, { place: 'sqlite:a.db', table: tables[0] ?? '' });
      assert.deepEqual([rows.length, rows[99], total], [100, ['100', 'n100'], undefined]);
      assert.deepEqual(
        columns.map(({ name, type }) => [name, type]),
        [
          ['id', 'integer'],
          ['name', 'string'],
        ],
      );
      const few = await peek(space, { place: 'sqlite:a.db', query: 'SELECT id FROM "my.table" WHERE id < 3 -- few' });
      assert.deepEqual([few.rows, few.total], [[['1'], ['2']], 2]);
      await assert.rejects(peek(space, { place: 'sqlite:a.db', query: 'DELETE FROM seen' }), { code: 'query-failed' });
      await assert.rejects(peek(space, { place: 'sqlite:none.db' }), { code: 'database-missing' });
    });

    it('DuckDB: likewise', async () => {
      const database = await Database.open({ threads: 2, memoryLimit: '1GB', spillFolder: space.path('spill') });
      await database.run(
        `ATTACH ${targetLiteral(space.path('a.duckdb'))} AS other; USE other; ${fill} INSERT INTO "my.table" SELECT range, 'n' FROM range(5000)`,
      );
      database.close();
      const { tables = [] } = await peek(space, { place: 'duckdb:a.duckdb' });
      assert.deepEqual(tables, ['"my.table"', 'seen']);
      const { rows } = await peek(space, { place: 'duckdb:a.duckdb', table: tables[0] ?? '' });
      assert.equal(rows.length, 100);
    });

    it('PostgreSQL: likewise, with a secret that nobody keeps yet', async () => {
      const server = await startPostgres();
      try {
        const place = server.url('${credential:later}');
        const options = { ...network, secrets: { later: password } };
        await assert.rejects(peek(space, { place }, network), { code: 'secret-missing' });
        const make = 'CREATE TABLE t AS SELECT i AS id FROM generate_series(1, 5000) AS i';
        const { Client } = await import('pg');
        const client = new Client(server.url());
        await client.connect();
        await client.query(make);
        await client.end();
        assert.deepEqual((await peek(space, { place }, options)).tables, ['public.t']);
        const { rows } = await peek(space, { place, table: 'public.t' }, options);
        assert.deepEqual([rows.length, rows[0]], [100, ['1']]);
        await assert.rejects(peek(space, { place, query: make.replace(' t ', ' u ') }, options), {
          code: 'query-failed',
        });
      } finally {
        await server.stop();
      }
    }).timeout(300_000);
  });
});
