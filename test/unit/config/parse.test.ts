import assert from 'node:assert/strict';
import { deriveSeed, keysAt, parseConfig } from '../../../src/config';
import { datasetSpecSchema } from '../../../src/protocol';
import { dataset, findsOne, spec } from './support';

const titanic = `
version: 1
defaults:
  license: CC0-1.0
  split: { train: 0.8, validation: 0.1, test: 0.1, seed: 42 }
  schema: { extraColumns: warn, columns: { Name: string, Age: integer } }
  output: { formats: [parquet, csv], compression: { parquet: zstd:3, csv: gzip } }
datasets:
  passengers:
    title: Passengers
    description: Titanic passengers
    homepage: https://example.org
    citation: Lloyd's Register
    keywords: ships
    contributors: [Ada, Grace]
    source: raw/titanic-*.csv
    schema:
      columns:
        Age: { type: number, minimum: 0, maximum: 120 }
        Fare: number
        Survived: { type: integer, enum: [0, 1], role: target }
      primaryKey: Name
      onError: null
    split: { stratify: Survived }
  crew:
    source: [crew/a.csv, { path: crew/b.txt, format: csv, options: { delimiter: ";", nullValues: NA, skipLines: 2 } }]
    output: { format: jsonl, path: out/crew }
`;

describe('config: from text to datasets', () => {
  it('resolves defaults, shorthands and what is implied', () => {
    const config = parseConfig(titanic, 'mldata.yaml');
    assert.deepEqual(config.findings, []);
    assert.deepEqual(config.datasetNames, ['passengers', 'crew']);
    assert.deepEqual(config.datasets, [
      {
        name: 'passengers',
        title: 'Passengers',
        description: 'Titanic passengers',
        license: 'CC0-1.0',
        homepage: 'https://example.org',
        citation: "Lloyd's Register",
        keywords: ['ships'],
        contributors: ['Ada', 'Grace'],
        source: [{ path: 'raw/titanic-*.csv', options: {} }],
        schema: {
          columns: {
            Name: { type: 'string' },
            Age: { type: 'number', minimum: 0, maximum: 120 },
            Fare: { type: 'number' },
            Survived: { type: 'integer', enum: [0, 1], role: 'target' },
          },
          primaryKey: ['Name'],
          extraColumns: 'warn',
          onError: 'null',
        },
        split: {
          ratios: { train: 0.8, validation: 0.1, test: 0.1 },
          seed: 42,
          seedFrom: 'config',
          stratify: 'Survived',
          writeIndices: false,
        },
        output: {
          formats: [
            { format: 'parquet', compression: { codec: 'zstd', level: 3 } },
            { format: 'csv', compression: { codec: 'gzip' } },
          ],
          path: 'datasets/passengers',
        },
      },
      {
        name: 'crew',
        license: 'CC0-1.0',
        source: [
          { path: 'crew/a.csv', options: {} },
          { path: 'crew/b.txt', format: 'csv', options: { delimiter: ';', skipLines: 2, nullValues: ['NA'] } },
        ],
        schema: {
          columns: { Name: { type: 'string' }, Age: { type: 'integer' } },
          primaryKey: [],
          extraColumns: 'warn',
          onError: 'fail',
        },
        split: {
          ratios: { train: 0.8, validation: 0.1, test: 0.1 },
          seed: 42,
          seedFrom: 'config',
          writeIndices: false,
        },
        output: { formats: [{ format: 'jsonl', compression: { codec: 'none' } }], path: 'out/crew' },
      },
    ]);
    for (const resolved of config.datasets) assert.deepEqual(datasetSpecSchema.parse(resolved), resolved);
  });

  it('needs no more than a version, a name and a source', () => {
    assert.deepEqual(spec('version: 1\ndatasets: { a: { source: a.csv } }'), {
      name: 'a',
      source: [{ path: 'a.csv', options: {} }],
      schema: { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'fail' },
      output: { formats: [{ format: 'parquet', compression: { codec: 'zstd' } }], path: 'datasets/a' },
    });
  });

  it('resolves what defaults declare once, for all datasets that add nothing to it', () => {
    const text =
      'version: 1\ndefaults: { source: a.csv, schema: { columns: { b: integer, a: number } }, drift: { share: 0.5 } }\n' +
      'datasets:\n  one: {}\n  two: { split: { train: 1 } }\n  three: { schema: { columns: { c: string, b: { type: string } } } }\n';
    const { datasets, findings } = parseConfig(text, '.mldata.yaml');
    assert.deepEqual(findings, []);
    const [one, two, three] = datasets.map(({ schema }) => schema.columns);
    assert.equal(one, two);
    assert.deepEqual(Object.entries(one ?? {}), [
      ['b', { type: 'integer' }],
      ['a', { type: 'number' }],
    ]);
    assert.deepEqual(Object.entries(three ?? {}), [
      ['b', { type: 'string' }],
      ['a', { type: 'number' }],
      ['c', { type: 'string' }],
    ]);
  });

  it('takes the source from the defaults', () => {
    const text = 'version: 1\ndefaults: { source: shared.csv }\ndatasets: { a: {} }';
    assert.deepEqual(spec(text).source, [{ path: 'shared.csv', options: {} }]);
  });

  it('keeps the words fail, quarantine and null apart from nothing', () => {
    for (const [written, resolved] of [
      ['fail', 'fail'],
      ['quarantine', 'quarantine'],
      ['null', 'null'],
      ['"null"', 'null'],
    ]) {
      assert.equal(spec(dataset(`schema: { onError: ${written} }`)).schema.onError, resolved);
    }
    const text =
      'version: 1\ndefaults: { schema: { onError: quarantine } }\ndatasets: { a: { source: x, schema: { onError: null } } }';
    assert.equal(spec(text).schema.onError, 'null');
  });

  it('leaves out a dataset with an error and keeps the others', () => {
    const text = 'version: 1\ndatasets:\n  a: { source: a.csv, titel: A }\n  b: { source: b.csv }\n';
    const config = parseConfig(text, 'mldata.yaml');
    assert.deepEqual(
      config.datasets.map(({ name }) => name),
      ['b'],
    );
    assert.deepEqual(config.datasetNames, ['a', 'b']);
    assert.deepEqual(
      config.findings.map(({ dataset: name, configPath }) => [name, configPath]),
      [['a', ['datasets', 'a', 'titel']]],
    );
  });

  it('leaves out every dataset when the defaults or the root have an error, and none for a warning', () => {
    for (const fault of ['defaults: { titel: A }', 'defaults: { split: { train: 0.5 } }', 'more: 1']) {
      const config = parseConfig(`version: 1\n${fault}\ndatasets: { a: { source: a.csv } }`, 'mldata.yaml');
      assert.equal(config.findings.length, 1, fault);
      assert.deepEqual(config.datasets, [], fault);
    }
    assert.equal(parseConfig(dataset('output: { path: out\\a }'), 'mldata.yaml').datasets.length, 1);
  });

  it('reports mistakes in different parts of a dataset at once', () => {
    const config = parseConfig(
      dataset('schema: { columns: { A: nmber, B: { type: date, minimum: 1 } } }\nsplit: { train: 0.5 }'),
      'f',
    );
    assert.deepEqual(
      config.findings.map(({ code, column }) => [code, column]),
      [
        ['invalid-value', 'A'],
        ['constraint-type', 'B'],
        ['split-ratios', undefined],
      ],
    );
  });
});

