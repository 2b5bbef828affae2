import assert from 'node:assert/strict';
import { deriveSeed, parseConfig } from '../../../src/config';
import { parseDuration, parseShare } from '../../../src/config/shorthands';
import type { SplitSpec } from '../../../src/protocol';
import { dataset, findsOne, spec } from './support';
import type { Expected } from './support';

const split = (body: string): SplitSpec | undefined => spec(dataset(`split: { ${body} }`)).split;

describe('config: split', () => {
  it('is absent unless it is written', () => assert.equal(spec(dataset('title: A')).split, undefined));

  it('takes shares as numbers and percentages; one that is left out is 0', () => {
    assert.deepEqual(split('train: 80%, test: 0.2')?.ratios, { train: 0.8, validation: 0, test: 0.2 });
    assert.deepEqual(split('train: 1')?.ratios, { train: 1, validation: 0, test: 0 });
    assert.deepEqual(split('train: 33.3%, validation: 33.3%, test: 33.4%')?.ratios.train, 33.3 / 100);
    assert.deepEqual(split('train: 0.7, validation: 0.1, test: 0.2')?.ratios, {
      train: 0.7,
      validation: 0.1,
      test: 0.2,
    });
  });

  it('derives a seed from the name and says so', () => {
    assert.deepEqual([split('train: 1')?.seed, split('train: 1')?.seedFrom], [deriveSeed('a'), 'name']);
    assert.deepEqual([split('train: 1, seed: 0')?.seed, split('train: 1, seed: 0')?.seedFrom], [0, 'config']);
    assert.equal(split('train: 1, seed: 9007199254740991')?.seed, Number.MAX_SAFE_INTEGER);
  });

  it('keeps how rows are divided', () => {
    assert.deepEqual(split('train: 0.5, test: 0.5, seed: 1, stratify: y, group: g, writeIndices: true'), {
      ratios: { train: 0.5, validation: 0, test: 0.5 },
      seed: 1,
      seedFrom: 'config',
      stratify: 'y',
      group: 'g',
      writeIndices: true,
    });
    const timed = (gap: string) => split(`train: 0.5, test: 0.5, seed: 1, time: t, gap: ${gap}`);
    assert.deepEqual([timed('7d')?.gap, timed('7d')?.gapIsDuration], [604_800, true]);
    assert.deepEqual([timed('7')?.gap, timed('7')?.gapIsDuration], [7, undefined]);
    assert.deepEqual(split('indices: folds.csv, seed: 1'), {
      ratios: { train: 0, validation: 0, test: 0 },
      seed: 1,
      seedFrom: 'config',
      indices: 'folds.csv',
      writeIndices: false,
    });
  });

  const cases: [string, string, Expected][] = [
    [
      'shares above 1',
      'split: «{ train: 0.8, validation: 0.1, test: 0.2 }»',
      { code: 'split-ratios', says: 'sum to 1.1, not 1' },
    ],
    ['shares below 1', 'split: «{ train: 80% }»', { code: 'split-ratios', says: 'sum to 0.8, not 1' }],
    ['shares in a block', 'split:\n  «train: 0.5\n  test: 0.25»', { code: 'split-ratios', says: '0.75' }],
    ['no shares', '«split»: { seed: 3 }', { code: 'split-ratios', says: 'no shares', suggests: 'train' }],
    [
      'indices and shares',
      'split: { indices: i.csv, «train»: 1 }',
      { code: 'split-conflict', says: '`train` cannot be combined with `indices`' },
    ],
    [
      'indices and stratify',
      'split: { indices: i.csv, «stratify»: y }',
      { code: 'split-conflict', says: '`stratify`' },
    ],
    [
      'time and group',
      'split: { train: 1, time: t, «group»: g }',
      { code: 'split-conflict', says: '`group` cannot be combined with `time`' },
    ],
    ['a gap without time', 'split: { train: 1, «gap»: 7d }', { code: 'split-conflict', says: '`gap` needs `time`' }],
    [
      'a duration along a column of numbers',
      'split: { train: 1, time: t, gap: «7d» }\nschema: { columns: { t: integer } }',
      { code: 'split-conflict', says: 'holds numbers', suggests: 'plain number' },
    ],
    [
      'a column that cannot be there',
      'split: { train: 1, stratify: «Clas» }\nschema: { columns: { Class: string }, extraColumns: error }',
      { code: 'unknown-column', says: '`Clas`', suggests: '`Class`', severity: 'warning' },
    ],
    [
      'a time column that cannot be there',
      'split: { train: 1, time: «when» }\nschema: { columns: { Class: string }, extraColumns: error }',
      { code: 'unknown-column', says: '`when`', suggests: 'Declare', severity: 'warning' },
    ],
    [
      'what looks like a slip, though other columns may be there',
      'split: { train: 1, stratify: «Clas» }\nschema: { columns: { Class: string } }',
      { code: 'unknown-column', says: 'is not declared', suggests: 'Did you mean `Class`', severity: 'info' },
    ],
    [
      'a time without an order',
      'split: { train: 1, time: «when» }\nschema: { columns: { when: string } }',
      { code: 'time-unordered', says: 'is of type string', suggests: 'date' },
    ],
    [
      'a time that a step makes a text',
      'split: { train: 1, time: «when» }\nschema: { columns: { when: date } }\ntransforms: [{ cast: { columns: { when: string } } }]',
      { code: 'time-unordered', says: 'is of type string' },
    ],
    [
      'backslashes',
      'split: { indices: «a\\b.csv» }',
      { code: 'backslash-path', says: 'forward', suggests: 'a/b.csv', severity: 'warning' },
    ],
  ];
  for (const [name, body, expected] of cases) it(`explains ${name}`, () => void findsOne(dataset(body), expected));

  it('knows that other columns may be there', () => {
    spec(dataset('split: { train: 1, stratify: Kind }\nschema: { columns: { Class: string } }'));
    spec(dataset('split: { train: 1, stratify: Clas }\nschema: { extraColumns: error }'));
  });
});

