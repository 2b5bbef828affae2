/** The digest of a split's rows: what it is of, in the engine's own words and in those of this test, and what moves it. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { config, workspaces, type Workspace } from './support';

const types =
  'schema:\n  columns:\n    n: integer\n    x: number\n    b: boolean\n    d: date\n    t: datetime\n    z: { type: datetime }\n    s: string';
const header = 'n,x,b,d,t,z,s\n';
const first = '-3,1.5,true,1969-12-31,2020-01-02 03:04:05.5,1970-01-01T02:00:00.000001+02:00,Zürich\n';
const second = ',-0.0,,,,,NULL\n';
const third = '7,,false,,,,\n';

/** One mark per value, then the number that holds it: big-endian, so that bytes sort as numbers do. */
const number = (write: (view: DataView) => void, bytes: number): Buffer => {
  const view = new DataView(new ArrayBuffer(bytes));
  write(view);
  return Buffer.concat([Buffer.from([2]), Buffer.from(view.buffer)]);
};
/** Both the sign turned, and for negative doubles all bits. */
const long = (value: bigint) => number((view) => view.setBigUint64(0, BigInt.asUintN(64, value) ^ (1n << 63n)), 8);
const int = (value: number) => number((view) => view.setUint32(0, (value ^ 0x80000000) >>> 0), 4);
const double = (value: number) =>
  number((view) => {
    view.setFloat64(0, value === 0 ? 0 : value);
    const bits = view.getBigUint64(0);
    view.setBigUint64(0, value < 0 ? ~bits : bits ^ (1n << 63n));
  }, 8);
const bool = (value: boolean) => Buffer.from([2, value ? 1 : 0]);
const none = Buffer.from([1]);

function expected(schema: readonly unknown[], rows: readonly Buffer[]): string {
  // The sixteen bytes as one number, the first its lowest.
  const md5s = rows.map((row) => BigInt(`0x${createHash('md5').update(row).digest().reverse().toString('hex')}`));
  const sum = (part: (md5: bigint) => bigint) =>
    String(md5s.map(part).reduce((total, each) => total + each, 0n) % 2n ** 64n);
  const content = ['rows1', schema, String(rows.length), sum((md5) => md5 >> 64n), sum((md5) => md5 % 2n ** 64n)];
  return `rows1:${createHash('sha256').update(JSON.stringify(content)).digest('hex')}`;
}

describe('the digest of rows', () => {
  const workspace = workspaces();
  const digest = async (space: Workspace) => (await space.manifest('d')).digests?.['data'] ?? '';
  const build = async (content: string, more = types) => {
    const space = await workspace({ '.mldata.yaml': config('"*.csv"', more), 'a.csv': content });
    const { status, digests } = await space.buildOne();
    assert.equal(status, 'built');
    assert.equal(digests?.['data'], await digest(space));
    return await digest(space);
  };

  it('is of the bytes that the documents name, whatever the engine makes of them', async () => {
    const value = await build(header + first + second + third);
    const micros = (text: string) => long(BigInt(Date.parse(text)) * 1000n);
    assert.equal(
      value,
      expected(
        [
          ['n', 'integer', 'BIGINT'],
          ['x', 'number', 'DOUBLE'],
          ['b', 'boolean', 'BOOLEAN'],
          ['d', 'date', 'DATE'],
          ['t', 'datetime', 'TIMESTAMP'],
          ['z', 'datetime', 'TIMESTAMP WITH TIME ZONE'],
          ['s', 'string', 'VARCHAR'],
        ],
        [
          Buffer.concat([
            long(7n),
            long(-3n),
            double(1.5),
            bool(true),
            int(-1),
            micros('2020-01-02T03:04:05.500Z'),
            long(1n),
            long(7n),
            Buffer.from('Zürich'),
          ]),
          Buffer.concat([long(7n), none, double(-0), none, none, none, none, long(4n), Buffer.from('NULL')]),
          Buffer.concat([long(7n), long(7n), none, bool(false), none, none, none, none]),
        ],
      ),
    );
  });

  it('is the same for the same rows in another order and format, and another with a row more often or a null for a text', async () => {
    const rows: Readonly<Record<string, readonly string[]>> = {
      plain: ['1,a,[1]', '2,,[]', '2,,[]', '3,"x, y",'],
      turned: ['3,"x, y",', '2,,[]', '1,a,[1]', '2,,[]'],
      oftener: ['1,a,[1]', '1,a,[1]', '2,,[]', '3,"x, y",'],
      moved: ['1,a,[1]', '2,,[]', '2,,[]', '3,,"x, y"'],
    };
    const datasets = Object.keys(rows).map(
      (name) =>
        `  ${name}: { source: ${name}.csv, output: { formats: [${name === 'turned' ? 'csv' : 'parquet'}] }, schema: { columns: { s: string, t: string } } }`,
    );
    const space = await workspace({ '.mldata.yaml': `version: 1\ndatasets:\n${datasets.join('\n')}\n` });
    for (const [name, lines] of Object.entries(rows)) await space.write(`${name}.csv`, `n,s,t\n${lines.join('\n')}\n`);
    const report = await space.build();
    const [plain, turned, oftener, moved] = report.datasets.map(({ digests }) => digests?.['data']);
    assert.match(plain ?? '', /^rows1:[0-9a-f]{64}$/);
    assert.equal(turned, plain);
    assert.equal(new Set([plain, oftener, moved]).size, 3);
  });
});