describe('config: the root', () => {
  const cases: [string, string, { code: string; says: string | RegExp; suggests?: string }][] = [
    ['an empty file', '«»', { code: 'empty-config', says: 'empty', suggests: '`version: 1`' }],
    ['only a comment', '«# soon»', { code: 'empty-config', says: 'empty' }],
    ['a list', '«- a»\n', { code: 'invalid-value', says: 'Expected a map, found a list' }],
    ['plain text', '«hello»\n', { code: 'invalid-value', says: 'Expected a map, found `hello`' }],
    [
      'no version',
      '«datasets»: { a: { source: x } }',
      { code: 'missing-key', says: '`version`', suggests: 'Add `version`: 1.' },
    ],
    [
      'another version',
      'version: «2»\ndatasets: { a: { source: x } }',
      { code: 'unsupported-version', says: 'found `2`' },
    ],
    [
      'a version as text',
      'version: «"1"»\ndatasets: { a: { source: x } }',
      { code: 'unsupported-version', says: 'found `1`' },
    ],
    [
      'no version value',
      '«version»:\ndatasets: { a: { source: x } }',
      { code: 'unsupported-version', says: 'found nothing' },
    ],
    ['no datasets', '«version»: 1\n', { code: 'missing-key', says: '`datasets`' }],
    ['datasets without any', 'version: 1\n«datasets»: {}\n', { code: 'no-datasets', says: 'no dataset' }],
    [
      'datasets without a value',
      'version: 1\n«datasets»:\n',
      { code: 'invalid-value', says: 'Expected a map of names and datasets, found nothing' },
    ],
    [
      'a dataset without a value',
      'version: 1\ndatasets:\n  «a»:\n',
      { code: 'invalid-value', says: 'Expected a map, found nothing' },
    ],
    [
      'a dataset that is a path',
      'version: 1\ndatasets:\n  a: «x.csv»\n',
      { code: 'invalid-value', says: 'Expected a map, found `x.csv`' },
    ],
    ['no source', 'version: 1\ndatasets:\n  «a»: { title: A }\n', { code: 'missing-key', says: 'no source' }],
    [
      'a hidden name',
      'version: 1\ndatasets:\n  «.a»: { source: x }\n',
      { code: 'invalid-name', says: 'not starting with a dot, found `.a`' },
    ],
    [
      'a name with a space',
      'version: 1\ndatasets:\n  «a b»: { source: x }\n',
      { code: 'invalid-name', says: 'letters' },
    ],
    [
      'a name with a slash',
      'version: 1\ndatasets:\n  «a/b»: { source: x }\n',
      { code: 'invalid-name', says: 'found `a/b`' },
    ],
    [
      'an empty name',
      'version: 1\ndatasets:\n  «""»: { source: x }\n',
      { code: 'invalid-name', says: 'found empty text' },
    ],
  ];
  for (const [name, text, expected] of cases) it(`explains ${name}`, () => void findsOne(text, expected));
});

