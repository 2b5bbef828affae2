import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/config';
import { dependenciesOf, inBuildOrder, readsFolderOf, withDependencies } from '../../../src/config/dependencies';
import type { DatasetSpec } from '../../../src/protocol';
import { findsOne } from './support';

/** A config in which each dataset has this source. */
const datasets = (sources: Readonly<Record<string, string>>, more = ''): string =>
  `version: 1\n${more}datasets:\n${Object.entries(sources)
    .map(([name, source]) => `  ${name}: { source: ${source} }\n`)
    .join('')}`;

function specs(sources: Readonly<Record<string, string>>, more = ''): readonly DatasetSpec[] {
  const config = parseConfig(datasets(sources, more), 'mldata.yaml');
  assert.deepEqual(config.findings, []);
  return config.datasets;
}

const split = 'defaults: { split: { train: 0.5, test: 0.5 } }\n';

describe('config: datasets made from datasets', () => {
  it('name each other as sources, whole or one split, beside files', () => {
    const [, b] = specs({ a: 'a.csv', b: '[dataset://a/train, x.csv, { path: dataset://a }]' }, split);
    assert.deepEqual(b && dependenciesOf(b), ['a']);
  });

  const orders: [name: string, sources: Readonly<Record<string, string>>, order: string][] = [
    ['that of the config where nothing depends on anything', { b: 'b.csv', a: 'a.csv', c: 'c.csv' }, 'b a c'],
    ['what it is made from first', { child: 'dataset://parent', parent: 'p.csv' }, 'parent child'],
    ['a chain from its end', { a: 'dataset://b', b: 'dataset://c', c: 'c.csv' }, 'c b a'],
    [
      'a diamond with its top first and its bottom last',
      { bottom: '[dataset://left, dataset://right]', left: 'dataset://top', right: 'dataset://top', top: 't.csv' },
      'top left right bottom',
    ],
  ];
  for (const [name, sources, order] of orders) {
    it(`are built in an order: ${name}`, () => {
      const names = inBuildOrder(specs(sources)).map((spec) => spec.name);
      assert.equal(names.join(' '), order);
    });
  }

  it('bring along all that they are made from, and nothing else', () => {
    const all = specs({ a: 'dataset://b', b: 'dataset://c', c: 'c.csv', other: 'o.csv' });
    assert.deepEqual([...withDependencies(['a'], all)].sort(), ['a', 'b', 'c']);
    assert.deepEqual([...withDependencies(['other'], all)], ['other']);
  });

  const faults: [name: string, text: string, expected: Parameters<typeof findsOne>[1]][] = [
    [
      'a name that is not there',
      datasets({ cities: 'a.csv', b: '[x.csv, «dataset://citys»]' }),
      { code: 'unknown-dataset', says: 'no dataset `citys`', suggests: '`cities`' },
    ],
    [
      'a name that is like no other',
      datasets({ a: 'a.csv', b: '{ path: «dataset://quite-different» }' }),
      { code: 'unknown-dataset', says: '`quite-different`', suggests: 'a, b' },
    ],
    [
      'a split of a dataset that has none',
      datasets({ a: 'a.csv', b: '«dataset://a/train»' }),
      { code: 'unknown-dataset', says: '`a` is not split' },
    ],
    [
      'a split of another name',
      datasets({ a: 'a.csv', b: '«dataset://a/dev»' }, split),
      { code: 'invalid-value', says: 'dataset://a/dev', suggests: '`/train`' },
    ],
    ['no name', datasets({ a: '«"dataset://"»' }), { code: 'invalid-value', says: 'the name of a dataset' }],
    [
      'how to read what was written by a build',
      datasets({ a: 'a.csv', b: '{ path: dataset://a, «format»: csv }' }),
      { code: 'invalid-value', says: '`format` says nothing', suggests: 'Remove' },
    ],
    [
      'a dataset made from itself',
      datasets({ a: '«dataset://a»' }),
      { code: 'dataset-cycle', says: 'itself: a → a.', suggests: 'circle' },
    ],
    [
      'a dataset made from itself through `defaults`',
      datasets({ a: 'a.csv', b: '[b.csv]' }, '').replace(
        'datasets:',
        'defaults: { source: «dataset://c» }\ndatasets:\n  c: {}',
      ),
      { code: 'dataset-cycle', says: 'c → c' },
    ],
  ];
  for (const [name, text, expected] of faults) it(`may not be: ${name}`, () => void findsOne(text, expected));

  it('in a circle are each told the way around, and only these are left out', () => {
    const text = datasets({
      a: 'dataset://b',
      b: '[dataset://c, b.csv]',
      c: 'dataset://a',
      on: 'dataset://a',
      x: 'x.csv',
    });
    const config = parseConfig(text, 'mldata.yaml');
    assert.deepEqual(
      config.findings.map(({ code, dataset, message, locations }) => [code, dataset, locations?.[0]?.line, message]),
      [
        ['dataset-cycle', 'a', 3, '`a` would be made from itself: a → b → c → a.'],
        ['dataset-cycle', 'b', 4, '`b` would be made from itself: b → c → a → b.'],
        ['dataset-cycle', 'c', 5, '`c` would be made from itself: c → a → b → c.'],
      ],
    );
    assert.deepEqual(
      config.datasets.map(({ name }) => name),
      ['on', 'x'],
    );
  });

  const reaches: [source: string, whether: boolean][] = [
    ['datasets/a/data/train.parquet', true],
    ['./datasets/a', true],
    ['datasets', true],
    ['.', true],
    ['"**/*.parquet"', true],
    ['"datasets/*/data/*.parquet"', true],
    ['"*.csv"', false],
    ['"raw/**/*.csv"', false],
    ['datasets/ab/x.csv', false],
    ['dataset://a', false],
  ];
  for (const [source, whether] of reaches) {
    it(`${source} ${whether ? 'may lead' : 'does not lead by its path'} into the build of another dataset`, () => {
      const [a, b] = specs({ a: 'a.csv', b: source });
      assert.ok(a && b);
      assert.equal(readsFolderOf(b, a), whether);
    });
  }

  for (const [what, section] of [
    ['the row numbers of its split', 'split: { indices: datasets/a/reports/split-indices.csv }'],
    ['a step', 'transforms: [{ union: { file: datasets/a/data/data.parquet } }]'],
  ] as const) {
    it(`${what} may lead there too`, () => {
      const [a, b] = specs({ a: 'a.csv', b: `b.csv, ${section}` });
      assert.ok(a && b);
      assert.equal(readsFolderOf(b, a), true);
    });
  }

  for (const step of [
    'join: { file: «"https://e.org/x.csv"», on: id }',
    'union: { file: [x.csv, «"s3://b/x.csv"»] }',
  ]) {
    it(`take no address where a file of this disk is meant: ${step}`, () => {
      const text = `version: 1\ndatasets:\n  a: { source: a.csv, transforms: [{ ${step} }] }\n`;
      findsOne(text, { code: 'transform-step', says: 'not an address', suggests: '`dataset`' });
    });
  }
});
