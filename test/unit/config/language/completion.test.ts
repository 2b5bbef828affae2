import assert from 'node:assert/strict';
import { completionsAt, pathItems, type Completion } from '../../../../src/config/language';
import type { SourceLook } from '../../../../src/protocol';
import { cursor, dataset, look, looks } from './support';

function at(marked: string): readonly Completion[] {
  const { text, offset } = cursor(marked);
  return completionsAt(text, offset, looks)?.items ?? [];
}

/** The text after choosing `label`: without snippet stops, further lines indented as the first, as an editor does. */
function chosen(marked: string, label: string): string {
  const { text, offset } = cursor(marked);
  const found = completionsAt(text, offset, looks);
  const item = found?.items.find((each) => each.label === label);
  assert.ok(found && item, `${label} is not offered`);
  const line = text.slice(text.lastIndexOf('\n', found.range.start - 1) + 1);
  const lead = /^ */.exec(line)?.[0] ?? '';
  const insert = item.insert
    .replaceAll('\n', `\n${lead}`)
    .replace(/(?<!\\)\$\d/g, '')
    .replaceAll(/\\([\\$}])/g, '$1');
  return text.slice(0, found.range.start) + insert + text.slice(found.range.end);
}

const labels = (marked: string): string =>
  at(marked)
    .map(({ label }) => label)
    .join(' ');

describe('completion of keys', () => {
  const keys = 'title description license homepage citation keywords contributors schema transforms split';
  const cases: [name: string, marked: string, begins: string][] = [
    ['in an empty file', '|', 'version versions defaults datasets'],
    ['at the root, without those that stand there', 'version: 1\n|', 'versions defaults datasets'],
    ['below a dataset', dataset('|'), keys],
    ['half typed, before other keys', dataset('tra|\nsplit: { train: 1 }\n'), keys.replace(' split', '')],
    ['half typed, at the end of the file', dataset('split: { train: 1 }\nsch|'), keys.replace(' split', '')],
    ['in a map that has nothing yet', dataset('schema:\n  |\nsplit: { train: 1 }'), 'columns primaryKey'],
    ['in brackets', dataset('schema: { onError: fail, | }'), 'columns primaryKey'],
    ['in brackets that are never closed', dataset('schema: { |\nsplit: { train: 1 }'), 'columns primaryKey'],
    ['in brackets over several lines', dataset('schema: {\n  onError: fail,\n  |\n}'), 'columns primaryKey'],
    ['in place of one that is there', dataset('spl|it: { train: 1 }'), `${keys} output`],
    ['of a column', dataset('schema:\n  columns:\n    Age: { type: number, | }'), 'title description role required'],
    ['where a line ends in CRLF', dataset('schema:\r\n  |\r\n'), 'columns primaryKey'],
    ['after text that is no YAML', dataset('title: "x\nschema:\n  |'), ''],
    ['of options of a source', 'datasets:\n  a:\n    source: { path: a.csv, options: { | } }', 'delimiter header'],
    ['of the parameters of a step', dataset('transforms:\n  - fill_missing: { columns: Age, | }'), 'strategy value'],
    [
      'of a step over several lines',
      dataset('transforms:\n  - fill_missing:\n      columns: Age\n      |'),
      'strategy',
    ],
    ['behind a text of several lines', dataset('description: >\n  one\n  two\nsplit: {}\nti|'), 'title license'],
    ['of checks', dataset('checks:\n  |'), 'schema missing duplicates labels'],
    ['of the parameters of a check', dataset('checks: { missing: { warn: 1%, | } }'), 'error columns'],
    ['of a foreign key', dataset('schema: { foreignKeys: [{ fields: a, | }] }'), 'reference'],
    ['in defaults', 'version: 1\ndefaults:\n  |', 'title description license'],
    ['of a profile', dataset('profile:\n  |'), 'missing zeros infinite'],
  ];
  for (const [name, marked, begins] of cases) {
    it(`offers them ${name}`, () => {
      assert.ok(labels(marked).startsWith(begins), labels(marked));
      if (begins === '') assert.equal(labels(marked), '');
    });
  }

  for (const [where, marked] of [
    ['a comment', dataset('# |')],
    ['a comment behind a value', dataset('title: x # |')],
    ['behind a list', dataset('keywords: [a]|')],
    ['a text of several lines', dataset('description: >\n  one |two')],
    ['a map of any names', 'version: 1\ndatasets:\n  |'],
  ] as const) {
    it(`offers nothing in ${where}`, () => {
      assert.equal(labels(marked), '');
    });
  }

  it('says what a key means', () => {
    const split = at(dataset('|')).find(({ label }) => label === 'split');
    assert.match(split?.documentation ?? '', /How the rows are divided/);
  });

  it('opens the map of a key, with what it cannot do without', () => {
    const marked = dataset('transforms:\n  - fi|');
    assert.equal(
      chosen(marked, 'fill_missing'),
      dataset('transforms:\n  - fill_missing:\n      columns: \n      strategy: '),
    );
    assert.equal(chosen(dataset('sch|'), 'schema'), dataset('schema:\n  '));
    assert.equal(chosen(dataset('tr|'), 'transforms'), dataset('transforms:\n  - '));
    assert.equal(chosen(dataset('schema: { | }'), 'columns'), dataset('schema: { columns: {  } }'));
  });

  it('begins the next step of a list with its hyphen', () => {
    const marked = dataset('transforms:\n  - drop: { columns: Age }\n  |');
    assert.equal(chosen(marked, 'sort'), dataset('transforms:\n  - drop: { columns: Age }\n  - sort:\n      by: '));
  });

  it('offers one transform for a step', () => {
    assert.match(labels(dataset('transforms:\n  - |')), /^select drop rename cast filter derive .* sql$/);
    assert.equal(labels(dataset('transforms:\n  - drop: { columns: Age }\n    |')), '');
  });
});

