import assert from 'node:assert/strict';
import { overrideOutput, parseCompression, parseConfig, resolveCompression } from '../../../src/config';
import { MldataError } from '../../../src/protocol';
import type { OutputFormat } from '../../../src/protocol';
import { dataset, findsOne, spec } from './support';
import type { Expected } from './support';

const formats = (body: string): string[] =>
  spec(dataset(`output: { ${body} }`)).output.formats.map(
    ({ format, compression: { codec, level } }) => `${format} ${codec}${level === undefined ? '' : `:${level}`}`,
  );

describe('config: output', () => {
  const resolved: [string, string[]][] = [
    ['path: out', ['parquet zstd']],
    ['format: csv', ['csv none']],
    ['formats: jsonl', ['jsonl none']],
    ['formats: [arrow, parquet]', ['arrow none', 'parquet zstd']],
    ['formats: [parquet], compression: zstd:22', ['parquet zstd:22']],
    ['formats: [parquet, csv], compression: gzip', ['parquet gzip', 'csv gzip']],
    [
      'formats: [parquet, csv, jsonl, arrow], compression: none',
      ['parquet none', 'csv none', 'jsonl none', 'arrow none'],
    ],
    ['formats: [parquet, csv], compression: { csv: gzip:6 }', ['parquet zstd', 'csv gzip:6']],
    ['format: csv, compression: { parquet: zstd:3 }', ['csv none']],
  ];
  for (const [body, expected] of resolved)
    it(`${body} → ${expected.join(', ')}`, () => assert.deepEqual(formats(body), expected));

  const cases: [string, string, Expected][] = [
    [
      'a level that one format cannot do',
      '{ formats: [parquet, csv], compression: «zstd:3» }',
      {
        code: 'invalid-compression',
        says: 'The codec zstd takes no level in csv',
        suggests: '{ parquet: zstd:3, csv: zstd }',
      },
    ],
    [
      'a codec that one format cannot do',
      '{ formats: [parquet, arrow], compression: «snappy» }',
      {
        code: 'invalid-compression',
        says: 'The format arrow cannot be compressed with snappy; it takes only none',
        suggests: '{ parquet: snappy, arrow: none }',
      },
    ],
    [
      'a level out of range',
      '{ compression: «zstd:23» }',
      { code: 'invalid-compression', says: 'a level from 1 to 22, not 23' },
    ],
    [
      'a level of 0',
      '{ format: csv, compression: «gzip:0» }',
      { code: 'invalid-compression', says: 'a level from 1 to 9, not 0' },
    ],
    [
      'a level where there is none',
      '{ compression: «lz4:3» }',
      { code: 'invalid-compression', says: 'lz4 takes no level in parquet' },
    ],
    [
      'a codec in a map that the format cannot do',
      '{ formats: [parquet], compression: { csv: «brotli» } }',
      { code: 'invalid-compression', says: 'it takes none, gzip[:1-9] or zstd' },
    ],
    [
      'a codec in a map for the format written',
      '{ format: csv, compression: { csv: «brotli» } }',
      { code: 'invalid-compression', says: 'format csv' },
    ],
    ['a format twice', '{ formats: [csv, «csv»] }', { code: 'output-conflict', says: '`csv` is listed twice' }],
    ['format and formats', '{ formats: [csv], «format»: csv }', { code: 'output-conflict', says: 'same thing' }],
    [
      'backslashes',
      '{ path: «out\\a» }',
      { code: 'backslash-path', says: 'forward', suggests: 'out/a', severity: 'warning' },
    ],
  ];
  for (const [name, body, expected] of cases)
    it(`explains ${name}`, () => void findsOne(dataset(`output: ${body}`), expected));

  it('shows a codec from the defaults where it is written, for the dataset that cannot use it', () => {
    const text =
      'version: 1\ndefaults: { output: { compression: «zstd:3» } }\ndatasets:\n  a: { source: x, output: { format: csv } }\n  b: { source: y }\n';
    const config = findsOne(text, { code: 'invalid-compression', says: 'csv' });
    assert.deepEqual(
      config.findings.map(({ dataset: name, configPath }) => [name, configPath]),
      [['a', ['defaults', 'output', 'compression']]],
    );
    assert.deepEqual(
      config.datasets.map(({ name }) => name),
      ['b'],
    );
  });
});

