import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { editConfig, parseKey, parseValue } from '../../../src/config';
import { editInPlace } from '../../../src/config/edit';

const commented = `# mine
version: 1

defaults:   # for all
  output:
    formats: [parquet]      # the usual
    # measured in May
    compression: 'zstd:3'   # fast


  schema: { onError: fail }
engine:
    workers: 4   # of 8
`;

describe('config: changing a value in the text', () => {
  const cases: [string, string, string, unknown, string][] = [
    [
      'replaces a value, and nothing else',
      commented,
      'defaults.output.compression',
      'zstd:9',
      commented.replace("'zstd:3'", 'zstd:9'),
    ],
    [
      'replaces a list',
      commented,
      'defaults.output.formats',
      ['csv', 'jsonl'],
      commented.replace('[parquet]', '[csv, jsonl]'),
    ],
    [
      'adds to a map behind its last entry and the comment there',
      commented,
      'engine.memoryLimit',
      '2GB',
      commented.replace('# of 8\n', '# of 8\n    memoryLimit: 2GB\n'),
    ],
    [
      'adds to a map in braces',
      commented,
      'defaults.schema.extraColumns',
      'warn',
      commented.replace('{ onError: fail }', '{ onError: fail, extraColumns: warn }'),
    ],
    [
      'adds maps on the way',
      'version: 1\n',
      'defaults.split.seed',
      7,
      'version: 1\ndefaults:\n  split:\n    seed: 7\n',
    ],
    ['adds to a text without an end of line', 'version: 1', 'engine.workers', 2, 'version: 1\nengine:\n  workers: 2\n'],
    ['keeps Windows line ends', 'version: 1\r\n', 'engine.workers', 2, 'version: 1\r\nengine:\r\n  workers: 2\r\n'],
    ['keeps a byte order mark', '\uFEFFversion: 1\n', 'version', 1, '\uFEFFversion: 1\n'],
    ['adds below comments alone', '# mine\n', 'version', 1, '# mine\nversion: 1\n'],
    [
      'fills an entry that is empty',
      'version: 1\ndefaults: # later\nengine: { workers: 1 }\n',
      'defaults.output.format',
      'csv',
      'version: 1\ndefaults: # later\n  output:\n    format: csv\nengine: { workers: 1 }\n',
    ],
    [
      'quotes a text that YAML would read otherwise',
      'version: 1\ndatasets:\n  a: { source: x }\n',
      'datasets.a.title',
      'yes, and: no # 1',
      'version: 1\ndatasets:\n  a: { source: x, title: "yes, and: no # 1" }\n',
    ],
    [
      'removes an entry with its line, not the comments around it',
      commented,
      'defaults.output.compression',
      undefined,
      commented.replace("    compression: 'zstd:3'   # fast\n", ''),
    ],
    [
      'removes the maps that are left empty',
      'version: 1\ndefaults:\n  output:\n    format: csv\nengine: { workers: 1 }\n',
      'defaults.output.format',
      undefined,
      'version: 1\nengine: { workers: 1 }\n',
    ],
    [
      'removes an entry in brackets with its comma',
      'engine: { workers: 2,memoryLimit: 1GB } # mine\n',
      'engine.workers',
      undefined,
      'engine: { memoryLimit: 1GB } # mine\n',
    ],
    [
      'removes the last entry in brackets',
      'engine: { workers: 2, memoryLimit: 1GB } # mine\n',
      'engine.memoryLimit',
      undefined,
      'engine: { workers: 2 } # mine\n',
    ],
    [
      'removes an entry in brackets over several lines',
      'engine: {\n  workers: 2,\n  memoryLimit: 1GB, # much\n}\n',
      'engine.workers',
      undefined,
      'engine: {\n  memoryLimit: 1GB, # much\n}\n',
    ],
    [
      'adds in brackets before a comment',
      'engine: {\n  workers: 2 # of 4\n}\n',
      'engine.memoryLimit',
      '1GB',
      'engine: {\n  workers: 2, memoryLimit: 1GB # of 4\n}\n',
    ],
    [
      'adds in brackets before a comma',
      'engine: { workers: 2, }\n',
      'engine.memoryLimit',
      '1GB',
      'engine: { workers: 2, memoryLimit: 1GB, }\n',
    ],
    [
      'writes a text of several lines on one',
      'version: 1\ntitle: x # mine\n',
      'title',
      'a line that is longer than forty characters\nand another one',
      'version: 1\ntitle: "a line that is longer than forty characters\\nand another one" # mine\n',
    ],
    ['leaves a text without the entry as it is', commented, 'defaults.split.seed', undefined, commented],
    ['leaves the only neighbour of an entry that is not there', commented, 'engine.memory', undefined, commented],
    ['leaves a text that says so already', commented, 'engine.workers', 4, commented],
  ];
  for (const [name, text, key, value, expected] of cases) {
    it(name, () => {
      assert.equal(editConfig(text, parseKey(key) ?? [], value), expected);
    });
  }

  it('keeps comments where it writes the text anew', () => {
    const text = 'version: 1\nengine: # mine\n  { workers: 2, # of 4\n    memoryLimit: 1GB }\n';
    const edited = editConfig(text, ['engine', 'workers'], undefined) ?? '';
    assert.deepEqual(parse(edited), { version: 1, engine: { memoryLimit: '1GB' } });
    assert.match(edited, /# mine/);
  });

  it('leaves a text alone that it would have to write anew, where everything else is to stay', () => {
    const text = 'steps:   # mine\n  ? engine\n  : workers: 2\n';
    assert.ok(editConfig(text, ['steps', 'engine', 'workers'], undefined) !== undefined);
    assert.equal(editInPlace(text, ['steps', 'engine', 'workers'], undefined), undefined);
  });

  const refused: [string, string, string][] = [
    ['behind an alias', 'a: &x { k: 1 }\nb: *x\n', 'b.k'],
    ['that another place repeats', 'a: &x 1\nb: *x\n', 'a'],
    ['inside a list', 'a: [1, 2]\n', 'a.0'],
    ['below a text', 'a: text\n', 'a.b'],
    ['below a map that is merged in', 'a: &x { k: { l: 1 } }\nb: { <<: *x }\n', 'b.k.l'],
  ];
  for (const [name, text, key] of refused) {
    it(`refuses a value ${name}`, () => {
      assert.equal(editConfig(text, parseKey(key) ?? [], 5), undefined);
    });
  }

  const keys: [string, string[] | undefined][] = [
    ['output.compression', ['output', 'compression']],
    ['datasets."a.b".split', ['datasets', 'a.b', 'split']],
    ['', undefined],
    ['a..b', undefined],
    ['.a', undefined],
    ['a.', undefined],
    ['a."b', undefined],
  ];
  for (const [key, path] of keys) {
    it(`reads the key ${JSON.stringify(key)}`, () => {
      assert.deepEqual(parseKey(key), path);
    });
  }

  const values: [string, unknown][] = [
    ['3', 3],
    ['80%', '80%'],
    ['zstd:3', 'zstd:3'],
    ['[parquet, csv]', ['parquet', 'csv']],
    ['true', true],
    ['"2024"', '2024'],
    ['', ''],
    ['[open', '[open'],
    ['{ a: 1 }', { a: 1 }],
  ];
  for (const [text, value] of values) {
    it(`reads the value ${JSON.stringify(text)}`, () => {
      assert.deepEqual(parseValue(text), value);
    });
  }
});
