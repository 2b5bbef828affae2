/** Decisions of the PyTorch package that need no data. */
import assert from 'node:assert/strict';
import { encodingsOf } from '../../../src/engine/export/pytorch/encodings';
import { kindOf } from '../../../src/engine/export/pytorch/kinds';
import { checkedPackageName, keysOf, packageNameOf, packageVersionOf } from '../../../src/engine/export/pytorch/names';
import { citation, pyproject } from '../../../src/engine/export/pytorch/project';
import { weightsOf } from '../../../src/engine/export/pytorch/vocabulary';
import type { Manifest } from '../../../src/protocol';

describe('names of a PyTorch package', () => {
  for (const [dataset, expected] of [
    ['penguins', 'penguins'],
    ['My-Data.v2', 'my_data_v2'],
    ['1st', 'dataset_1st'],
    ['class', 'class_dataset'],
    ['json', 'json_dataset'],
    ['torch', 'torch_dataset'],
    ['Größe', 'gro_e'],
    ['été', 'ete'],
    ['数据', 'dataset'],
    ['"; import os', 'import_os'],
    ['__init__', 'init'],
    ['../../etc/passwd', 'etc_passwd'],
    ['x'.repeat(300), 'x'.repeat(50)],
    ['', 'dataset'],
  ] as const) {
    it(`${JSON.stringify(dataset.slice(0, 20))} becomes ${expected.slice(0, 20)}`, () => {
      assert.equal(packageNameOf(dataset), expected);
    });
  }

  it('that are asked for stand as they are or are refused', () => {
    assert.equal(checkedPackageName('birds'), 'birds');
    for (const name of ['Birds', 'my birds', 'import', 'numpy', '', 'a/b', '1a', '"; import os'])
      assert.throws(() => checkedPackageName(name), { code: 'package-name' });
  });

  it('of columns are identifiers, each its own', () => {
    assert.deepEqual(keysOf(['a b', 'a-b', 'A_B', 'class', '1', '', '数', '"; import os', 'a_b_2']), [
      ...['a_b', 'a_b_2', 'a_b_3', 'c_class', 'c_1', 'c_', 'c__2', 'import_os', 'a_b_2_2'],
    ]);
  });

  it('have versions that grow with the time of the build', () => {
    assert.equal(packageVersionOf('2026-11-02T09:05:07.000Z'), '2026.11.2.90507');
    assert.equal(packageVersionOf(undefined), '0.1.0');
  });
});

describe('kinds of columns', () => {
  for (const [type, physicalType, kind] of [
    ['integer', 'BIGINT', 'number'],
    ['number', 'DECIMAL(18,3)', 'number'],
    ['boolean', 'BOOLEAN', 'number'],
    ['date', 'DATE', 'datetime'],
    ['datetime', 'TIMESTAMP WITH TIME ZONE', 'datetime'],
    ['time', 'TIME', 'time'],
    ['string', 'VARCHAR', 'text'],
    ['image', 'VARCHAR', 'image'],
    ['array', 'FLOAT[3]', 'numbers'],
    ['array', 'VARCHAR[]', 'texts'],
    ['array', 'INTEGER[][]', 'object'],
    ['array', 'VARCHAR', 'text'],
    ['object', 'STRUCT(a INTEGER)', 'object'],
    ['any', 'BLOB', 'object'],
  ] as const) {
    it(`${type} held as ${physicalType} is ${kind}`, () => {
      assert.equal(kindOf({ type, physicalType }), kind);
    });
  }
});

describe('the project file', () => {
  it('holds hostile words as plain strings', () => {
    const title = 'a "quoted" \\ title\nwith lines\u007f\u0000\ud800';
    const text = pyproject({ package: 'p', version: '1', dataset: 'd', data: ['*.parquet'], spec: { title } });
    assert.match(text, /^description = "a \\"quoted\\" \\\\ title with lines\\u007f\\u0000\ufffd"$/m);
  });

  it('has no citation where nobody is named', () => {
    assert.equal(citation({ package: 'p', version: '1', dataset: 'd', data: [], spec: { citation: 'x' } }), undefined);
  });
});

it('classes weigh as scikit-learn has it, and nothing without rows', () => {
  assert.deepEqual(weightsOf([10, 30, 0]), [2, 40 / 60, 0]);
});

describe('steps that a package undoes', () => {
  const step = (transform: string, parameters: object, fitted?: object) => ({
    ...{ transform, parameters, rowsIn: 1, rowsOut: 1 },
    ...(fitted && { fitted }),
  });
  const manifest = {
    columnsRead: [
      { name: 'Fare', type: 'number' },
      { name: 'Port', type: 'string' },
    ],
    columns: [],
    steps: [
      step('rename', { columns: { Fare: 'fare' } }),
      step('log', { columns: ['fare'], offset: 1 }),
      step('standard_scale', { columns: ['fare'] }, { columns: [{ column: 'fare', mean: 2, deviation: 3 }] }),
      step(
        'one_hot',
        { columns: 'Port' },
        { columns: [{ column: 'Port', categories: [{ category: 'C' }, { category: 'Q', name: 'Port_Q' }] }] },
      ),
    ],
  } as unknown as Manifest;
  const column = (name: string) => ({ name }) as never;

  it('go back to the column that was read', () => {
    assert.deepEqual(encodingsOf({ columns: [column('fare'), column('Port_Q')], manifest }), {
      scalers: [
        {
          ...{ column: 'fare', original: 'Fare', complete: true },
          steps: [
            { step: 'log', offset: 1 },
            { step: 'standard_scale', mean: 2, deviation: 3 },
          ],
        },
      ],
      oneHot: [{ original: 'Port', columns: [{ column: 'Port_Q', category: 'Q' }], first: 'C' }],
    });
  });

  it('end at one that cannot be undone', () => {
    const binned = { ...manifest, steps: [step('bin', { columns: ['fare'] }), ...(manifest.steps ?? []).slice(1)] };
    const { scalers } = encodingsOf({ columns: [column('fare')], manifest: binned as Manifest });
    assert.equal(scalers[0]?.complete, false);
  });
});