describe('config: locate', () => {
  const text =
    'version: 1\ndatasets:\n  a: &a\n    source: [x, { path: y }] # two\n    split:\n  b:\n    <<: *a\n    title: B\n';
  const config = parseConfig(text, 'f.yaml');
  const at = (path: (string | number)[], part?: 'key' | 'value'): string => {
    const place = config.locate(path, part);
    return `${place?.line}:${place?.column}-${place?.endLine}:${place?.endColumn}`;
  };
  const cases: [string, (string | number)[], 'key' | 'value', string][] = [
    ['a key', ['datasets', 'a', 'source'], 'key', '4:5-4:11'],
    ['a value, without its comment', ['datasets', 'a', 'source'], 'value', '4:13-4:29'],
    ['an item of a list', ['datasets', 'a', 'source', 1], 'value', '4:17-4:28'],
    ['an item of a list has no key', ['datasets', 'a', 'source', 1], 'key', '4:17-4:28'],
    ['a key in an item', ['datasets', 'a', 'source', 1, 'path'], 'value', '4:25-4:26'],
    ['a block map, up to its last character', ['datasets', 'b'], 'value', '7:5-8:13'],
    ['a value that is not there yet: its key', ['datasets', 'a', 'split'], 'value', '5:5-5:10'],
    ['an absent path: its nearest ancestor', ['datasets', 'a', 'source', 1, 'options', 'quote'], 'value', '4:17-4:28'],
    ['an index behind the end: the list', ['datasets', 'a', 'source', 7], 'value', '4:13-4:29'],
    ['an absent dataset: the key above', ['datasets', 'zz', 'title'], 'key', '2:1-2:9'],
    ['what a merge key brings: where it is written', ['datasets', 'b', 'source', 0], 'value', '4:14-4:15'],
  ];
  for (const [name, path, part, range] of cases) it(`finds ${name}`, () => assert.equal(at(path, part), range));
  it('finds values unless asked for keys', () => assert.equal(at(['version']), '1:10-1:11'));
  it('finds nothing in an empty file', () => assert.equal(parseConfig('', 'f').locate(['version']), undefined));
});

describe('config: seeds and keys', () => {
  it('derives the same seed everywhere, another for each name', () => {
    // The first four bytes of the name's SHA-256, which for `abc` stand in the standard.
    assert.equal(deriveSeed('abc'), 0xba7816bf);
    assert.notEqual(deriveSeed('passengers'), deriveSeed('passenger'));
  });

  it('knows the keys of every map, with what they mean', () => {
    const keys = (path: (string | number)[]): string[] => keysAt(path).map(({ key }) => key);
    assert.deepEqual(keys([]), ['version', 'versions', 'defaults', 'datasets']);
    const ofFetched = ['sha256', 'md5', 'members', 'endpoint', 'region', 'profile', 'anonymous'];
    const ofRows = ['query', 'table', 'incremental', 'timeout'];
    assert.deepEqual(keys(['datasets', 'any', 'source', 3]), [
      ...['path', 'uri', 'headers', 'format', 'options', ...ofFetched, ...ofRows],
    ]);
    assert.deepEqual(keys(['defaults', 'output', 'compression']), ['parquet', 'csv', 'jsonl', 'arrow']);
    assert.ok(keys(['datasets', 'any', 'schema', 'columns', 'Age']).includes('exclusiveMinimum'));
    assert.deepEqual(keys(['datasets', 'any', 'constructor']), []);
    assert.deepEqual(keys(['version', 'x']), []);
    for (const path of [
      [],
      ['defaults'],
      ['defaults', 'split'],
      ['defaults', 'source', 'options'],
      ['datasets', 'x', 'schema', 'columns', 'y'],
    ]) {
      for (const { key, description } of keysAt(path)) assert.notEqual(description, '', key);
    }
  });
});
