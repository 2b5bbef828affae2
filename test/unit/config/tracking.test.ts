import assert from 'node:assert/strict';
import { parseConfig, programOf } from '../../../src/config';
import { trackingSpecSchema } from '../../../src/protocol';
import { dataset, findsOne, spec, type Expected } from './support';

/** A config whose datasets are `a`, with this section, and `b`, with none. */
function layered(defaults: string, own: string) {
  const config = parseConfig(
    `version: 1\ndefaults:\n  tracking: ${defaults}\ndatasets:\n  a: { source: a.csv, tracking: ${own} }\n  b: { source: b.csv }\n`,
    'mldata.yaml',
  );
  assert.deepEqual(config.findings, []);
  return config;
}

describe('config: tracking', () => {
  it('is absent unless it is written, and no part of what is built', () => {
    const plain = spec(dataset('title: A'));
    assert.equal(plain.tracking, undefined);
    assert.deepEqual(programOf(spec(dataset('title: A\ntracking: { dvc: true }'))), plain);
  });

  const usual = { threshold: 10_000_000, patterns: [] };
  const written: readonly (readonly [string, string, object | undefined])[] = [
    ['DVC', '{ dvc: true }', { dvc: true }],
    ['Git LFS for files over 10 MB', '{ gitLfs: true }', { gitLfs: usual }],
    ['the same of an empty map', '{ gitLfs: {} }', { gitLfs: usual }],
    [
      'a threshold in decimal units',
      '{ gitLfs: { threshold: 1.5MB } }',
      { gitLfs: { ...usual, threshold: 1_500_000 } },
    ],
    ['a threshold in binary units', '{ gitLfs: { threshold: 1 KiB } }', { gitLfs: { ...usual, threshold: 1024 } }],
    [
      'patterns and the folder of the attributes',
      '{ gitLfs: { patterns: ["data/*.parquet"], attributes: datasets } }',
      { gitLfs: { ...usual, patterns: ['data/*.parquet'], attributes: 'datasets' } },
    ],
    ['a tool that is off', '{ dvc: false, gitLfs: true }', { gitLfs: usual }],
    ['both off as nothing', '{ dvc: false, gitLfs: false }', undefined],
  ];
  for (const [name, text, expected] of written) {
    it(`reads ${name}`, () => {
      const { tracking } = spec(dataset(`tracking: ${text}`));
      assert.deepEqual(tracking, expected);
      if (expected) assert.deepEqual(trackingSpecSchema.parse(tracking), expected);
    });
  }

  const layers: readonly (readonly [string, string, string, object | undefined])[] = [
    ['a tool takes the place of the other one', '{ dvc: true }', '{ gitLfs: true }', { gitLfs: usual }],
    ['so does DVC', '{ gitLfs: true }', '{ dvc: true }', { dvc: true }],
    ['a tool is switched off', '{ dvc: true }', '{ dvc: false }', undefined],
    ['what switches the other one off changes nothing', '{ dvc: true }', '{ gitLfs: false }', { dvc: true }],
    [
      'Git LFS is one choice, with all its keys',
      '{ gitLfs: { threshold: 1GB } }',
      '{ gitLfs: true }',
      { gitLfs: usual },
    ],
  ];
  for (const [name, defaults, own, expected] of layers) {
    it(`over that of defaults: ${name}`, () => {
      const [first] = layered(defaults, own).datasets;
      assert.deepEqual(first?.tracking, expected);
    });
  }

  it('says which layer chose', () => {
    const config = layered('{ dvc: true }', '{ gitLfs: true }');
    assert.deepEqual(config.datasets[1]?.tracking, { dvc: true });
    assert.equal(config.valuesOf('a').get('tracking.gitLfs')?.layer, 'dataset');
    assert.equal(config.valuesOf('a').has('tracking.dvc'), false);
    assert.equal(config.valuesOf('b').get('tracking.dvc')?.layer, 'defaults');
  });

  const refused: readonly (readonly [string, string, Expected])[] = [
    [
      'both tools',
      'tracking: { dvc: true, «gitLfs»: { threshold: 1MB } }',
      { code: 'tracking-conflict', says: 'cannot both keep the same files', suggests: 'Remove `dvc` or `gitLfs`' },
    ],
    ['another tool', 'tracking: { «dcv»: true }', { code: 'unknown-key', says: '`dcv`', suggests: '`dvc`' }],
    ['a word for true', 'tracking: { dvc: «always» }', { code: 'invalid-value', says: 'true or false' }],
    [
      'a threshold without a unit',
      'tracking: { gitLfs: { threshold: «10» } }',
      { code: 'invalid-value', says: 'a size such as 500KB or 10MB' },
    ],
    [
      'a threshold of nothing',
      'tracking: { gitLfs: { threshold: «0MB» } }',
      { code: 'invalid-value', says: 'a size such as 500KB or 10MB' },
    ],
    [
      'a pattern of the whole repository',
      'tracking: { gitLfs: { patterns: [«/*.csv»] } }',
      { code: 'tracking-parameter', says: 'begins in the folder of the build', suggests: 'data/*.parquet' },
    ],
    [
      'a pattern that leaves the build',
      'tracking: { gitLfs: { patterns: [data/*.csv, «../raw/*.csv»] } }',
      { code: 'tracking-parameter', says: 'does not leave the folder' },
    ],
    [
      'a pattern that excludes',
      'tracking: { gitLfs: { patterns: [«"!data/a.csv"»] } }',
      { code: 'tracking-parameter', says: 'begins with `!`' },
    ],
    [
      'attributes outside',
      'tracking: { gitLfs: { attributes: «/etc» } }',
      { code: 'tracking-parameter', says: 'not at an absolute path' },
    ],
    [
      'backslashes',
      'tracking: { gitLfs: { attributes: «data\\sets» } }',
      { code: 'backslash-path', severity: 'warning', says: 'forward slashes', suggests: '`data/sets`' },
    ],
  ];
  for (const [name, text, expected] of refused) {
    it(`refuses ${name}`, () => {
      findsOne(dataset(text), expected);
    });
  }
});
