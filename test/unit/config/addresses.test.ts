import assert from 'node:assert/strict';
import { isAddress, shownAddress } from '../../../src/config';
import { schemeOf } from '../../../src/config/addresses';

describe('addresses', () => {
  const schemes: readonly [text: string, scheme: string | undefined][] = [
    ['https://e.org/x.csv', 'https'],
    ['HTTPS://e.org/x.csv', 'https'],
    ['s3://bucket/key', 's3'],
    ['sqlite:data/some.db', 'sqlite'],
    ['duckdb:///data/some.db', 'duckdb'],
    ['data/some.csv', undefined],
    ['C:/data/some.csv', undefined],
    ['C:\\data\\some.csv', undefined],
    ['at 12:30.csv', undefined],
    ['notes:old.csv', undefined],
  ];
  for (const [text, scheme] of schemes) {
    it(`${text} has ${scheme === undefined ? 'no scheme' : `the scheme ${scheme}`}`, () => {
      assert.equal(schemeOf(text), scheme);
    });
  }

  it('are told from paths and from what nothing is fetched by', () => {
    assert.deepEqual(
      ['http://h/x', 'postgres://h/d', 's3://b/k', 'dataset://d', 'gs://b/k', 'raw/x.csv'].map(isAddress),
      [...[true, true, true], ...[false, false, false]],
    );
  });

  it('are shown without passwords and parameters, with their references', () => {
    assert.equal(shownAddress('postgres://me:${env:PW}@h:5432/d?sslmode=require'), 'postgres://me@h:5432/d');
    assert.equal(shownAddress('mysql://${env:ME}:hunter2@h/d'), 'mysql://${env:ME}@h/d');
    for (const text of ['s3://b/odd @:?#.csv', 'hf://datasets/o/n@main/x.csv', 'dvc://git@host:o/n@v1//x'])
      assert.equal(shownAddress(text), text);
    assert.equal(shownAddress('dvc://https://me:hunter2@h/o//x'), 'dvc://https://me:•••@h/o//x');
  });
});
