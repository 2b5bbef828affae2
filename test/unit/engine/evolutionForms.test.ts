/** Schemas in the forms of other tools: ours comes back as it was, theirs as far as there is a place for it. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSchemaFile, readArrowSchema } from '../../../src/engine/arrow';
import {
  declarable,
  declarationOf,
  fromArrow,
  fromDataPackage,
  fromFrictionless,
  fromJsonSchema,
  schemaYaml,
  toArrow,
  toDataPackage,
  toFrictionless,
  toJsonSchema,
  type Read,
} from '../../../src/engine/evolution';
import { parseConfig } from '../../../src/config';
import { columnTypes, type ColumnSpec, type SchemaColumn, type TableShape } from '../../../src/protocol';

/** Every type by itself, every constraint on the types it suits, and names that nobody would choose. */
const specs: Readonly<Record<string, ColumnSpec>> = {
  ...Object.fromEntries(columnTypes.map((type) => [`a ${type}`, { type }])),
  required: { type: 'integer', required: true },
  optional: { type: 'integer', required: false },
  unique: { type: 'string', unique: true },
  listed: { type: 'string', enum: ['a', 'it"s', ''] },
  'listed numbers': { type: 'number', enum: [1, 2.5] },
  'listed flags': { type: 'boolean', enum: [true] },
  'listed anything': { type: 'any', enum: ['x', 1] },
  bounded: { type: 'number', minimum: -1.5, exclusiveMaximum: 10 },
  'bounded whole': { type: 'integer', exclusiveMinimum: 0, maximum: 9 },
  'bounded far': { type: 'integer', maximum: '9223372036854775807' },
  'bounded dates': { type: 'date', minimum: '2020-01-01', maximum: '2021-12-31' },
  'bounded durations': { type: 'duration', minimum: 'PT1S' },
  long: { type: 'string', minLength: 1, maxLength: 20 },
  like: { type: 'string', pattern: '[A-Z]{2}|\\d+' },
  'like in RE2 only': { type: 'string', pattern: '(?i)abc' },
  email: { type: 'string', format: 'email' },
  uri: { type: 'string', format: 'uri' },
  uuid: { type: 'string', format: 'uuid' },
  ipv4: { type: 'string', format: 'ipv4' },
  ipv6: { type: 'string', format: 'ipv6' },
  'a date as text': { type: 'string', format: 'date' },
  told: { type: 'number', title: 'Told', description: 'What it is: "a number"\nof two lines.', role: 'target' },
  key: { type: 'integer' },
  'key that is required': { type: 'string', required: true },
  'na"me, with\' all': { type: 'string' },
  'ünï\u{1f600}': { type: 'string' },
  __proto__of: { type: 'string' },
  '<<': { type: 'string' },
};
const columns = [...Object.entries(specs), ['__proto__', { type: 'string', unique: true }] as const].map(
  ([name, spec]): SchemaColumn => ({ name, ...spec, type: spec.type ?? 'any' }),
);
const ours: TableShape = {
  columns,
  primaryKey: ['key', 'key that is required'],
  foreignKeys: [
    { fields: ['key'], reference: { resource: 'others', fields: ['id'] } },
    { fields: ['required', 'optional'], reference: { fields: ['key', 'bounded whole'] } },
  ],
};

/** As entries, whose order counts and of which none can hide. */
const declared = (shape: TableShape) => {
  const { columns: found, ...keys } = declarationOf(shape);
  return { ...keys, columns: Object.entries(found) };
};
const json = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

