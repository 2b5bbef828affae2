/** Documents about exported data, from facts: ids, types, licences, and what is refused before it is written. */
import assert from 'node:assert/strict';
import { load } from 'js-yaml';
import { cardFaults, cardOf, sizeCategory } from '../../../src/engine/export/metadata/card';
import { croissantOf } from '../../../src/engine/export/metadata/croissant';
import { croissantFaults, type CroissantDocument } from '../../../src/engine/export/metadata/croissantDocument';
import type { DatasetFacts } from '../../../src/engine/export/metadata/facts';
import { hubLicense, licenseAddress } from '../../../src/engine/export/metadata/licenses';
import type { ExportedFile } from '../../../src/protocol';

const file = (path: string, split?: string): ExportedFile => ({
  ...{ path, bytes: 7, sha256: 'ab'.repeat(32), kind: 'data', format: 'parquet', rows: 1 },
  ...(split !== undefined && { split }),
});

const factsWith = (types: Readonly<Record<string, string>>, more: Partial<DatasetFacts> = {}): DatasetFacts => ({
  ...{ name: 'd', keywords: [], contributors: [], rows: 2, splits: [], format: 'parquet' },
  files: [file('data/data.parquet')],
  shape: {
    columns: Object.entries(types).map(([name, physicalType]) => ({ name, type: 'any', physicalType })),
    primaryKey: [],
  },
  ...more,
});

const fieldsOf = ({ recordSet = [] }: CroissantDocument) =>
  recordSet.find((set) => set['@id'] === 'records')?.field ?? [];

describe('a Croissant document', () => {
  it('has ids that no two nodes share, whatever the columns are called', () => {
    const names = ['a b', 'a_b', 'a  b', 'split', '..', '.', '', '#', '"; import os', 'größe', '列', 'a/b'];
    const splits = [{ name: 'train', rows: 2 }];
    const facts = factsWith(Object.fromEntries(names.map((name) => [name, 'BIGINT'])), {
      splits,
      files: [file('data/train.parquet', 'train')],
    });
    const { document, leftOut } = croissantOf(facts);
    assert.deepEqual([croissantFaults(document, facts.files), leftOut], [[], []]);
    assert.deepEqual(
      fieldsOf(document).map((field) => field.name),
      [...names, 'split'],
    );
  });

  const types: readonly (readonly [physical: string, form: string])[] = [
    ['BIGINT', 'sc:Integer'],
    ['DECIMAL(38,0)', 'sc:Integer'],
    ['DECIMAL(10,2)', 'sc:Float'],
    ['TIMESTAMP WITH TIME ZONE', 'sc:DateTime'],
    ['TIME', 'sc:Time'],
    ['BLOB', 'sc:Text'],
    ["ENUM('a', 'b')", 'sc:Text'],
    ['DOUBLE[]', 'sc:Float repeated'],
    ['STRUCT(x INTEGER, y STRUCT(z VARCHAR))', '{x sc:Integer, y {z sc:Text}}'],
    ['STRUCT(x DATE)[]', '{x sc:Date} repeated'],
    ['MAP(VARCHAR, BIGINT)', 'left out'],
    ['STRUCT("x y" INTEGER)', 'left out'],
    ['STRUCT(x INTEGER)[][]', 'left out'],
  ];
  type Shown = ReturnType<typeof fieldsOf>[number];
  const shown = ({ dataType, subField, repeated }: Shown): string => {
    const parts = subField?.map((part) => `${part.name} ${shown(part)}`).join(', ');
    return `${dataType ?? `{${parts ?? ''}}`}${repeated ? ' repeated' : ''}`;
  };
  for (const [physical, form] of types) {
    it(`holds ${physical} as ${form}`, () => {
      const { document } = croissantOf(factsWith({ c: physical }));
      const [field] = fieldsOf(document);
      assert.equal(field ? shown(field) : 'left out', form);
    });
  }

  it('is refused with an id that stands twice, a source that is not there, and a file that is another', () => {
    const facts = factsWith({ c: 'BIGINT' });
    const { document } = croissantOf(facts);
    const [field] = fieldsOf(document);
    assert.ok(field);
    const lost = { ...field, '@id': 'records/d', source: { fileSet: { '@id': 'nowhere' } } };
    const records = {
      '@type': 'cr:RecordSet' as const,
      '@id': 'records',
      name: 'records',
      field: [field, field, lost],
    };
    const faults = croissantFaults({ ...document, recordSet: [records] }, [
      { ...file('data/data.parquet'), sha256: 'cd'.repeat(32) },
    ]);
    assert.deepEqual(faults, [
      'records/c is the id of two nodes',
      'records/d is read from nowhere, which is not there',
      'data/data.parquet is not what was written',
    ]);
  });
});

describe('a dataset card', () => {
  it('has a head that reads as what was meant, whatever the words are', () => {
    const facts = factsWith(
      { 'a: b': 'BIGINT', '"; import os': 'VARCHAR[]', '---': 'STRUCT("x y" DATE)' },
      { title: 'no', description: '---\n# <script>', keywords: ['yes', '1'], license: 'Ask: us', citation: '```' },
    );
    const card = cardOf(facts);
    assert.deepEqual(cardFaults(card, facts), []);
    const { dataset_info: info, ...head } = load(card.slice(4, card.indexOf('\n---\n'))) as Record<string, unknown>;
    assert.deepEqual(head, {
      ...{
        pretty_name: 'no',
        license: 'other',
        license_name: 'Ask: us',
        tags: ['yes', '1'],
        size_categories: ['n<1K'],
      },
      configs: [{ config_name: 'default', data_files: [{ split: 'train', path: 'data/data.parquet' }] }],
    });
    assert.deepEqual((info as { features: unknown }).features, [
      { name: 'a: b', dtype: 'int64' },
      { name: '"; import os', list: 'string' },
      { name: '---', struct: [{ name: 'x y', dtype: 'date32' }] },
    ]);
  });

  for (const [rows, category] of [
    [0, 'n<1K'],
    [999, 'n<1K'],
    [1000, '1K<n<10K'],
    [2_000_000, '1M<n<10M'],
    [5e12, 'n>1T'],
  ] as const)
    it(`says ${category} of ${rows} rows`, () => {
      assert.equal(sizeCategory(rows), category);
    });
});

describe('a licence', () => {
  for (const [written, there, address] of [
    ['CC0-1.0', 'cc0-1.0', 'https://spdx.org/licenses/CC0-1.0.html'],
    ['cc-by-4.0', 'cc-by-4.0', 'https://spdx.org/licenses/CC-BY-4.0.html'],
    ['ODbL-1.0', 'odbl', 'https://spdx.org/licenses/ODbL-1.0.html'],
    ['https://example.org/terms', undefined, 'https://example.org/terms'],
    ['Ask us first', undefined, undefined],
  ] as const)
    it(`is known as its readers know it: ${written}`, () => {
      assert.deepEqual([hubLicense(written), licenseAddress(written)], [there, address]);
    });
});