describe('config: split over its defaults', () => {
  const layered = (base: string, own: string): SplitSpec | undefined =>
    spec(`version: 1\ndefaults: { split: { ${base} } }\ndatasets: { a: { source: x${own && `, split: { ${own} }`} } }`)
      .split;

  it('takes what the dataset leaves out', () => {
    const merged = layered('train: 0.8, test: 0.2, seed: 7', 'stratify: y');
    assert.deepEqual([merged?.ratios.train, merged?.seed, merged?.stratify], [0.8, 7, 'y']);
    assert.equal(layered('train: 0.8, test: 0.2, seed: 7', '')?.seed, 7);
    assert.equal(layered('train: 0.8, test: 0.2, time: t', 'gap: 1h')?.gap, 3600);
  });

  it('takes the shares of the dataset as a whole', () => {
    assert.deepEqual(layered('train: 0.8, validation: 0.1, test: 0.1', 'train: 0.9, test: 0.1')?.ratios, {
      train: 0.9,
      validation: 0,
      test: 0.1,
    });
  });

  it('drops what the way the dataset divides leaves no room for', () => {
    const indices = layered('train: 0.8, test: 0.2, stratify: y, group: g', 'indices: i.csv');
    assert.deepEqual(
      [indices?.ratios.train, indices?.stratify, indices?.group, indices?.indices],
      [0, undefined, undefined, 'i.csv'],
    );
    const time = layered('train: 1, stratify: y, group: g', 'time: t');
    assert.deepEqual([time?.stratify, time?.group, time?.time], [undefined, undefined, 't']);
    const group = layered('train: 1, time: t, gap: 5', 'group: g');
    assert.deepEqual([group?.time, group?.gap, group?.group], [undefined, undefined, 'g']);
    assert.equal(layered('indices: i.csv', 'train: 1')?.indices, undefined);
  });

  it('gives no split to a dataset when the defaults name no shares', () => {
    assert.equal(layered('seed: 7', ''), undefined);
    assert.equal(layered('seed: 7', 'train: 1')?.seed, 7);
  });

  it('reports shares where they are written', () => {
    const config = parseConfig(
      'version: 1\ndefaults: { split: { train: 0.5 } }\ndatasets: { a: { source: x, split: { train: 1 } }, b: { source: y } }',
      'f',
    );
    assert.deepEqual(
      config.findings.map(({ configPath }) => configPath),
      [['defaults', 'split']],
    );
  });
});

describe('config: shorthands', () => {
  for (const [written, share] of [
    [0.25, 0.25],
    ['25%', 0.25],
    ['0.5%', 0.005],
    ['100%', 1],
    ['0%', 0],
  ] as const) {
    it(`share ${written}`, () => assert.equal(parseShare(written), share));
  }
  for (const [written, seconds] of [
    ['10s', 10],
    ['30m', 1800],
    ['12h', 43_200],
    ['7d', 604_800],
    ['1.5h', 5400],
    [42, 42],
    ['soon', undefined],
    ['5', undefined],
  ] as const) {
    it(`duration ${written}`, () => assert.equal(parseDuration(written), seconds));
  }
});
