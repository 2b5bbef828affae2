import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/config';
import { nearest } from '../../../src/config/nearest';
import { dataset, findsOne } from './support';
import type { Expected } from './support';

describe('config: keys', () => {
  const unknown: [string, string, string, string][] = [
    ['at the root', 'version: 1\n«dataset»: {}\ndatasets: { a: { source: x } }', 'dataset', 'datasets'],
    ['in a dataset', dataset('«sorce2»: b.csv'), 'sorce2', 'source'],
    ['in the schema', dataset('schema: { «colums»: { A: number } }'), 'colums', 'columns'],
    ['in another case', dataset('schema: { «primary_key»: A }'), 'primary_key', 'primaryKey'],
    ['in a column', dataset('schema: { columns: { A: { type: number, «min»: 3 } } }'), 'min', 'minimum'],
    ['in a split', dataset('split: { train: 0.9, «tset»: 0.1, test: 0.1 }'), 'tset', 'test'],
    ['in the output', dataset('output: { «fromat»: csv }'), 'fromat', 'format'],
    ['in a map of codecs', dataset('output: { compression: { «parqet»: zstd } }'), 'parqet', 'parquet'],
    ['in a source', 'version: 1\ndatasets:\n  a: { source: { «pth»: x } }', 'pth', 'path'],
    [
      'in the options',
      'version: 1\ndatasets:\n  a: { source: { path: x, options: { «delimeter»: "," } } }',
      'delimeter',
      'delimiter',
    ],
    [
      'in the defaults',
      'version: 1\ndefaults: { «licence»: MIT }\ndatasets: { a: { source: x } }',
      'licence',
      'license',
    ],
    ['in quotes', dataset('schema: { «"colums"»: {} }'), 'colums', 'columns'],
  ];
  for (const [where, text, key, meant] of unknown) {
    it(`names the nearest key of an unknown one ${where}`, () =>
      void findsOne(text, {
        code: 'unknown-key',
        says: `Unknown key \`${key}\`. Did you mean \`${meant}\`?`,
        suggests: meant,
      }));
  }

  it('lists the keys when none is near', () => {
    findsOne(dataset('split: { train: 1, «wibble»: 3 }'), {
      code: 'unknown-key',
      says: 'Unknown key `wibble`.',
      suggests: '`train`, `validation`',
    });
  });

  it('says where a key belongs that stands one level too high', () => {
    findsOne(dataset('«columns»: {}'), { code: 'unknown-key', says: '`columns`', suggests: 'belongs under `schema`' });
    findsOne(dataset('«compression»: zstd'), {
      code: 'unknown-key',
      says: '`compression`',
      suggests: 'belongs under `output`',
    });
    findsOne('version: 1\ndatasets:\n  a: { source: { path: x, «delimiter»: "," } }', {
      code: 'unknown-key',
      says: '`delimiter`',
      suggests: 'belongs under `options`',
    });
  });

  it('shortens a key of any length', () => {
    const config = parseConfig(dataset(`${'k'.repeat(900)}: 1`), 'f');
    assert.ok((config.findings[0]?.message.length ?? 0) < 100);
  });

  it('takes names from the prototype of objects for keys like any other', () => {
    for (const key of ['constructor', '__proto__', 'toString', 'hasOwnProperty']) {
      findsOne(dataset(`«${key}»: 1`), { code: 'unknown-key', says: `Unknown key \`${key}\`.` });
    }
  });
});

