import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configJsonSchema, userJsonSchema } from '../../../src/config';
import { readDocument } from '../../../src/config/document';
import { checkShape } from '../../../src/config/shape';
import { writtenSchema } from '../../../src/config/written';
import { dataset } from './support';

describe('config: JSON Schema', () => {
  for (const [name, schema] of [
    ['mldata.schema.json', configJsonSchema()],
    ['user.schema.json', userJsonSchema()],
  ] as const) {
    it(`is published as it is: ${name}`, async () => {
      const file = join(__dirname, '../../../media/schemas', name);
      assert.deepEqual(JSON.parse(await readFile(file, 'utf8')), schema, 'run npx tsx scripts/schemas.ts');
    });
  }

  it('describes every key and allows no other', () => {
    let maps = 0;
    const visit = (node: unknown): void => {
      if (typeof node !== 'object' || node === null) return;
      if ('properties' in node) {
        maps += 1;
        assert.equal((node as { additionalProperties?: unknown }).additionalProperties, false);
        for (const [key, value] of Object.entries(node.properties as Record<string, object>)) {
          assert.ok('description' in value, key);
        }
      }
      Object.values(node).forEach(visit);
    };
    visit(configJsonSchema());
    visit(userJsonSchema());
    assert.ok(maps > 8);
  });

  it('takes what the config takes and refuses what it refuses', () => {
    const bodies = [
      'title: A',
      'title: 3',
      'keywords: a',
      'keywords: [a, 3]',
      'schema: { columns: { A: number, B: { type: date, enum: [a] } }, primaryKey: [A], onError: null }',
      'schema: { columns: { A: nope } }',
      'schema: { columns: { A: } }',
      'schema: { onError: skip }',
      'split: { train: 80%, test: 0.2, seed: 3, gap: 7d }',
      'split: { train: 80 }',
      'split: { train: 101% }',
      'split: { seed: 1.5 }',
      'split: { gap: 7w }',
      'output: { formats: parquet, compression: zstd:3 }',
      'output: { formats: [], compression: zstd }',
      'output: { compression: { parquet: zip } }',
      'output: { compression: [zstd] }',
      'checks: {}',
      'colums: {}',
    ];
    const texts = bodies
      .map(dataset)
      .concat(
        'version: 1\ndatasets: { .a: { source: x } }',
        'version: 2\ndatasets: {}',
        'version: 1\ndefaults: { source: [{ path: x, options: { nullValues: NA } }] }\ndatasets: { a: {} }',
        'version: 1\ndatasets: { a: { source: [] } }',
        'datasets: {}',
        '[]',
      );
    let taken = 0;
    for (const text of texts) {
      const { data } = readDocument(text);
      const problems: string[] = [];
      checkShape(writtenSchema, data, [], ({ message }) => problems.push(message));
      const valid = writtenSchema.safeParse(data).success;
      assert.equal(problems.length === 0, valid, `${text}\n${problems.join('\n')}`);
      if (valid) taken += 1;
    }
    assert.ok(taken > 4 && taken < texts.length - 10);
  });
});