describe('a schema in the form of another tool', () => {
  const forms: Readonly<Record<string, (shape: TableShape) => Promise<Read | undefined> | Read | undefined>> = {
    'a Table Schema': (shape) => fromFrictionless(json(toFrictionless(shape).content)),
    'a data package': (shape) => {
      const files = [{ path: 'data/train.csv', format: 'csv' }];
      return fromDataPackage(json(toDataPackage(shape, { name: 'd' }, files).content))?.read;
    },
    'a JSON Schema': (shape) => fromJsonSchema(json(toJsonSchema(shape, 'd').content)),
    'an Arrow file': async (shape) => {
      const folder = await mkdtemp(join(tmpdir(), 'mldata-test-'));
      try {
        await writeFile(join(folder, 's.arrow'), encodeSchemaFile(toArrow(shape).content));
        return fromArrow(await readArrowSchema(join(folder, 's.arrow')));
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
  for (const [name, through] of Object.entries(forms)) {
    it(`comes back from ${name} as it was, with every type and constraint`, async () => {
      const back = await through(ours);
      assert.ok(back);
      assert.deepEqual(declared(back.shape), declared(ours));
      assert.deepEqual(back.losses, []);
    });
  }

  it('comes back from its YAML as it was', () => {
    const lines = schemaYaml(ours).replaceAll(/^(?!$)/gm, '    ');
    const { datasets, findings } = parseConfig(
      `version: 1\ndatasets:\n  others: { source: b.csv }\n  d:\n    source: a.csv\n${lines}`,
      'c',
    );
    // The list is checked too: text of no letters and of two cannot be otherwise.
    assert.deepEqual(
      findings.filter(({ severity }) => severity === 'error'),
      [],
    );
    const schema = datasets.find(({ name }) => name === 'd')?.schema;
    assert.deepEqual(Object.entries(schema?.columns ?? {}), declared(ours).columns);
    assert.deepEqual([schema?.primaryKey, schema?.foreignKeys], [ours.primaryKey, ours.foreignKeys]);
  });

  it('says what other tools do not heed', () => {
    const some = (names: readonly string[]) => ({
      columns: columns.filter((one) => names.includes(one.name)),
      primaryKey: [],
    });
    const shape = some(['a image', 'told', 'bounded', 'a datetime', 'bounded dates', 'unique', 'like in RE2 only']);
    const told = (losses: Read['losses']) => losses.map(({ column, key, how }) => `${column ?? ''} ${key} ${how}`);
    assert.deepEqual(told(toFrictionless(shape).losses), [
      'a image type carried',
      'bounded exclusiveMaximum carried',
      'told role carried',
    ]);
    assert.deepEqual(told(toJsonSchema({ ...shape, primaryKey: ['unique'] }, 'd').losses), [
      'a datetime type carried',
      'a image type carried',
      'unique unique carried',
      'bounded dates minimum carried',
      'bounded dates maximum carried',
      'like in RE2 only pattern carried',
      'told role carried',
      ' primaryKey carried',
    ]);
    const arrow = told(toArrow(shape).losses);
    assert.ok(arrow.includes('bounded minimum carried') && arrow.includes('a image type carried'), arrow.join('\n'));
    assert.ok(!arrow.includes('a datetime type carried'));
  });
});

describe('a Table Schema of another tool', () => {
  it('is read with its shorthands, and what has no place is named', () => {
    const read = fromFrictionless({
      fields: [
        {
          name: 'id',
          type: 'integer',
          constraints: { required: true, minimum: '1', multipleOf: 2 },
          bareNumber: false,
        },
        { name: 'when', type: 'date', format: '%d/%m/%y' },
        { name: 'year', type: 'year' },
        { name: 'month', type: 'yearmonth' },
        { name: 'level', type: 'string', categories: [{ value: 'low', label: 'Low' }, { value: 'high' }] },
        { name: 'flag', type: 'boolean', trueValues: ['yes'] },
        { name: 'shape', type: 'geojson' },
        { name: 'odd', type: 'quaternion' },
        { name: 'bare' },
      ],
      primaryKey: 'id',
      foreignKeys: [{ fields: 'level', reference: { resource: '', fields: 'bare' } }],
      uniqueKeys: [['when'], ['id', 'year']],
      missingValues: ['', 'NA'],
    });
    assert.ok(read);
    assert.deepEqual(declared(read.shape), {
      primaryKey: ['id'],
      foreignKeys: [{ fields: ['level'], reference: { fields: ['bare'] } }],
      columns: [
        ['id', { type: 'integer', required: true, minimum: 1 }],
        ['when', { type: 'date', unique: true }],
        ['year', { type: 'integer' }],
        ['month', { type: 'string', pattern: '[0-9]{4}-[0-9]{2}' }],
        ['level', { type: 'string', enum: ['low', 'high'] }],
        ['flag', { type: 'boolean' }],
        ['shape', { type: 'object' }],
        ['odd', { type: 'any' }],
        ['bare', { type: 'string' }],
      ],
    });
    assert.deepEqual(
      read.losses.map(({ column, key }) => `${column ?? ''} ${key}`.trim()),
      [
        'id bareNumber',
        'id multipleOf',
        'when format',
        'year type',
        'month type',
        'flag trueValues',
        'shape type',
        'odd type',
        'uniqueKeys',
        'missingValues',
      ],
    );
  });

  it('is none without fields', () => {
    assert.equal(fromFrictionless({ properties: {} }), undefined);
    assert.equal(fromFrictionless([1]), undefined);
    assert.deepEqual(fromFrictionless({ fields: [] })?.shape, { columns: [], primaryKey: [] });
  });
});

describe('a JSON Schema of another tool', () => {
  it('is read as Pydantic writes it, with references and what may be null', () => {
    const read = fromJsonSchema({
      $defs: { Colour: { enum: ['red', 'blue'], title: 'Colour', type: 'string' } },
      type: 'object',
      properties: {
        id: { title: 'Id', type: 'integer', exclusiveMinimum: 0, multipleOf: 5 },
        colour: { $ref: '#/$defs/Colour', description: 'of the car' },
        note: { anyOf: [{ type: 'string', maxLength: 9 }, { type: 'null' }], default: null },
        at: { type: 'string', format: 'date-time' },
        born: { type: ['string', 'null'], format: 'date' },
        code: { type: 'string', pattern: '^[A-Z]+$' },
        part: { type: 'string', pattern: 'x' },
        either: { type: ['string', 'integer'] },
        tags: { type: 'array', items: { type: 'string' } },
        fixed: { const: 3 },
      },
      required: ['id', 'colour', 'born'],
      patternProperties: { '^x-': {} },
    });
    assert.ok(read);
    assert.deepEqual(declared(read.shape).columns, [
      ['id', { type: 'integer', title: 'Id', exclusiveMinimum: 0, required: true }],
      ['colour', { type: 'string', title: 'Colour', description: 'of the car', enum: ['red', 'blue'], required: true }],
      ['note', { type: 'string', maxLength: 9 }],
      ['at', { type: 'datetime' }],
      ['born', { type: 'date' }],
      ['code', { type: 'string', pattern: '[A-Z]+' }],
      ['part', { type: 'string', pattern: '(?s:.*)(?:x)(?s:.*)' }],
      ['either', { type: 'any' }],
      ['tags', { type: 'array' }],
      ['fixed', { type: 'integer', enum: [3] }],
    ]);
    assert.deepEqual(
      read.losses.map(({ column, key }) => `${column ?? ''} ${key}`.trim()),
      ['patternProperties', 'id multipleOf', 'note default', 'either type', 'tags items'],
    );
  });

  it('names references that lead nowhere, and takes patterns of several brackets as they are', () => {
    const read = fromJsonSchema({
      properties: {
        web: { $ref: 'https://example.org/colour.json' },
        none: { $ref: '#/$defs/none' },
        miswritten: { $ref: '#/$defs/%zz' },
        either: { type: 'string', pattern: '^(?:a)|(b)$' },
      },
    });
    assert.deepEqual(
      read?.losses.map(({ column, key }) => `${column ?? ''} ${key}`),
      ['web $ref', 'none $ref', 'miswritten $ref'],
    );
    assert.equal(read.shape.columns[3]?.pattern, '(?s:.*)(?:^(?:a)|(b)$)(?s:.*)');
  });

  it('of a list of rows is that of its rows, and none without properties', () => {
    const read = fromJsonSchema({ type: 'array', items: { type: 'object', properties: { a: { type: 'number' } } } });
    assert.deepEqual(read?.shape.columns, [{ name: 'a', type: 'number' }]);
    assert.equal(fromJsonSchema({ type: 'string' }), undefined);
    assert.equal(fromJsonSchema({ $ref: '#' }), undefined);
    assert.equal(fromJsonSchema({ items: { $ref: '#' } }), undefined);
    const circle = fromJsonSchema({ properties: { a: { anyOf: [{ $ref: '#/properties/a' }] } } });
    assert.equal(circle?.shape.columns[0]?.type, 'any');
  });
});

describe('what a config would refuse', () => {
  it('is left out constraint by constraint, and named', () => {
    const read = fromFrictionless({
      fields: [
        { name: 'a', type: 'integer', constraints: { enum: ['q'], minimum: 5, maximum: 1, required: true } },
        { name: 'b', type: 'string', constraints: { pattern: '(?=x)y', minLength: 2 } },
      ],
      primaryKey: ['gone'],
      foreignKeys: [
        { fields: ['gone'], reference: { resource: 'other', fields: ['k'] } },
        { fields: ['a'], reference: { resource: 'other', fields: ['k'] } },
      ],
    });
    assert.ok(read);
    const { shape, losses } = declarable(read);
    assert.deepEqual(declared(shape).columns, [
      ['a', { type: 'integer', minimum: 5, required: true }],
      ['b', { type: 'string', minLength: 2 }],
    ]);
    assert.deepEqual(
      [shape.primaryKey, shape.foreignKeys],
      [[], [{ fields: ['a'], reference: { resource: 'other', fields: ['k'] } }]],
    );
    assert.deepEqual(
      losses.map(({ column, key }) => `${column ?? ''} ${key}`.trim()),
      ['a enum', 'a maximum', 'b pattern', 'primaryKey', 'foreignKeys'],
    );
    assert.deepEqual(declarable({ shape: ours, losses: [] }), { shape: ours, losses: [] });
  });
});

describe('a data package', () => {
  const table = (type: string) => ({ fields: [{ name: 'a', type }] });

  it('with several schemas is asked which of them', () => {
    const document = {
      resources: [
        { name: 'one', schema: table('integer') },
        { name: 'two', schema: table('string') },
        { name: 'bare' },
      ],
    };
    assert.deepEqual(fromDataPackage(document), { names: ['one', 'two'] });
    assert.equal(fromDataPackage(document, 'two')?.read?.shape.columns[0]?.type, 'string');
    assert.equal(fromDataPackage({ resources: [{ schema: table('date') }] })?.read?.shape.columns[0]?.type, 'date');
  });

  for (const [written, licence] of [
    ['https://example.org/terms', { path: 'https://example.org/terms' }],
    ['Ask: us', { name: 'ask-us', title: 'Ask: us' }],
  ] as const) {
    it(`takes addresses on the web for addresses, and nothing else: ${written}`, () => {
      const { content } = toDataPackage(ours, { name: 'd', license: written, homepage: written }, []);
      assert.deepEqual(content['licenses'], [licence]);
      assert.equal(content['homepage'], written.startsWith('https') ? written : undefined);
    });
  }

  it('describes each file, by names that it may have', () => {
    const spec = { name: 'My Data', title: 'T', license: 'MIT', keywords: ['k'], contributors: ['Ada'] };
    const { content } = toDataPackage(ours, spec, [
      { path: 'data/train.parquet', format: 'parquet', bytes: 3, sha256: 'ab' },
      { path: 'csv/Train.csv', format: 'csv' },
    ]);
    const { resources, ...rest } = content as { resources: readonly Record<string, unknown>[] };
    assert.deepEqual(rest, {
      $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
      name: 'my-data',
      title: 'T',
      keywords: ['k'],
      licenses: [{ name: 'MIT' }],
      contributors: [{ title: 'Ada' }],
    });
    assert.deepEqual(
      resources.map(({ schema: _schema, ...resource }) => resource),
      [
        {
          ...{ name: 'data-train', path: 'data/train.parquet', type: 'file', format: 'parquet' },
          ...{ mediatype: 'application/vnd.apache.parquet', bytes: 3, hash: 'sha256:ab' },
        },
        {
          ...{ name: 'csv-train', path: 'csv/Train.csv', type: 'table', format: 'csv' },
          ...{ mediatype: 'text/csv', encoding: 'utf-8' },
        },
      ],
    );
  });
});
