/** What is compared of texts, lists, embeddings, objects and files. */
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { remove, temporaryFolder } from '../host/workspace';
import { compared, type CompareTableOptions } from './comparedRows';
import type { DriftColumn } from '../../src/protocol';

/** One column `x` of 1,500 rows numbered `i`. */
async function column(baseline: string, current: string, options: CompareTableOptions = {}): Promise<DriftColumn> {
  const rows = (sql: string) => `SELECT ${sql} AS x FROM range(1500) t(i)`;
  return (await compared(rows(baseline), rows(current), options)).column('x');
}

function statusesOf({ properties = [] }: DriftColumn): Record<string, string> {
  return Object.fromEntries(properties.map(({ name, status }) => [name, status]));
}

describe('texts', () => {
  const sentence = (words: string) => `'no ' || hash(i) % 1400 || ' of the ' || ${words}`;

  it('that are made in the same way do not drift', async () => {
    const found = await column(
      sentence("'long list'"),
      sentence("'long list'").replaceAll('hash(i)', 'hash(i + 5000)'),
    );
    assert.equal(found.semantic, 'text');
    assert.deepEqual([...new Set(Object.values(statusesOf(found)))], ['none']);
  });

  it('drift by words that the baseline does not have, and the share of them is told', async () => {
    const found = await column(sentence("'long list'"), sentence("'eine Liste'"));
    assert.equal(statusesOf(found)['unseenWords'], 'high');
    assert.equal(found.status, 'high');
    // Two of six words are new, and a few numbers.
    assert.ok((found.unseenWords ?? 0) > 0.3 && (found.unseenWords ?? 0) < 0.5);
  });

  it('drift by their length, and the worst property decides', async () => {
    const found = await column(sentence("'list'"), sentence("'list of the long list of the long list'"));
    const statuses = statusesOf(found);
    assert.deepEqual([statuses['length'], statuses['words']], ['high', 'high']);
    const deciding = found.properties?.find(({ name }) => name === found.decidingProperty);
    assert.deepEqual([deciding?.value, deciding?.decidedBy], [found.value, found.decidedBy]);
  });

  it('drift by the classes of their characters', async () => {
    const found = await column(`'word number ' || md5(i::VARCHAR)`, `'word, number: ' || hash(i) || ' !!!!!!!!!!!!!'`);
    const statuses = statusesOf(found);
    assert.deepEqual([statuses['letters'], statuses['digits'], statuses['punctuation']], ['high', 'high', 'high']);
  });

  it('of more than 20,000 are compared by some, and what many rows have is among them', async () => {
    const rows = (empty: number) =>
      `SELECT CASE WHEN i % 10 < ${empty} THEN 'n/a' ELSE 'text no ' || hash(i) END AS x FROM range(60000) t(i)`;
    const { column: of } = await compared(rows(3), rows(3).replace('range(60000)', 'range(60000, 120000)'));
    const { status, properties = [] } = of('x');
    assert.equal(status, 'none');
    const [length] = properties;
    const three = length?.bins?.categories?.indexOf('3') ?? -1;
    const share = (length?.bins?.baseline[three] ?? 0) / (length?.conventions.psi?.nBaseline ?? 1);
    assert.ok(Math.abs(share - 0.3) < 0.03, `${share} of the texts looked at are n/a`);
    assert.match(length?.notes?.[0] ?? '', /^Of the baseline [\d,]+ of 60,000 are looked at/);
  });
});

describe('lists', () => {
  it('drift by their length and by their elements', async () => {
    const lengths = await column('range(i % 5)', 'range(i % 5 + 1)');
    assert.equal(statusesOf(lengths)['length'], 'high');
    const elements = await column("['a', 'b']", "['a', 'c']");
    assert.deepEqual(statusesOf(elements), { length: 'none', elements: 'high' });
    assert.equal(elements.decidingProperty, 'elements');
  });

  it('of JSON are lists', async () => {
    const options = { columns: { x: { type: 'array' } } } as const;
    const found = await column("'[' || i % 3 || ', 2]'", "'[' || i % 3 + 7 || ', 2]'", options);
    assert.deepEqual([found.semantic, statusesOf(found)], ['list', { length: 'none', elements: 'high' }]);
  });
});

describe('embeddings', () => {
  const vector = (third: string) =>
    `list_transform(range(12), lambda k: (CASE WHEN k = 3 THEN ${third} ELSE 1 END + sin(i * 7 + k))::FLOAT)`;

  it('drift by where their mean points, and name the dimension that changed', async () => {
    const found = await column(vector('1'), vector('-4'));
    assert.deepEqual([found.semantic, found.decidedBy, found.status], ['embedding', 'meanShift', 'high']);
    assert.deepEqual([found.embedding?.dimension, found.embedding?.psi.maxDimension], [12, 3]);
    assert.equal(found.embedding?.psi.share, Number((1 / 12).toPrecision(10)));
  });

  it('that are the same do not', async () => {
    const found = await column(vector('1'), vector('1'));
    assert.deepEqual([found.status, found.embedding?.meanShift, found.embedding?.psi.share], ['none', 0, 0]);
  });

  it('that point nowhere do not drift by chance', async () => {
    const noise = (seed: number) =>
      `list_transform(range(12), lambda k: ((hash(i * 100 + k + ${seed}) % 2001)::INT / 1000 - 1)::FLOAT)`;
    const found = await column(noise(0), noise(5_000_000));
    assert.ok(['none', 'insufficient'].includes(found.status), found.status);
  });
});

describe('objects', () => {
  it('drift by their fields', async () => {
    const found = await column(
      `{'a': i % 4, 'we ird': 'x', 'when': DATE '2024-01-01'}`,
      `{'a': i % 4 + 4, 'we ird': 'x', 'when': DATE '2024-01-01'}`,
    );
    assert.deepEqual(statusesOf(found), { a: 'high', 'we ird': 'none', when: 'none' });
    assert.equal(found.decidingProperty, 'a');
  });

  it('of JSON say that nothing but missing ones is compared', async () => {
    const options = { columns: { x: { type: 'object' } } } as const;
    const { notes, status } = await column(`'{"a": 1}'`, `'{"a": 2}'`, options);
    assert.deepEqual([status, notes?.length], ['none', 1]);
  });
});

describe('images', () => {
  let folder: string;
  before(async () => {
    folder = await temporaryFolder();
    await mkdir(path.join(folder, 'a'));
    for (const width of [8, 16])
      for (let each = 0; each < 3; each++) {
        const background = { r: 40 * each, g: 0, b: 0 };
        await sharp({ create: { width: width + each, height: 8, channels: 3, background } })
          .png()
          .toFile(path.join(folder, 'a', `${width}-${each}.png`));
      }
  });
  after(() => remove(folder));

  it('are compared by what they are like, each file once, and files that are not there are told', async () => {
    const side = (width: number) => `SELECT 'a/${width}-' || i % 4 || '.png' AS x FROM range(12) t(i)`;
    const { column: of } = await compared(side(8), side(16), {
      columns: { x: { type: 'image' } },
      mediaFolders: [folder],
    });
    const { semantic, properties = [], notes } = of('x');
    assert.equal(semantic, 'image');
    assert.deepEqual(
      properties.map(({ name }) => name),
      ['width', 'height', 'aspect', 'bytes', 'format', 'mode'],
    );
    const [width] = properties;
    assert.deepEqual([width?.summary?.baseline.mean, width?.summary?.current.mean], [9, 17]);
    assert.deepEqual(notes?.slice(0, 2), [
      'Of the baseline 1 files cannot be read.',
      'Of the current side 1 files cannot be read.',
    ]);
  });
});