describe('config: output folders', () => {
  const two = (first: string, second: string): string =>
    `version: 1\ndatasets:\n  a: { source: x${first} }\n  b: { source: y${second} }\n`;
  const path = (folder: string): string => `, output: { path: ${folder} }`;
  const conflicts: [string, string, string][] = [
    ['the same', two(path('out'), path('«out»')), 'is also the output folder of `a`'],
    ['the same, written otherwise', two(path('out/x'), path('«./out//y/../x/»')), 'is also'],
    ['the same where case is not told apart', two(path('Out'), path('«out»')), 'is also'],
    ['inside', two(path('out'), path('«out/sub»')), 'lies inside'],
    ['around', two(path('out/sub/deep'), path('«out»')), 'holds'],
    ['the folder of the config', two(path('out'), path('«.»')), 'holds'],
    ['a default', two('', path('«datasets/a/b»')), 'lies inside the output folder of `a`'],
    ['absolute ones', two(path('/data/out'), path('«/data/out/b»')), 'lies inside'],
  ];
  for (const [name, text, says] of conflicts) {
    it(`must not be ${name}`, () => {
      const config = findsOne(text, { code: 'output-conflict', says });
      assert.deepEqual(
        config.datasets.map((found) => found.name),
        ['a'],
      );
    });
  }

  it('shows a folder from the defaults on the dataset that comes second', () => {
    findsOne('version: 1\ndefaults: { output: { path: out } }\ndatasets: { a: { source: x }, «b»: { source: y } }', {
      code: 'output-conflict',
      says: 'is also',
    });
  });

  it('may be neighbours', () => {
    for (const text of [
      two(path('out/a'), path('out/ab')),
      two(path('../out'), path('out')),
      two(path('../..'), path('/x')),
      two('', ''),
    ]) {
      assert.deepEqual(parseConfig(text, 'f').findings, []);
    }
  });
});

describe('config: compression', () => {
  it('reads a codec with an optional level', () => {
    assert.deepEqual(parseCompression('zstd:3'), { codec: 'zstd', level: 3 });
    assert.deepEqual(parseCompression('none'), { codec: 'none' });
    for (const text of ['', 'zip', 'zstd:', 'zstd:x', 'zstd:-1', 'zstd:100', 'ZSTD', ' zstd', 'zstd:3:4'])
      assert.equal(parseCompression(text), undefined, text);
  });

  const able: Record<OutputFormat, string[]> = {
    parquet: ['none', 'snappy', 'gzip', 'zstd', 'zstd:1', 'zstd:22', 'lz4', 'brotli'],
    csv: ['none', 'gzip', 'gzip:1', 'gzip:9', 'zstd'],
    jsonl: ['none', 'gzip', 'gzip:1', 'gzip:9', 'zstd'],
    arrow: ['none'],
  };
  const every = [
    ...new Set(Object.values(able).flat()),
    'zstd:0',
    'zstd:23',
    'gzip:10',
    'none:1',
    'snappy:1',
    'brotli:4',
  ];
  for (const format of Object.keys(able) as OutputFormat[]) {
    it(`${format} takes ${able[format].join(', ')}`, () => {
      const taken = every.filter((text) => typeof resolveCompression(format, parseCompression(text)) !== 'string');
      assert.deepEqual(taken.sort(), [...able[format]].sort());
    });
  }
});

describe('config: what the command line asks instead', () => {
  const base = spec(dataset('output: { formats: [parquet, csv], compression: { parquet: zstd:3, csv: gzip } }'));
  const texts = (overrides: { format?: string; compression?: string }): string[] =>
    overrideOutput(base, overrides).output.formats.map(
      ({ format, compression: { codec, level } }) => `${format} ${codec}${level ?? ''}`,
    );

  it('changes nothing that is not asked', () => assert.deepEqual(overrideOutput(base, {}), base));
  it('takes a list of formats', () =>
    assert.deepEqual(texts({ format: 'csv, jsonl,csv' }), ['csv gzip', 'jsonl none']));
  it('takes a compression for all formats', () =>
    assert.deepEqual(texts({ compression: 'gzip' }), ['parquet gzip', 'csv gzip']));
  it('takes both', () => assert.deepEqual(texts({ format: 'parquet', compression: 'zstd:9' }), ['parquet zstd9']));
  it('leaves the spec as it was', () => {
    overrideOutput(base, { format: 'arrow' });
    assert.equal(base.output.formats.length, 2);
  });

  const refused: [{ format?: string; compression?: string }, string, RegExp][] = [
    [{ format: 'parqet' }, 'invalid-format', /Did you mean parquet/],
    [{ format: '' }, 'invalid-format', /The formats are parquet, csv, jsonl, arrow/],
    [{ compression: 'zip' }, 'invalid-compression', /`zip` is not a compression/],
    [{ compression: 'zstd:3' }, 'invalid-compression', /zstd takes no level in csv/],
    [{ format: 'arrow', compression: 'gzip' }, 'invalid-compression', /arrow cannot be compressed with gzip/],
  ];
  for (const [overrides, code, says] of refused) {
    it(`refuses ${JSON.stringify(overrides)}`, () => {
      assert.throws(
        () => overrideOutput(base, overrides),
        (error) =>
          error instanceof MldataError && error.kind === 'usage' && error.code === code && says.test(error.message),
      );
    });
  }
});