describe('config: values', () => {
  const cases: [string, string, Expected][] = [
    [
      'a number for text',
      'title: «2024»',
      { code: 'invalid-value', says: 'Expected text, found `2024`', suggests: '"2024"' },
    ],
    ['a list for text', 'title: «[a]»', { code: 'invalid-value', says: 'Expected text, found a list' }],
    ['nothing for text', '«title»:', { code: 'invalid-value', says: 'Expected text, found nothing' }],
    ['nothing for a map', '«schema»:', { code: 'invalid-value', says: 'Expected a map, found nothing' }],
    ['text for a map', 'split: «0.8»', { code: 'invalid-value', says: 'Expected a map, found `0.8`' }],
    [
      'a map in a list of texts',
      'keywords: [a, «{ b: c }»]',
      { code: 'invalid-value', says: 'Expected text, found a map' },
    ],
    [
      'an unknown type',
      'schema: { columns: { A: «nubmer» } }',
      { code: 'invalid-value', says: '`integer`, `number`', suggests: '`number`' },
    ],
    [
      'an unknown type in a map',
      'schema: { columns: { A: { type: «int» } } }',
      { code: 'invalid-value', says: 'found `int`', suggests: '`integer`' },
    ],
    [
      'a column that is a number',
      'schema: { columns: { A: «5» } }',
      { code: 'invalid-value', says: 'Expected a type, or a map with `type` and constraints, found `5`' },
    ],
    [
      'a column without a type or map',
      'schema: { columns: { «A»: } }',
      { code: 'invalid-value', says: 'found nothing' },
    ],
    [
      'columns as a list',
      'schema: { columns: «[A]» }',
      { code: 'invalid-value', says: 'Expected a map, found a list' },
    ],
    [
      'a word for a flag',
      'schema: { columns: { A: { required: «yes» } } }',
      { code: 'invalid-value', says: 'Expected true or false, found `yes`' },
    ],
    [
      'a fraction for a count',
      'schema: { columns: { A: { type: string, minLength: «1.5» } } }',
      { code: 'invalid-value', says: 'Expected a whole number, 0 or more, found `1.5`' },
    ],
    [
      'an unknown choice',
      'schema: { extraColumns: «warning» }',
      { code: 'invalid-value', says: '`ignore`, `warn`, `error`, found `warning`', suggests: 'warn' },
    ],
    [
      'an unknown choice for onError',
      'schema: { onError: «skip» }',
      { code: 'invalid-value', says: '`fail`, `quarantine`' },
    ],
    [
      'a flag for onError',
      'schema: { onError: «true» }',
      { code: 'invalid-value', says: 'Expected `fail`, `quarantine` or `null`, found `true`' },
    ],
    [
      'an empty enum',
      'schema: { columns: { A: { enum: «[]» } } }',
      { code: 'invalid-value', says: 'Expected a list of one or more, found an empty list' },
    ],
    [
      'null in an enum',
      'schema: { columns: { A: { enum: [a, «null»] } } }',
      { code: 'invalid-value', says: 'Expected text, a number, true or false, found nothing' },
    ],
    [
      'a map as bound',
      'schema: { columns: { A: { minimum: «{}» } } }',
      { code: 'invalid-value', says: 'a number, or a date or time as text, found a map' },
    ],
    [
      'infinity as bound',
      'schema: { columns: { A: { minimum: «.inf» } } }',
      { code: 'invalid-value', says: 'found `Infinity`' },
    ],
    [
      'a share above 1',
      'split: { train: «80» }',
      { code: 'invalid-value', says: 'Expected a share from 0 to 1, or a percentage such as 80%, found `80`' },
    ],
    ['a negative share', 'split: { train: «-0.1» }', { code: 'invalid-value', says: 'a share from 0 to 1' }],
    [
      'a percentage above 100',
      'split: { train: «120%» }',
      { code: 'invalid-value', says: 'a percentage such as 80%, found `120%`' },
    ],
    ['a negative seed', 'split: { train: 1, seed: «-1» }', { code: 'invalid-value', says: 'a whole number from 0' }],
    [
      'a seed too large to be exact',
      'split: { train: 1, seed: «9007199254740993» }',
      { code: 'invalid-value', says: '9007199254740991, found `9007199254740993`' },
    ],
    [
      'an unknown unit of time',
      'split: { train: 1, time: t, gap: «5 weeks» }',
      { code: 'invalid-value', says: 'a duration such as 7d, 12h, 30m or 10s' },
    ],
    [
      'a column name that YAML reads as a number',
      'split: { train: 1, group: «2020» }',
      { code: 'invalid-value', says: 'Expected the name of a column', suggests: '"2020"' },
    ],
    ['no formats', 'output: { formats: «[]» }', { code: 'invalid-value', says: 'an empty list' }],
    [
      'an unknown format',
      'output: { formats: [«feather»] }',
      { code: 'invalid-value', says: '`parquet`, `csv`, `jsonl`, `arrow`' },
    ],
    [
      'an unknown codec',
      'output: { compression: «zip» }',
      { code: 'invalid-value', says: 'Expected a codec such as `zstd:3`, or a map of format and codec, found `zip`' },
    ],
    [
      'a level that is no number',
      'output: { compression: «zstd:fast» }',
      { code: 'invalid-value', says: 'found `zstd:fast`' },
    ],
    [
      'a codec as a number',
      'output: { compression: { parquet: «3» } }',
      { code: 'invalid-value', says: 'snappy, gzip' },
    ],
  ];
  for (const [name, body, expected] of cases) it(`explains ${name}`, () => void findsOne(dataset(body), expected));
});

describe('config: the nearest word', () => {
  const words = ['columns', 'primaryKey', 'extraColumns', 'onError', 'minimum', 'minLength', 'description'];
  for (const [word, meant] of [
    ['colums', 'columns'],
    ['column', 'columns'],
    ['clounms', 'columns'],
    ['COLUMNS', 'columns'],
    ['primary-key', 'primaryKey'],
    ['extra_columns', 'extraColumns'],
    ['onErorr', 'onError'],
    ['min', 'minimum'],
    ['desc', 'description'],
    ['x', undefined],
    ['', undefined],
    ['banana', undefined],
  ] as const) {
    it(`${word || '(empty)'} → ${meant ?? 'none'}`, () => assert.equal(nearest(word, words), meant));
  }
});
