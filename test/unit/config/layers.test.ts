import assert from 'node:assert/strict';
import { parseConfig, parseUserConfig, userConfigPath } from '../../../src/config';
import { rangeOf } from './support';

const user = (defaults: string) => parseUserConfig(`version: 1\ndefaults: ${defaults}\n`, '/home/me/config.yaml');
const workspace = (own: string, defaults = '{}') =>
  `version: 1\ndefaults: ${defaults}\ndatasets:\n  a: { source: a.csv${own === '' ? '' : `, ${own}`} }\n`;

/** The value and layer of each written key but the source. */
function layered(text: string, said: string): Record<string, string> {
  const values = parseConfig(text, '.mldata.yaml', user(said)).valuesOf('a');
  return Object.fromEntries(
    [...values]
      .filter(([key]) => key !== 'source')
      .map(([key, { value, layer }]) => [key, `${JSON.stringify(value)} ${layer}`]),
  );
}

describe('config: layers', () => {
  const cases: [string, string, string, Record<string, string>][] = [
    ['nothing anywhere', workspace(''), '{}', {}],
    [
      'the user, where nobody else says anything',
      workspace(''),
      '{ output: { compression: gzip } }',
      { 'output.compression': '"gzip" user' },
    ],
    [
      'defaults over the user',
      workspace('', '{ output: { compression: snappy } }'),
      '{ output: { compression: gzip } }',
      { 'output.compression': '"snappy" defaults' },
    ],
    [
      'the dataset over both',
      workspace('output: { compression: lz4 }', '{ output: { compression: snappy } }'),
      '{ output: { compression: gzip } }',
      { 'output.compression': '"lz4" dataset' },
    ],
    [
      'each key of a section by itself',
      workspace('schema: { extraColumns: warn }'),
      '{ schema: { extraColumns: error, onError: quarantine } }',
      { 'schema.extraColumns': '"warn" dataset', 'schema.onError': '"quarantine" user' },
    ],
    [
      'one format over several',
      workspace('', '{ output: { format: csv } }'),
      '{ output: { formats: [parquet, jsonl] } }',
      { 'output.formats': '"csv" defaults' },
    ],
    [
      'shares as one choice',
      workspace('', '{ split: { train: 0.5, test: 0.5 } }'),
      '{ split: { train: 0.8, validation: 0.2, seed: 7 } }',
      { 'split.train': '0.5 defaults', 'split.test': '0.5 defaults', 'split.seed': '7 user' },
    ],
    [
      'a way of dividing that leaves no room for shares',
      workspace('split: { indices: i.csv }'),
      '{ split: { train: 0.8, test: 0.2 } }',
      { 'split.indices': '"i.csv" dataset' },
    ],
    [
      'columns by name',
      workspace('schema: { columns: { x: string } }', '{ schema: { columns: { x: integer, y: date } } }'),
      '{}',
      { 'schema.columns.x': '"string" dataset', 'schema.columns.y': '"date" defaults' },
    ],
    [
      'texts',
      workspace('title: A', '{ title: B, license: MIT }'),
      '{}',
      { title: '"A" dataset', license: '"MIT" defaults' },
    ],
  ];
  for (const [name, text, said, expected] of cases) {
    it(`lay ${name}`, () => {
      assert.deepEqual(layered(text, said), expected);
    });
  }

  it('build what they say: the user below the workspace', () => {
    const { datasets, findings } = parseConfig(
      workspace('output: { formats: [csv] }'),
      '.mldata.yaml',
      user('{ output: { formats: [parquet], compression: gzip }, split: { train: 80%, test: 20% } }'),
    );
    assert.deepEqual(findings, []);
    assert.deepEqual(datasets[0]?.output.formats, [{ format: 'csv', compression: { codec: 'gzip' } }]);
    assert.deepEqual(datasets[0].split?.ratios, { train: 0.8, validation: 0, test: 0.2 });
  });

  it('say where the value that holds is written', () => {
    const said = user('{ output: { compression: gzip } }');
    const parsed = parseConfig(workspace('split: { train: 1 }'), '.mldata.yaml', said);
    const { path } = parsed.valuesOf('a').get('output.compression') ?? { path: [] };
    assert.deepEqual(said.locate(path, 'key'), {
      file: '/home/me/config.yaml',
      line: 2,
      column: 23,
      endLine: 2,
      endColumn: 34,
    });
    assert.equal(parsed.locate(parsed.valuesOf('a').get('split.train')?.path ?? [])?.line, 4);
  });

  it("locate what doesn't fit the workspace in the user's file", () => {
    const { findings, datasets } = parseConfig(
      workspace('output: { format: csv }'),
      '.mldata.yaml',
      user('{ output: { compression: brotli } }'),
    );
    assert.deepEqual(
      findings.map((finding) => [finding.code, finding.dataset, finding.locations?.[0]?.file, rangeOf(finding)]),
      [['invalid-compression', 'a', '/home/me/config.yaml', '2:36-2:42']],
    );
    assert.deepEqual(datasets, []);
  });
});