describe('completion of values', () => {
  const cases: [name: string, marked: string, offered: string][] = [
    ['of a choice', dataset('schema: { onError: | }'), 'fail quarantine null'],
    ['that stick to the colon', dataset('schema: { onError:| }'), 'fail quarantine null'],
    ['on the line after the key', dataset('schema:\n  extraColumns:\n    |'), 'ignore warn error'],
    ['of a flag', dataset('schema: { columns: { Age: { required: | } } }'), 'true false'],
    ['of the version', 'version: |', '1'],
    ['of a list, without those that are in it', dataset('output: { formats: [parquet, csv, |] }'), 'jsonl arrow'],
  ];
  for (const [name, marked, offered] of cases) {
    it(`offers those ${name}`, () => {
      assert.equal(labels(marked), offered);
    });
  }

  it('puts the space behind the colon', () => {
    assert.equal(chosen('version:|', '1'), 'version: 1');
  });
});

describe('completion from data', () => {
  const cases: [name: string, marked: string, offered: string][] = [
    ['columns of the data in a step', dataset('transforms:\n  - drop: { columns: [Age, |] }'), 'Sex Class Cabin no'],
    [
      'columns in a list of lines',
      dataset('transforms:\n  - drop:\n      columns:\n        - Age\n        - |'),
      'Sex Class Cabin no',
    ],
    [
      'columns that are declared',
      dataset('schema: { columns: { Fare: number } }\nsplit:\n  stratify: |'),
      'Age Sex Class Cabin no Fare',
    ],
    [
      'columns where steps before took some away',
      dataset(
        'transforms:\n  - drop: { columns: [Age, Sex] }\n  - rename: { columns: { Class: class } }\n  - sort: { by: | }',
      ),
      'class Cabin no',
    ],
    [
      'columns that a step made',
      dataset('transforms:\n  - text_length: { columns: Sex }\n  - drop: { columns: | }'),
      'Age Sex Class Cabin no Sex_characters',
    ],
    [
      'columns of the split as they are before the first step that learns',
      dataset(
        'split: { stratify: | }\ntransforms:\n  - drop: { columns: Age }\n  - ordinal: { columns: Sex }\n  - drop: { columns: Sex }',
      ),
      'Sex Class Cabin no',
    ],
    ['columns with a threshold', dataset('checks: { missing: { columns: { Age: 5%, | } } }'), 'Sex Class Cabin no'],
    ['columns in the condition of a check', dataset('checks: { missing: { where: Sex | } }'), 'Age Sex Class Cabin no'],
    ['columns as keys', dataset('transforms:\n  - cast: { columns: { Age: integer, | } }'), 'Sex Class Cabin no'],
    [
      'columns in an expression',
      dataset('transforms:\n  - filter: { expression: Age > 3 AND C| }'),
      'Age Sex Class Cabin no',
    ],
    ['columns in a key of the table', dataset('schema:\n  primaryKey: [|]'), 'Age Sex Class Cabin no'],
    ['columns to declare', dataset('schema:\n  columns:\n    Age: number\n    |'), 'Sex Class Cabin no'],
    ['values for an enum', dataset('schema: { columns: { Sex: { enum: [male, |] } } }'), 'female'],
    ['values to be exchanged', dataset('transforms:\n  - map: { columns: Sex, values: { female: 1, | } }'), 'male'],
    ['values in their order', dataset('transforms:\n  - ordinal: { columns: Class, order: [|] }'), '3 1'],
    ['the smallest value as a bound', dataset('schema: { columns: { Age: { minimum: | } } }'), '0.4'],
    [
      'other datasets',
      'datasets:\n  a:\n    source: |\n  b: { source: b.csv, split: { train: 1 } }',
      'dataset://b dataset://b/train',
    ],
    ['other datasets in a step', dataset('transforms:\n  - join: { dataset: | }\n') + '  b: { source: b.csv }', 'b'],
  ];
  for (const [name, marked, offered] of cases) {
    it(`offers ${name}`, () => {
      assert.equal(labels(marked), offered);
    });
  }

  it('writes values as the type of their column, and in the quotes that are there', () => {
    const enumOf = (list: string): string => dataset(`schema: { columns: { Class: { enum: [${list}] } } }`);
    assert.equal(chosen(enumOf('|'), '3'), enumOf('3'));
    const text = (list: string): string => dataset(`schema: { columns: { Sex: { enum: [${list}] } } }`);
    assert.equal(chosen(text('"ma|"'), 'male'), text('"male"'));
  });

  it('declares a column with the type of its values', () => {
    assert.equal(
      chosen(dataset('schema:\n  columns:\n    S|'), 'Sex'),
      dataset('schema:\n  columns:\n    Sex: string'),
    );
  });

  it('replaces only the word of an expression, and quotes a name that needs it', () => {
    const filter = (sql: string): string => dataset(`transforms:\n  - filter: { expression: ${sql} }`);
    assert.equal(chosen(filter('Age > 3 AND Cl|'), 'Class'), filter('Age > 3 AND Class'));
    assert.equal(chosen(filter('Age > 3 AND |'), 'Cabin no'), filter('Age > 3 AND "Cabin no"'));
    assert.equal(chosen(filter('"Age > 3 AND |"'), 'Cabin no'), filter('"Age > 3 AND \\"Cabin no\\""'));
  });

  const awkward = (name: string): SourceLook => ({
    ...look,
    columns: [{ name, type: 'number', nulls: 0, distinct: 1 }],
  });
  const written: [name: string, column: string, marked: string, sql: string | undefined][] = [
    ['a reserved word', 'order', 'expression: Age > |', 'expression: Age > "order"'],
    ['a colon', 'size: cm', 'expression: Age > |', undefined],
    ['a colon in quotes', 'size: cm', "expression: 'Age > |'", `expression: 'Age > "size: cm"'`],
    ['a comment sign', 'n #2', 'expression: Age > |', undefined],
    ['a comma', 'a, b', 'expression: Age > |', 'expression: Age > "a, b"'],
    ['a comma in brackets', 'a, b', '{ expression: Age > | }', undefined],
    ['a line break in double quotes', 'a\nb', 'expression: "Age > |"', 'expression: "Age > \\"a\\nb\\""'],
    ['a line break in single quotes', 'a\nb', "expression: 'Age > |'", undefined],
  ];
  for (const [what, name, marked, sql] of written) {
    it(`writes a name with ${what} in an expression so that it is read back, or not at all`, () => {
      const filter = (body: string): string =>
        dataset(`transforms:\n  - filter:${body.startsWith('{') ? ' ' : '\n      '}${body}`);
      const { text, offset } = cursor(filter(marked));
      const found = completionsAt(text, offset, () => awkward(name));
      const insert = found?.items[0]?.insert.replaceAll(/\\([\\$}])/g, '$1');
      const { start, end } = found?.range ?? assert.fail();
      const after = insert === undefined ? undefined : text.slice(0, start) + insert + text.slice(end);
      assert.equal(after, sql === undefined ? undefined : filter(sql));
    });
  }

  it('says how many rows have a value', () => {
    const [male] = at(dataset('schema: { columns: { Sex: { enum: [|] } } }'));
    assert.equal(male?.count, 7);
  });

  it('works without having looked at the data', () => {
    const { text, offset } = cursor(dataset('schema: { columns: { Fare: number } }\nsplit: { stratify: | }'));
    const found = completionsAt(text, offset, () => undefined);
    assert.deepEqual(
      found?.items.map(({ label }) => label),
      ['Fare'],
    );
  });
});

