import assert from 'node:assert/strict';
import { datasetNameFor } from '../../../src/config';
import { addDataset } from '../../../src/config/language';
import type { NewSource } from '../../../src/protocol';

const WRITTEN = `# What we know.
version: 1
datasets:
  known: # stays
    source: raw/known.csv

# the end
`;

describe('one more dataset in a config', () => {
  const sources: readonly { source: NewSource; entry: string; secrets?: Readonly<Record<string, string>> }[] = [
    { source: { place: 'raw/*.csv' }, entry: '  new:\n    source: raw/*.csv\n' },
    { source: { place: 'https://h.org/a b.csv?x=1' }, entry: '  new:\n    source: https://h.org/a b.csv?x=1\n' },
    { source: { place: 'yes: no #1' }, entry: '  new:\n    source: "yes: no #1"\n' },
    {
      source: { place: 'sqlite:a.db', query: 'SELECT 1 AS "a: b"\n-- all' },
      entry: '  new:\n    source: { uri: sqlite:a.db, query: "SELECT 1 AS \\"a: b\\"\\n-- all" }\n',
    },
    {
      source: { place: 'postgres://u:p%40ss@h/db', table: 'public.t' },
      entry: '  new:\n    source: { uri: "postgres://u:${credential:new-password}@h/db", table: public.t }\n',
      secrets: { 'new-password': 'p@ss' },
    },
    {
      source: { place: 'mysql://u:one@h/db?password=two', table: 't' },
      entry:
        '  new:\n    source: { uri: "mysql://u:${credential:new-password}@h/db?password=${credential:new-token}", table: t }\n',
      secrets: { 'new-password': 'one', 'new-token': 'two' },
    },
    {
      source: { place: 'postgres://u:${env:PW}@h/db', table: 't' },
      entry: '  new:\n    source: { uri: "postgres://u:${env:PW}@h/db", table: t }\n',
    },
  ];
  for (const { source, entry, secrets = {} } of sources) {
    it(`writes ${JSON.stringify(source)} behind the others, and leaves everything else as it was`, () => {
      const added = addDataset(WRITTEN, '.mldata.yaml', source, 'new');
      assert.deepEqual([added.entry, added.secrets], [entry, secrets]);
      assert.equal(added.text.replace(entry, ''), WRITTEN);
      for (const secret of Object.values(secrets)) assert.doesNotMatch(added.text, new RegExp(`:${secret}|=${secret}`));
    });
  }

  it('makes a config where there is none', () => {
    const text = 'version: 1\ndatasets:\n  a:\n    source: a.csv\n';
    for (const none of [undefined, '', '\n']) assert.equal(addDataset(none, 'x', { place: 'a.csv' }).text, text);
    assert.equal(addDataset('version: 1\ndatasets:\n', 'x', { place: 'a.csv' }).text, text);
  });

  it('adds to a config that is wrong elsewhere', () => {
    const { text } = addDataset('version: 1\ndatasets:\n  b: { sourc: b.csv }\n', 'x', { place: 'a.csv' });
    assert.match(text, /^ {2}a:\n {4}source: a.csv$/m);
  });

  const refused: readonly { what: string; text?: string; source?: NewSource; name?: string; code: string }[] = [
    { what: 'a name that is taken', name: 'known', code: 'dataset-exists' },
    { what: 'a name that is none', name: '../x', code: 'name-invalid' },
    { what: 'an address that nothing is fetched from', source: { place: 'ftp://h/x' }, code: 'source-refused' },
    { what: 'a database without rows', source: { place: 'sqlite:a.db' }, code: 'source-refused' },
    { what: 'a path that leaves its root', source: { place: '' }, code: 'source-refused' },
    { what: 'a secret that cannot be named', source: { place: 'https://u:pw@h/x.csv' }, code: 'secret-in-address' },
    { what: 'a config that is no YAML', text: 'a: [', code: 'config-invalid' },
    {
      what: 'a config behind an alias',
      text: 'version: 1\nx: &a { b: { source: c } }\ndatasets: *a\n',
      code: 'edit-refused',
    },
  ];
  for (const { what, text = WRITTEN, source = { place: 'a.csv' }, name, code } of refused) {
    it(`refuses ${what}`, () => {
      assert.throws(() => addDataset(text, '.mldata.yaml', source, name), { code });
    });
  }

  const names: readonly [source: NewSource, name: string][] = [
    [{ place: 'raw/titanic-*.csv' }, 'titanic'],
    [{ place: 'raw/people.csv.gz' }, 'people'],
    [{ place: 'raw/**/*.parquet' }, 'raw'],
    [{ place: 'https://h.org/data/train.csv.gz?v=1' }, 'train'],
    [{ place: 'https://h.org/' }, 'dataset'],
    [{ place: 'hf://datasets/anna/cats@main/data/*.parquet' }, 'cats'],
    [{ place: 's3://bucket/trips/2024/' }, '2024'],
    [{ place: 'postgres://u@h/db', table: 'public."My Table"' }, 'My-Table'],
    [{ place: 'sqlite:raw/some.db', query: 'SELECT 1' }, 'some'],
    [{ place: 'raw/größe.csv' }, 'gr-e'],
    [{ place: 'known.csv' }, 'known-2'],
  ];
  for (const [source, name] of names) {
    it(`calls ${source.table ?? source.place} ${name}`, () => {
      assert.equal(datasetNameFor(source, ['known']), name);
    });
  }
});
