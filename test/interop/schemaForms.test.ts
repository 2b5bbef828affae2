/** Schemas that are written for other tools, as those tools read them. */
import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { encodeSchemaFile } from '../../src/engine/arrow';
import { toArrow, toDataPackage, toFrictionless, toJsonSchema } from '../../src/engine/evolution';
import { columnTypes, type ColumnSpec, type SchemaColumn, type TableShape } from '../../src/protocol';
import { askPython, testPython } from '../host/python';

const specs: Readonly<Record<string, ColumnSpec>> = {
  ...Object.fromEntries(columnTypes.map((type) => [`a ${type}`, { type }])),
  id: { type: 'integer', required: true, unique: true, minimum: 1, exclusiveMaximum: 100 },
  share: { type: 'number', minimum: 0, maximum: 1 },
  level: { type: 'string', enum: ['low', 'high'], role: 'target' },
  code: { type: 'string', pattern: '[A-Z]{2}', minLength: 2, maxLength: 2 },
  since: { type: 'date', minimum: '2020-01-01', maximum: '2030-12-31' },
  mail: { type: 'string', format: 'email' },
  address: { type: 'string', format: 'ipv4' },
  took: { type: 'duration', maximum: 'PT1H' },
  anything: { type: 'any', enum: ['x', 1] },
};
const shape: TableShape = {
  columns: Object.entries(specs).map(([name, spec]): SchemaColumn => ({ name, ...spec, type: spec.type ?? 'any' })),
  primaryKey: ['id'],
  foreignKeys: [{ fields: ['code'], reference: { fields: ['mail'] } }],
};

interface Answer {
  readonly table: readonly string[];
  readonly package: readonly string[];
  readonly fields: readonly [name: string, type: string][];
  readonly rows: readonly (readonly string[])[];
}

describe('schemas that are written for other tools', () => {
  let answer: Answer;
  before(async function () {
    this.timeout(300_000);
    const python = await testPython();
    const files = [{ path: 'data/train.csv', format: 'csv', bytes: 10, sha256: 'ab'.repeat(32) }];
    const spec = { name: 'My Data', title: 'My data', license: 'CC0-1.0', keywords: ['k'], contributors: ['Ada'] };
    answer = (await askPython(python, resolve('test/interop/schemaForms.py'), {
      table: toFrictionless(shape).content,
      package: toDataPackage(shape, spec, files).content,
      jsonSchema: toJsonSchema(shape, 'd').content,
      rows: [
        { id: 1, share: 0.5, level: 'low', code: 'AB', mail: null },
        { id: null, share: 2, level: 'middle', code: 'ABC', took: 5 },
        {},
      ],
    })) as Answer;
  });

  it('are what Frictionless takes for a Table Schema and for a data package', () => {
    assert.deepEqual([answer.table, answer.package], [[], []]);
    const types = Object.fromEntries(answer.fields);
    assert.deepEqual([types['a image'], types['a geopoint'], types['since']], ['string', 'geopoint', 'date']);
  });

  it('are JSON Schemas, by which rows that fit are taken and others are not', () => {
    assert.deepEqual(answer.rows, [[], ['$.code', '$.code', '$.id', '$.level', '$.share', '$.took'], ['$']]);
  });

  it('are Arrow schemas with the types that pyarrow has, and no rows', async function () {
    this.timeout(300_000);
    const python = await testPython();
    const file = Buffer.from(encodeSchemaFile(toArrow(shape).content)).toString('base64');
    const { fields, rows } = (await askPython(python, resolve('test/interop/schemaArrow.py'), { file })) as {
      readonly fields: readonly [name: string, type: string, nullable: boolean][];
      readonly rows: number;
    };
    assert.equal(rows, 0);
    assert.deepEqual(
      fields.map(([name]) => name),
      shape.columns.map(({ name }) => name),
    );
    const types = Object.fromEntries(fields.map(([name, type]) => [name, type]));
    assert.deepEqual(
      ['integer', 'number', 'string', 'boolean', 'date', 'datetime', 'time'].map((type) => types[`a ${type}`]),
      ['int64', 'double', 'string', 'bool', 'date32[day]', 'timestamp[us]', 'time64[us]'],
    );
    assert.deepEqual(
      fields.flatMap(([name, , nullable]) => (nullable ? [] : [name])),
      ['id'],
    );
  });
});
