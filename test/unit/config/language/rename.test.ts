import assert from 'node:assert/strict';
import { readDocument } from '../../../../src/config/document';
import { renameColumn, renameProblem, topicAt, usesOf } from '../../../../src/config/language';
import { applied } from '../../../../src/config/language/rename';
import { cursor, dataset } from './support';

/** The text after the column at the cursor is called `name`, with doubtful places left as they are. */
function renamed(marked: string, name: string) {
  const { text, offset } = cursor(marked);
  const document = readDocument(text);
  const topic = topicAt(text, document, offset);
  assert.equal(topic?.kind, 'column', text);
  const edits = renameColumn(text, document, topic.use, name) ?? assert.fail('not renamed');
  const sure = edits.filter(({ doubtful }) => !doubtful);
  return { text: applied(text, sure), all: applied(text, edits), doubtful: edits.length - sure.length };
}

describe('renaming a column', () => {
  const columns = 'schema: { columns: { A|ge: number, Sex: string }, primaryKey: [Age] } # who\n';
  const after = 'schema: { columns: { years: number, Sex: string }, primaryKey: [years] } # who\n';
  const cases: [name: string, body: string, becomes: string][] = [
    [
      'in steps and the split',
      'transforms:\n  - drop_missing: { columns: [Age, Sex] }\nsplit: { train: 1, stratify: Age }',
      'transforms:\n  - drop_missing: { columns: [years, Sex] }\nsplit: { train: 1, stratify: years }',
    ],
    [
      'in checks',
      'checks: { missing: { columns: { Age: 5% }, where: Age > 3 }, consistency: { adult: Age > 17 } }',
      'checks: { missing: { columns: { years: 5% }, where: years > 3 }, consistency: { adult: years > 17 } }',
    ],
    [
      'as a key',
      'transforms:\n  - cast: { columns: { Age: integer } }',
      'transforms:\n  - cast: { columns: { years: integer } }',
    ],
    [
      'in SQL',
      'transforms:\n  - filter: { expression: Age > 3 AND age < 90 }',
      'transforms:\n  - filter: { expression: years > 3 AND years < 90 }',
    ],
    [
      'in SQL in quotes',
      'transforms:\n  - filter: { expression: \'"Age" > 3\' }',
      'transforms:\n  - filter: { expression: \'"years" > 3\' }',
    ],
    [
      'in SQL over several lines',
      'transforms:\n  - filter:\n      expression: |\n        Age > 3\n        -- Age\n',
      'transforms:\n  - filter:\n      expression: |\n        years > 3\n        -- Age\n',
    ],
    [
      'not where it is a text',
      "transforms:\n  - filter: { expression: Sex = 'Age' }",
      "transforms:\n  - filter: { expression: Sex = 'Age' }",
    ],
    [
      'until a step takes it away',
      "transforms:\n  - drop: { columns: Age }\n  - derive: { column: Age, expression: '1' }",
      "transforms:\n  - drop: { columns: years }\n  - derive: { column: Age, expression: '1' }",
    ],
    [
      'until a step renames it',
      'transforms:\n  - rename: { columns: { Age: a } }\n  - drop: { columns: [a] }',
      'transforms:\n  - rename: { columns: { years: a } }\n  - drop: { columns: [a] }',
    ],
    ['not the same word elsewhere', 'title: Age\nkeywords: [Age]', 'title: Age\nkeywords: [Age]'],
    [
      'with the quotes around it',
      'transforms:\n  - drop: { columns: ["Age", \'Sex\'] }',
      'transforms:\n  - drop: { columns: ["years", \'Sex\'] }',
    ],
  ];
  for (const [name, body, becomes] of cases) {
    it(`changes it ${name}`, () => {
      const { text, doubtful } = renamed(dataset(columns.replace('A|ge', 'A|ge') + body), 'years');
      assert.equal(text, dataset(after + becomes));
      assert.equal(doubtful, 0);
    });
  }

  describe('after which steps name others', () => {
    const follow: [name: string, body: string, becomes: string, doubtful: number][] = [
      [
        'those that the config tells',
        'transforms:\n  - datetime_parts: { columns: [Age], parts: [year] }\n  - derive: { column: x, expression: Age_year + 1 }\n  - drop: { columns: [Age_year] }',
        'transforms:\n  - datetime_parts: { columns: [years], parts: [year] }\n  - derive: { column: x, expression: years_year + 1 }\n  - drop: { columns: [years_year] }',
        0,
      ],
      [
        'those that are learned from the rows, for somebody to look at',
        'transforms:\n  - one_hot: { columns: [Age] }\n  - derive: { column: x, expression: Age_old + 1 }\n  - drop: { columns: [Age_old, x] }',
        'transforms:\n  - one_hot: { columns: [years] }\n  - derive: { column: x, expression: years_old + 1 }\n  - drop: { columns: [years_old, x] }',
        2,
      ],
      [
        'those of those',
        'transforms:\n  - datetime_parts: { columns: [Age], parts: [year] }\n  - one_hot: { columns: [Age_year] }\n  - drop: { columns: [Age_year_1999] }',
        'transforms:\n  - datetime_parts: { columns: [years], parts: [year] }\n  - one_hot: { columns: [years_year] }\n  - drop: { columns: [years_year_1999] }',
        1,
      ],
      [
        'none that somebody named so',
        "transforms:\n  - derive: { column: Age_x, expression: '1' }\n  - one_hot: { columns: [Age] }\n  - drop: { columns: [Age_x] }",
        "transforms:\n  - derive: { column: Age_x, expression: '1' }\n  - one_hot: { columns: [years] }\n  - drop: { columns: [Age_x] }",
        0,
      ],
    ];
    for (const [name, body, becomes, doubtful] of follow) {
      it(`changes ${name}`, () => {
        const found = renamed(dataset(columns + body), 'years');
        assert.equal(found.all, dataset(after + becomes));
        assert.equal(found.doubtful, doubtful);
      });
    }

    it('follows them into a dataset that is read from this one', () => {
      const two = (name: string) =>
        `version: 1\ndatasets:\n  a:\n    source: a.csv\n    transforms:\n      - text_length: { columns: [${name}] }\n` +
        `  b:\n    source: dataset://a\n    transforms:\n      - drop: { columns: [${name.replace('|', '')}_characters] }\n`;
      assert.equal(renamed(two('t|ext'), 'words').all, two('words'));
    });

    it('refuses one that a step names, and a name that would give another one twice', () => {
      const problem = (marked: string, name: string) => {
        const { text, offset } = cursor(marked);
        const document = readDocument(text);
        const topic = topicAt(text, document, offset);
        assert.equal(topic?.kind, 'column');
        const column = usesOf(document, topic.use) ?? assert.fail('no column');
        return renameProblem(document.data, column, name);
      };
      const body = (parts: string, drop: string) =>
        dataset(
          `schema: { columns: { years_year: integer, ${parts}: date } }\ntransforms:\n` +
            `  - datetime_parts: { columns: [Age], parts: [year] }\n  - drop: { columns: [${drop}] }`,
        );
      assert.equal(problem(body('Age', 'Age_y|ear'), 'other'), 'derived');
      assert.equal(problem(body('A|ge', 'Age_year'), 'years'), 'taken');
      assert.equal(problem(body('A|ge', 'Age_year'), 'born'), undefined);
    });
  });

  it('starts from any of its places, also in SQL', () => {
    const marked = dataset(
      'transforms:\n  - derive: { column: old, expression: A|ge > 60 }\n  - drop: { columns: [Age, old] }',
    );
    assert.equal(
      renamed(marked, 'a').text,
      dataset('transforms:\n  - derive: { column: old, expression: a > 60 }\n  - drop: { columns: [a, old] }'),
    );
  });

  it('follows a column that a step made', () => {
    const marked = dataset(
      'transforms:\n  - derive: { column: ol|d, expression: Age > 60 }\n  - drop: { columns: [Age, old] }',
    );
    assert.match(renamed(marked, 'aged').text, /column: aged.*\n.*columns: \[Age, aged\]/);
  });

  it('takes along what defaults say for all datasets', () => {
    const config =
      'defaults: { split: { train: 1, stratify: Sex } }\ndatasets:\n  a: { source: a, schema: { columns: { S|ex: string } } }\n  b: { source: b, schema: { columns: { Sex: string } } }\n  c: { source: c, split: { train: 1, group: Sex } }\n';
    const { text } = renamed(config, 'gender');
    assert.equal(text, config.replace('|', '').replaceAll('Sex', 'gender'));
  });

  it('leaves other datasets alone where nothing joins them', () => {
    const config =
      'datasets:\n  a: { source: a, schema: { columns: { S|ex: string } } }\n  b: { source: b, schema: { columns: { Sex: string } } }\n';
    assert.match(renamed(config, 'gender').text, /columns: \{ gender: string.*\n.*columns: \{ Sex: string/);
  });

  const chain = (a: string, b: string, source = 'dataset://a'): string =>
    `datasets:\n  a:\n    source: a.csv\n    ${a}\n  b:\n    source: ${source}\n    ${b}\n  c:\n    source: dataset://b/train\n    split: { train: 1, group: Sex }\n`;
  const through: [what: string, before: string, after: string][] = [
    [
      'from the dataset that reads the file on',
      chain('schema: { columns: { S|ex: string } }', 'split: { train: 1, stratify: Sex }'),
      chain('schema: { columns: { gender: string } }', 'split: { train: 1, stratify: gender }').replace(
        'Sex',
        'gender',
      ),
    ],
    [
      'back to it',
      chain('schema: { columns: { Sex: string } }', 'split: { train: 1, stratify: S|ex }'),
      chain('schema: { columns: { gender: string } }', 'split: { train: 1, stratify: gender }').replace(
        'Sex',
        'gender',
      ),
    ],
    [
      'only up to a step that takes it away',
      chain('schema: { columns: { S|ex: string } }', 'transforms:\n      - rename: { columns: { Sex: old } }'),
      chain('schema: { columns: { gender: string } }', 'transforms:\n      - rename: { columns: { gender: old } }'),
    ],
    [
      'not to a dataset that reads files too',
      chain('schema: { columns: { S|ex: string } }', 'split: { train: 1, stratify: Sex }', '[dataset://a, b.csv]'),
      chain('schema: { columns: { gender: string } }', 'split: { train: 1, stratify: Sex }', '[dataset://a, b.csv]'),
    ],
  ];
  for (const [what, before, after] of through) {
    it(`follows a column through datasets, ${what}`, () => {
      assert.equal(renamed(before, 'gender').all, after);
    });
  }

  const config = (a: string, b: string): string =>
    `datasets:\n  a:\n    source: a.csv\n${a}  b:\n    source: b.csv\n${b}`;
  const shared: [what: string, before: string, after: string][] = [
    [
      'what an alias repeats, once',
      config(
        '    schema: &s { columns: { A|ge: number }, primaryKey: Age }\n',
        '    schema: *s\n    split: { train: 1, group: Age }\n',
      ),
      config(
        '    schema: &s { columns: { years: number }, primaryKey: years }\n',
        '    schema: *s\n    split: { train: 1, group: years }\n',
      ),
    ],
    [
      'what a merge key adds',
      config(
        '    schema:\n      columns: &c { A|ge: number, Sex: string }\n',
        '    schema: { columns: { <<: *c, Id: string }, primaryKey: Age }\n',
      ),
      config(
        '    schema:\n      columns: &c { years: number, Sex: string }\n',
        '    schema: { columns: { <<: *c, Id: string }, primaryKey: years }\n',
      ),
    ],
    [
      'an expression that an alias repeats',
      dataset('transforms:\n  - filter: { expression: &e A|ge > 3 }\n  - filter: { expression: *e }\n'),
      dataset('transforms:\n  - filter: { expression: &e years > 3 }\n  - filter: { expression: *e }\n'),
    ],
  ];
  for (const [what, before, after] of shared) {
    it(`changes ${what}`, () => {
      assert.equal(renamed(before, 'years').text, after);
    });
  }

  it('refuses where an alias would change something else with it', () => {
    const { text, offset } = cursor(
      dataset('title: &t Age\nschema: { columns: { A|ge: number } }\nsplit: { train: 1, group: *t }\n'),
    );
    const document = readDocument(text);
    const topic = topicAt(text, document, offset);
    assert.ok(topic?.kind === 'column');
    assert.equal(renameColumn(text, document, topic.use, 'years'), undefined);
  });

  const inSql: [what: string, name: string, before: string, after: string][] = [
    [
      'behind the first line of a block',
      'years',
      'expression: | # Age\n  Age > 3\n',
      'expression: | # Age\n  years > 3\n',
    ],
    [
      'in a folded block',
      'years',
      'expression: >-\n  Sex = 1 AND\n  Age > 3\n',
      'expression: >-\n  Sex = 1 AND\n  years > 3\n',
    ],
    ['over lines', 'n #2', 'expression: Age > 3\n  AND Sex = 1\n', `expression: '"n #2" > 3 AND Sex = 1'\n`],
    [
      'over lines as they are',
      'n 2',
      'expression: Age > 3\n  AND Age = 1\n',
      `expression: '"n 2" > 3 AND "n 2" = 1'\n`,
    ],
    ['over lines, in the midst', 'n 2', 'expression: 3 <\n  Age\n', 'expression: 3 <\n  "n 2"\n'],
    ['in quotes, with a line break', 'a\nb', "expression: '3 < Age'\n# Age", `expression: "3 < \\"a\\nb\\""\n# Age`],
  ];
  for (const [what, name, before, after] of inSql) {
    it(`changes SQL ${what}`, () => {
      const filter = (body: string): string =>
        dataset(`transforms:\n  - filter:\n${body.replace(/^(?=.)/gm, '      ')}`);
      const text = filter(before);
      const path = ['datasets', 'a', 'transforms', 0, 'filter', 'expression'];
      const index = before.startsWith('expression: >') ? 1 : 0;
      const edits = renameColumn(text, readDocument(text), { path, part: 'value', sql: { index, sure: true } }, name);
      assert.equal(applied(text, edits ?? assert.fail('not renamed')), filter(after));
    });
  }

  it('writes a name with a line break in double quotes', () => {
    const before = dataset("schema: { columns: { A|ge: number }, primaryKey: ['Age'] }\n");
    assert.equal(
      renamed(before, 'a\nb').text,
      dataset('schema: { columns: { "a\\nb": number }, primaryKey: ["a\\nb"] }\n'),
    );
  });

  for (const [where, sql, all] of [
    ['within a query', 'sql: SELECT Age FROM input', 'sql: SELECT years FROM input'],
    [
      'as the name of a type',
      'filter: { expression: CAST(Sex AS Age) = 1 }',
      'filter: { expression: CAST(Sex AS years) = 1 }',
    ],
    ['as a field of a row', 'filter: { expression: person.Age = 1 }', 'filter: { expression: person.years = 1 }'],
    ['as a function', 'filter: { expression: Age(Sex) = 1 }', 'filter: { expression: years(Sex) = 1 }'],
  ] as const) {
    it(`asks where SQL may mean something else: ${where}`, () => {
      const found = renamed(dataset(`${columns}transforms:\n  - ${sql}`), 'years');
      assert.deepEqual([found.text, found.doubtful], [dataset(`${after}transforms:\n  - ${sql}`), 1]);
      assert.equal(found.all, dataset(`${after}transforms:\n  - ${all}`));
    });
  }

  it('writes a name that needs quotes with them, and the SQL it stands in', () => {
    const marked = dataset('schema: { columns: { A|ge: number } }\ntransforms:\n  - filter: { expression: Age > 3 }');
    assert.equal(
      renamed(marked, 'my: age').text,
      dataset('schema: { columns: { "my: age": number } }\ntransforms:\n  - filter: { expression: \'"my: age" > 3\' }'),
    );
  });

  it('refuses a name that is empty or taken', () => {
    const document = readDocument(dataset('schema: { columns: { Age: number, Sex: string } }'));
    const column = usesOf(document, { path: ['datasets', 'a', 'schema', 'columns', 'Age'], part: 'key' });
    assert.ok(column);
    assert.deepEqual(
      ['', 'sex', 'Age', 'years'].map((name) => renameProblem(document.data, column, name)),
      ['empty', 'taken', undefined, undefined],
    );
  });

  const twoDatasets =
    'datasets:\n  a: { source: a, split: { train: 1, group: I|d } }\n  b: { source: b, schema: { columns: { Id: string, Sex: string } } }\n';
  const clashes: [what: string, marked: string, name: string, problem: string | undefined][] = [
    [
      'a column that a step makes',
      dataset("schema: { columns: { A|ge: number } }\ntransforms:\n  - derive: { column: old, expression: '1' }"),
      'old',
      'taken',
    ],
    [
      'a column that is only used',
      dataset('schema: { columns: { A|ge: number } }\nsplit: { train: 1, group: Sex }'),
      'Sex',
      'taken',
    ],
    ['a column in the same expression', dataset('transforms:\n  - filter: { expression: A|ge > Sex }'), 'Sex', 'taken'],
    ['a column of another dataset: none', twoDatasets, 'Sex', undefined],
    [
      'a column of a dataset that shares it',
      `defaults: { split: { train: 1, stratify: Id } }\n${twoDatasets}`,
      'Sex',
      'taken',
    ],
    [
      'the key of another dataset',
      'datasets:\n  a: { source: a, schema: { columns: { I|d: string } } }\n  b: { source: b, schema: { foreignKeys: [{ fields: x, reference: { resource: a, fields: [Id] } }] } }\n',
      'key',
      'referenced',
    ],
    [
      'a join of another dataset',
      'datasets:\n  a: { source: a, schema: { columns: { I|d: string } } }\n  b: { source: b, transforms: [{ join: { dataset: a/train, on: { x: Id } } }] }\n',
      'key',
      'referenced',
    ],
    [
      'a join whose name is that of both sides',
      dataset('schema: { columns: { I|d: string } }\ntransforms:\n  - join: { file: b.csv, on: Id }'),
      'key',
      'referenced',
    ],
    [
      'a join that names its own side: none',
      dataset('schema: { columns: { I|d: string } }\ntransforms:\n  - join: { file: b.csv, on: { Id: id } }'),
      'key',
      undefined,
    ],
  ];
  for (const [what, marked, name, problem] of clashes) {
    it(`sees a clash with ${what}`, () => {
      const { text, offset } = cursor(marked);
      const document = readDocument(text);
      const topic = topicAt(text, document, offset);
      assert.ok(topic?.kind === 'column');
      const column = usesOf(document, topic.use) ?? assert.fail('no column');
      assert.equal(renameProblem(document.data, column, name), problem);
    });
  }

  it('does nothing in a text that is no YAML', () => {
    const { text, offset } = cursor(dataset('schema: { columns: { A|ge: number }'));
    const document = readDocument(text);
    const topic = topicAt(text, document, offset);
    assert.ok(topic?.kind === 'column');
    assert.equal(renameColumn(text, document, topic.use, 'years'), undefined);
  });
});

describe('what a place of a config is about', () => {
  const cases: [name: string, marked: string, topic: object][] = [
    ['a key', dataset('spl|it: { train: 1 }'), { kind: 'key', key: 'split' }],
    [
      'a value, of its key',
      dataset('transforms:\n  - fill_missing: { columns: a, strategy: med|ian }'),
      { kind: 'key', key: 'strategy' },
    ],
    ['a transform', dataset('transforms:\n  - sor|t: { by: a }'), { kind: 'key', key: 'sort' }],
    ['an item, of its list', dataset('keywords: [a, b|]'), { kind: 'key', key: 'keywords' }],
    ['a declared column', dataset('schema:\n  columns:\n    "A|ge": number'), { kind: 'column', name: 'Age' }],
    ['a column in a step', dataset('transforms:\n  - drop: { columns: [A|ge] }'), { kind: 'column', name: 'Age' }],
    [
      'a column in SQL',
      dataset('transforms:\n  - filter: { expression: 3 < "my ag|e" }'),
      { kind: 'column', name: 'my age' },
    ],
    [
      'a column in a block of SQL',
      dataset('transforms:\n  - filter:\n      expression: > # old\n        Age > 3 AND S|ex = 1\n'),
      {
        kind: 'column',
        name: 'Sex',
        use: {
          path: ['datasets', 'a', 'transforms', 0, 'filter', 'expression'],
          part: 'value',
          sql: { index: 1, sure: true },
        },
      },
    ],
    [
      'a column with a threshold of its own',
      dataset('checks: { missing: { columns: { A|ge: 5% } } }'),
      { kind: 'column', name: 'Age' },
    ],
    ['a dataset', 'datasets:\n  a|: { source: x }', { kind: 'dataset', name: 'a' }],
    [
      'another dataset',
      'datasets:\n  a: { source: dataset://b/tr|ain }',
      { kind: 'source', source: { dataset: 'b', split: 'train' } },
    ],
    [
      'a dataset in a step',
      dataset('transforms:\n  - union: { dataset: [b, c|] }'),
      { kind: 'source', source: { dataset: 'c' } },
    ],
    ['a path', 'datasets:\n  a: { source: raw/*|.csv }', { kind: 'path', path: 'raw/*.csv' }],
  ];
  for (const [name, marked, topic] of cases) {
    it(`tells ${name}`, () => {
      const { text, offset } = cursor(marked);
      const found = topicAt(text, readDocument(text), offset);
      assert.deepEqual({ ...found, ...topic }, found, JSON.stringify(found));
    });
  }

  for (const [name, marked] of [
    ['white space', 'datasets:|  \n'],
    ['a comment', '# a|b\nversion: 1'],
    ['a word of SQL', dataset('transforms:\n  - filter: { expression: a is nu|ll }')],
    ['an empty file', '|'],
  ] as const) {
    it(`has nothing to say of ${name}`, () => {
      const { text, offset } = cursor(marked);
      const found = topicAt(text, readDocument(text), offset);
      assert.ok(found === undefined || found.kind === 'key', JSON.stringify(found));
    });
  }
});