describe('completion of paths', () => {
  const pathAt = (marked: string) => {
    const { text, offset } = cursor(marked);
    return completionsAt(text, offset, looks)?.path;
  };

  for (const [where, marked, typed, folder] of [
    ['a source', 'datasets:\n  a:\n    source: raw/ti|', 'raw/ti', false],
    ['a source in quotes that are open', 'datasets:\n  a:\n    source: "raw/|\n    split: {}', 'raw/', false],
    ['a list of sources', 'datasets:\n  a:\n    source:\n      - raw/a.csv\n      - |', '', false],
    ['the path of a source', 'datasets:\n  a:\n    source: { path: | }', '', false],
    ['a file that is joined', dataset('transforms:\n  - join: { file: ci| }'), 'ci', false],
    ['the output, which is a folder', dataset('output: { path: | }'), '', true],
  ] as const) {
    it(`is asked for in ${where}`, () => {
      const path = pathAt(marked);
      assert.deepEqual([path?.typed, path?.folder], [typed, folder]);
    });
  }

  it('is not asked for elsewhere', () => {
    assert.equal(pathAt(dataset('title: |')), undefined);
  });

  it('offers folders first, then files of data', () => {
    const entry = (name: string, isFolder: boolean, isData: boolean) => ({ name, isFolder, isData });
    const entries = [
      entry('b.csv', false, true),
      entry('notes.txt', false, false),
      entry('sub', true, false),
      entry('.git', true, false),
    ];
    const paths = pathItems({ typed: 'raw/b', folder: false }, entries).map(({ path }) => path);
    assert.deepEqual(paths, ['raw/sub/', 'raw/b.csv']);
    assert.deepEqual(
      pathItems({ typed: '', folder: true }, entries).map(({ path }) => path),
      ['sub/'],
    );
  });

  it('is written in quotes where it needs them', () => {
    assert.equal(pathAt('datasets:\n  a:\n    source: |')?.write('raw/my # file.csv'), '"raw/my # file.csv"');
  });
});
