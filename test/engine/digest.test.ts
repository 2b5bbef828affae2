/** The digest of a split's rows: what moves it, and what does not. */
import assert from 'node:assert/strict';
import { workspaces } from './support';

interface Source {
  readonly rows: readonly string[];
  readonly header?: string;
  readonly format?: 'csv' | 'parquet';
}

const plain = ['1,a,[1],0.0', '2,,[],', '2,,[],', '3,"x, y",,1.5'];
const sources: Readonly<Record<string, Source>> = {
  plain: { rows: plain },
  turned: { rows: [...plain].reverse() },
  text: { rows: plain, format: 'csv' },
  zero: { rows: ['1,a,[1],-0.0', ...plain.slice(1)] },
  oftener: { rows: [...plain, '1,a,[1],0.0'] },
  swapped: { rows: ['1,x,[1],0.0', '2,,[],', '2,,[],', '3,"a, y",,1.5'] },
  moved: { rows: ['1,,a,0.0', '2,[],,', '2,[],,', '3,,"x, y",1.5'] },
  renamed: { rows: plain, header: 'n,s,u,x' },
};
const nested: Readonly<Record<string, string>> = {
  apart: '{"a":[1,2],"b":[3]}',
  together: '{"a":[1],"b":[2,3]}',
  empty: '{"a":[1,2],"b":[]}',
  nothing: '{"a":[1,2],"b":null}',
};

describe('the digest of rows', () => {
  const workspace = workspaces();
  let digests: ReadonlyMap<string, string>;

  before(async () => {
    const datasets = Object.entries(sources).map(([name, { format = 'parquet', header = 'n,s,t,x' }]) => {
      const types = header
        .split(',')
        .map((column) => `${column}: ${{ n: 'integer', x: 'number' }[column] ?? 'string'}`);
      return `  ${name}: { source: ${name}.csv, output: { formats: [${format}] }, schema: { columns: { ${types.join(', ')} } } }`;
    });
    const lists = Object.keys(nested).map(
      (name) => `  ${name}: { source: [${name}.jsonl], schema: { columns: { a: array, b: array } } }`,
    );
    const space = await workspace({
      '.mldata.yaml': `version: 1\ndatasets:\n${[...datasets, ...lists].join('\n')}\n`,
      ...Object.fromEntries(
        Object.entries(sources).map(([name, { rows, header = 'n,s,t,x' }]) => [
          `${name}.csv`,
          `${header}\n${rows.join('\n')}\n`,
        ]),
      ),
      ...Object.fromEntries(Object.entries(nested).map(([name, line]) => [`${name}.jsonl`, `${line}\n`])),
    });
    const { datasets: built } = await space.build();
    digests = new Map(built.map(({ dataset, digests: found }) => [dataset, found?.['data'] ?? '']));
    for (const [name, digest] of digests) {
      assert.match(digest, /^rows1-[0-9a-f]+:[0-9a-f]{64}$/, name);
      assert.equal((await space.manifest(name)).digests?.['data'], digest);
    }
  });

  for (const [name, what] of [
    ['turned', 'the rows stand in another order'],
    ['text', 'they are written in another format'],
    ['zero', 'a zero has another sign'],
  ] as const) {
    it(`is the same where ${what}`, () => {
      assert.equal(digests.get(name), digests.get('plain'));
    });
  }

  for (const [name, what] of [
    ['oftener', 'a row stands once more'],
    ['swapped', "two rows have each other's values"],
    ['moved', 'values stand in another column'],
    ['renamed', 'a column has another name'],
  ] as const) {
    it(`is another where ${what}`, () => {
      assert.notEqual(digests.get(name), digests.get('plain'));
    });
  }

  it('tells lists from each other, by where they end and whether they are there', () => {
    assert.equal(new Set(Object.keys(nested).map((name) => digests.get(name))).size, Object.keys(nested).length);
  });
});