describe("config: the user's own file", () => {
  const wrong: [string, string, string, string, RegExp][] = [
    ['a misspelt key', 'version: 1\nengin: {}\n', 'unknown-key', '2:1-2:6', /Did you mean `engine`/],
    ['a misspelt key further down', 'version: 1\nengine: { worker: 2 }\n', 'unknown-key', '2:11-2:17', /`workers`/],
    ['no workers', 'version: 1\nengine: { workers: 0 }\n', 'invalid-value', '2:20-2:21', /from 1 to 1024/],
    ['no amount', 'version: 1\nengine:\n  memoryLimit: lots\n', 'invalid-value', '3:16-3:20', /512MB/],
    ['datasets', 'version: 1\ndatasets: {}\n', 'unknown-key', '2:1-2:9', /Unknown key `datasets`/],
    ['a source', 'version: 1\ndefaults: { source: a.csv }\n', 'unknown-key', '2:13-2:19', /`source`/],
    ['a folder', 'version: 1\ndefaults: { output: { path: x } }\n', 'unknown-key', '2:23-2:27', /`path`/],
    ['columns', 'version: 1\ndefaults: { schema: { columns: {} } }\n', 'unknown-key', '2:23-2:30', /`columns`/],
    [
      'shares that are too many',
      'version: 1\ndefaults: { split: { train: 1, test: 1 } }\n',
      'split-ratios',
      '2:20-2:41',
      /2/,
    ],
    ['another version', 'version: 2\n', 'unsupported-version', '1:10-1:11', /version 1/],
    ['no version', 'engine: {}\n', 'missing-key', '1:1-1:7', /`version`/],
    ['broken YAML', 'version: 1\nengine: {\n', 'yaml-syntax', '2:9-2:10', /./],
    [
      'an alias that stands for itself',
      'version: 1\nengine: &a { workers: *a }\n',
      'yaml-alias',
      '2:23-2:25',
      /inside/,
    ],
  ];
  for (const [name, text, code, range, says] of wrong) {
    it(`explains ${name}, and takes nothing from the file`, () => {
      const { findings, engine, defaults } = parseUserConfig(text, 'config.yaml');
      assert.deepEqual(
        findings.map((finding) => [finding.code, finding.locations?.[0]?.file, rangeOf(finding)]),
        [[code, 'config.yaml', range]],
      );
      assert.match(`${findings[0]?.message} ${findings[0]?.suggestion}`, says);
      assert.deepEqual([engine, defaults], [{}, {}]);
    });
  }

  for (const text of ['', '# nothing yet\n', 'version: 1\n']) {
    it(`says nothing with ${JSON.stringify(text)}`, () => {
      const { findings, engine, defaults } = parseUserConfig(text, 'config.yaml');
      assert.deepEqual([findings, engine, defaults], [[], {}, {}]);
    });
  }

  const homes: [NodeJS.Platform, Record<string, string>, string, string][] = [
    ['linux', {}, '/home/me', '/home/me/.config/mldata/config.yaml'],
    ['linux', { XDG_CONFIG_HOME: '/etc/me' }, '/home/me', '/etc/me/mldata/config.yaml'],
    ['linux', { XDG_CONFIG_HOME: '' }, '/home/me', '/home/me/.config/mldata/config.yaml'],
    ['linux', { XDG_CONFIG_HOME: 'not/absolute' }, '/home/me', '/home/me/.config/mldata/config.yaml'],
    ['linux', { APPDATA: '/wrong' }, '/home/me', '/home/me/.config/mldata/config.yaml'],
    ['darwin', {}, '/Users/me', '/Users/me/Library/Application Support/mldata/config.yaml'],
    ['darwin', { XDG_CONFIG_HOME: '/Users/me/.config' }, '/Users/me', '/Users/me/.config/mldata/config.yaml'],
    ['win32', { APPDATA: 'D:\\Roaming' }, 'C:\\Users\\me', 'D:\\Roaming\\mldata\\config.yaml'],
    ['win32', {}, 'C:\\Users\\me', 'C:\\Users\\me\\AppData\\Roaming\\mldata\\config.yaml'],
  ];
  for (const [platform, env, home, expected] of homes) {
    it(`is ${expected} on ${platform} with ${JSON.stringify(env)}`, () => {
      assert.equal(userConfigPath(env, platform, home), expected);
    });
  }
});
