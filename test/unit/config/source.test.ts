import assert from 'node:assert/strict';
import { findsOne, spec } from './support';
import type { Expected } from './support';

const source = (body: string): string => `version: 1\ndatasets:\n  a: { source: ${body} }\n`;

describe('config: sources', () => {
  it('are a path, a map, or a list of both', () => {
    const full =
      '{ path: "raw/*.txt", format: csv, options: { delimiter: "\\t", header: false, quote: "", escape: \'"\', encoding: latin-1, nullValues: [NA, ""], skipLines: 1 } }';
    assert.deepEqual(spec(source('raw/*.csv')).source, [{ path: 'raw/*.csv', options: {} }]);
    assert.deepEqual(spec(source('[a.csv, { path: b/ }]')).source, [
      { path: 'a.csv', options: {} },
      { path: 'b/', options: {} },
    ]);
    assert.deepEqual(spec(source(full)).source, [
      {
        path: 'raw/*.txt',
        format: 'csv',
        options: {
          delimiter: '\t',
          header: false,
          quote: '',
          escape: '"',
          encoding: 'latin-1',
          nullValues: ['NA', ''],
          skipLines: 1,
        },
      },
    ]);
  });

  it('may lie anywhere; the engine confines them', () => {
    for (const path of ['../x.csv', '/data/x.csv', 'C:/data/x.csv', 'C:\\data\\x.csv', '\\\\host\\share\\x.csv']) {
      assert.equal(spec(source(path)).source[0]?.path, path);
    }
  });

  const cases: [string, string, Expected][] = [
    ['an empty list', '«[]»', { code: 'invalid-value', says: 'Expected a list of one or more, found an empty list' }],
    [
      'an empty path',
      '«""»',
      { code: 'invalid-value', says: 'Expected a path, an address, or a map with `path` or `uri`, found empty text' },
    ],
    [
      'a number',
      '«3»',
      {
        code: 'invalid-value',
        says: 'Expected a path, an address, a map with `path` or `uri`, or a list of these, found `3`',
      },
    ],
    [
      'a list in a list',
      '[a, «[b]»]',
      { code: 'invalid-value', says: 'Expected a path, an address, or a map with `path` or `uri`, found a list' },
    ],
    ['a map without a path', '[a, «{ format: csv }»]', { code: 'missing-key', says: '`path`' }],
    ['an unknown format', '{ path: x, format: «xlsx» }', { code: 'invalid-value', says: 'Expected one of `csv`' }],
    [
      'a format that is text',
      '{ path: x, format: «cvs» }',
      { code: 'invalid-value', says: 'found `cvs`', suggests: '`csv`' },
    ],
    [
      'an unknown encoding',
      '{ path: x, options: { encoding: «utf8» } }',
      { code: 'invalid-value', says: 'found `utf8`', suggests: '`utf-8`' },
    ],
    [
      'an empty delimiter',
      '{ path: x, options: { delimiter: «""» } }',
      { code: 'invalid-value', says: 'the text between two fields' },
    ],
    [
      'two characters as quote',
      '{ path: x, options: { quote: «ab» } }',
      { code: 'invalid-value', says: 'one character' },
    ],
    [
      'a bare null among null values',
      '{ path: x, options: { nullValues: [NA, «null»] } }',
      { code: 'invalid-value', says: 'Expected text, found nothing', suggests: '"null"' },
    ],
    [
      'a number among null values',
      '{ path: x, options: { nullValues: [«-999»] } }',
      { code: 'invalid-value', says: 'found `-999`', suggests: '"-999"' },
    ],
    ['an unknown scheme', '[x, «"gs://b/x"»]', { code: 'not-supported-yet', says: '`gs://`', suggests: '`https://`' }],
    ['it in a map', '{ uri: «ftp://d/x» }', { code: 'not-supported-yet', says: '`ftp://`', suggests: '`postgres://`' }],
    [
      'a server of no bucket',
      '{ uri: "hf://datasets/o/n", «endpoint»: "https://h" }',
      { code: 'invalid-value', says: '`endpoint`' },
    ],
    [
      'a server without scheme',
      '{ uri: "s3://b/k", endpoint: «minio:9000» }',
      { code: 'invalid-value', says: 'the address of a server' },
    ],
    [
      'a region that is none',
      '{ uri: "s3://b/k", region: «"EU (Paris)"» }',
      { code: 'invalid-value', says: 'a region' },
    ],
    ['a query of a store', '{ uri: "s3://b/k", «query»: SELECT 1 }', { code: 'invalid-value', says: '`query`' }],
    ['a reference in a store', '«"s3://${env:BUCKET}/k"»', { code: 'invalid-value', says: 'no references' }],
    [
      'a password of a repository',
      '«"dvc://https://me:hunter2@h/o//x"»',
      { code: 'literal-secret', says: 'A password' },
    ],
    ['a path as an address', '{ uri: «raw/x.csv» }', { code: 'invalid-value', says: 'begins with its scheme' }],
    [
      'an address as a path',
      '{ path: «"https://e.org/x"» }',
      { code: 'invalid-value', suggests: '`uri`', says: 'disk' },
    ],
    ['both', '{ path: x, uri: «"https://e.org/x"» }', { code: 'invalid-value', says: 'not both' }],
    ['an address that is none', '«"https://"»', { code: 'invalid-value', says: 'no address of a file' }],
    ['a hash that is none', '{ uri: "https://e.org/x", sha256: «abc» }', { code: 'invalid-value', says: '64' }],
    [
      'a hash of a path',
      '{ path: x, «md5»: d41d8cd98f00b204e9800998ecf8427e }',
      { code: 'invalid-value', says: '`md5`' },
    ],
    [
      'a secret in the address of a file',
      '{ uri: «"https://e.org/x?token=${env:TOKEN}"» }',
      { code: 'invalid-value', says: 'The address of a file holds no secrets', suggests: '`headers: { authorization' },
    ],
    [
      'a secret in a host',
      '«"https://${env:TOKEN}.e.org/x"»',
      { code: 'invalid-value', says: 'The address of a file holds no secrets' },
    ],
    [
      'a header of our own',
      '{ uri: "https://e.org/x", headers: { «Range»: "bytes=0-1" } }',
      { code: 'invalid-value', says: '`Range` is set by mldata' },
    ],
    [
      'a secret written into a header',
      '{ uri: "https://e.org/x", headers: { X-Api-Key: «hunter2» } }',
      { code: 'literal-secret', says: 'The value of `X-Api-Key` stands in the config' },
    ],
    [
      'headers of a database',
      '{ uri: "sqlite:a.db", table: t, «headers»: { a: b } }',
      { code: 'invalid-value', says: '`headers`' },
    ],
    ['a query of a file', '{ uri: "https://e.org/x", «query»: SELECT 1 }', { code: 'invalid-value', says: '`query`' }],
    [
      'options of rows',
      '{ uri: "sqlite:a.db", table: t, «options»: {} }',
      { code: 'invalid-value', says: '`options`' },
    ],
    ['no rows', '[x, «{ uri: "sqlite:a.db" }»]', { code: 'missing-key', says: 'Which rows', suggests: '`query`' }],
    ['no rows in short', '[x, «"duckdb:a.db"»]', { code: 'missing-key', says: 'Which rows', suggests: '`query`' }],
    ['rows twice', '{ uri: "sqlite:a.db", query: q, «table»: t }', { code: 'invalid-value', says: 'not both' }],
    ['no time', '{ uri: "sqlite:a.db", table: t, timeout: «soon» }', { code: 'invalid-value', says: 'a duration' }],
    [
      'a password of a database',
      '{ uri: «"postgres://me:hunter2@h/d"», table: t }',
      { code: 'literal-secret', says: 'A password stands in the config', suggests: '${env:NAME}' },
    ],
    [
      'a password among the parameters',
      '{ uri: «"mysql://me@h/d?password=hunter2"», table: t }',
      { code: 'literal-secret', says: 'among the parameters', suggests: '${env:NAME}' },
    ],
    [
      'a password of a file',
      '«"https://me:hunter2@h/x.csv"»',
      { code: 'literal-secret', says: 'A password stands in the config' },
    ],
    [
      'backslashes',
      'raw\\x.csv',
      { code: 'backslash-path', says: 'forward slashes', suggests: 'raw/x.csv', severity: 'warning' },
    ],
  ];
  for (const [name, body, expected] of cases) it(`explains ${name}`, () => void findsOne(source(body), expected));

  it('knows what is fetched, and how', () => {
    const hash = 'AB'.repeat(32);
    const read = (text: string) => spec(source(text)).source;
    assert.deepEqual(read('https://e.org/x.csv'), [
      { path: 'https://e.org/x.csv', options: {}, fetch: { of: 'file' } },
    ]);
    assert.deepEqual(read(`{ uri: "https://e.org/x.zip", sha256: ${hash}, members: "*.csv" }`)[0]?.fetch, {
      ...{ of: 'file', sha256: hash.toLowerCase(), members: ['*.csv'] },
    });
    assert.deepEqual(
      read(
        '{ uri: "s3://b/k*.csv", endpoint: "https://minio:9000", region: eu-central-1, profile: p, anonymous: true }',
      ),
      [
        {
          ...{ path: 's3://b/k*.csv', options: {} },
          fetch: {
            ...{ of: 'store', endpoint: 'https://minio:9000', region: 'eu-central-1', profile: 'p', anonymous: true },
          },
        },
      ],
    );
    assert.deepEqual(read('hf://datasets/o/n')[0]?.fetch, { of: 'store' });
    const rows =
      '{ uri: "postgres://me:${env:PW}@h/d", table: t, incremental: { column: id, since: last }, timeout: 1m }';
    assert.deepEqual(read(rows), [
      {
        ...{ path: 'postgres://me:${env:PW}@h/d', options: {} },
        fetch: { of: 'rows', table: 't', incremental: { column: 'id' }, timeoutSeconds: 60 },
      },
    ]);
  });

  it('keeps a path with backslashes as it is written', () => {
    const config = findsOne(source('{ path: «raw\\x.csv» }'), {
      code: 'backslash-path',
      says: 'forward',
      severity: 'warning',
    });
    assert.equal(config.datasets[0]?.source[0]?.path, 'raw\\x.csv');
  });
});
