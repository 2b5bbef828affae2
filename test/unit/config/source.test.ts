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
      { code: 'invalid-value', says: 'Expected a path, or a map with `path`, found empty text' },
    ],
    [
      'a number',
      '«3»',
      { code: 'invalid-value', says: 'Expected a path, a map with `path`, or a list of these, found `3`' },
    ],
    [
      'a list in a list',
      '[a, «[b]»]',
      { code: 'invalid-value', says: 'Expected a path, or a map with `path`, found a list' },
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
    ['uri', '{ «uri»: "s3://b/x" }', { code: 'not-supported-yet', says: '`uri` is not supported yet' }],
    ['an address as path', '[x, «"https://e.org/x.csv"»]', { code: 'not-supported-yet', says: '`https://`' }],
    ['an address in a map', '{ path: «hf://d/x» }', { code: 'not-supported-yet', says: '`hf://`' }],
    [
      'backslashes',
      'raw\\x.csv',
      { code: 'backslash-path', says: 'forward slashes', suggests: 'raw/x.csv', severity: 'warning' },
    ],
  ];
  for (const [name, body, expected] of cases) it(`explains ${name}`, () => void findsOne(source(body), expected));

  it('keeps a path with backslashes as it is written', () => {
    const config = findsOne(source('{ path: «raw\\x.csv» }'), {
      code: 'backslash-path',
      says: 'forward',
      severity: 'warning',
    });
    assert.equal(config.datasets[0]?.source[0]?.path, 'raw\\x.csv');
  });
});
