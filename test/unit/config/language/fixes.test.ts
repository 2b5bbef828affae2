import assert from 'node:assert/strict';
import { parseConfig } from '../../../../src/config';
import { readDocument } from '../../../../src/config/document';
import { differenceOf, fixAll, fixesFor, rangesAt } from '../../../../src/config/language';
import type { Finding } from '../../../../src/protocol';
import { dataset, look, looks } from './support';

/** The texts that the fixes of the only finding of a config lead to, likeliest first. */
function fixed(text: string): string[] {
  const { findings } = parseConfig(text, 'f');
  assert.equal(findings.length, 1, JSON.stringify(findings));
  return findings.flatMap((finding) => fixesFor(finding, text, looks).map((fix) => fix.text));
}

describe('fixes of a config', () => {
  const cases: [name: string, before: string, after: string][] = [
    ['a misspelt key', 'spilt: { train: 1 } # shares', 'split: { train: 1 } # shares'],
    ['a misspelt key in quotes', "'spilt': { train: 1 }", "'split': { train: 1 }"],
    ['a misspelt transform', 'transforms:\n  - one_hott: { columns: a }', 'transforms:\n  - one_hot: { columns: a }'],
    ['a misspelt choice', 'schema: { extraColumns: ignor }', 'schema: { extraColumns: ignore }'],
    ['a misspelt type', 'schema: { columns: { A: nubmer } }', 'schema: { columns: { A: number } }'],
    ['a misspelt item', 'output: { formats: [parqet] }', 'output: { formats: [parquet] }'],
    ['a number for text', 'title: 2024 # year', 'title: "2024" # year'],
    ['a number for text in a list', 'keywords: [1.0, b]', 'keywords: ["1.0", b]'],
    ['text for a number', 'split: { train: 1, seed: "7" }', 'split: { train: 1, seed: 7 }'],
    [
      'text for a flag',
      'schema: { columns: { A: { required: "true" } } }',
      'schema: { columns: { A: { required: true } } }',
    ],
    ['a backslash', 'split: { indices: raw\\i.csv }', 'split: { indices: raw/i.csv }'],
    [
      'a number in an enum of texts',
      'schema: { columns: { A: { type: string, enum: [a, 1] } } }',
      'schema: { columns: { A: { type: string, enum: [a, "1"] } } }',
    ],
    [
      'text in an enum of flags',
      'schema: { columns: { A: { type: boolean, enum: ["true", false] } } }',
      'schema: { columns: { A: { type: boolean, enum: [true, false] } } }',
    ],
    [
      'a constraint of another type',
      'schema:\n  columns:\n    A:\n      type: integer\n      minLength: 3',
      'schema:\n  columns:\n    A:\n      type: integer\n',
    ],
    [
      'bounds that are exchanged',
      'schema: { columns: { A: { type: number, minimum: 9, maximum: 1 } } }',
      'schema: { columns: { A: { type: number, minimum: 1, maximum: 9 } } }',
    ],
    [
      'a misspelt column',
      'schema: { columns: { Fare: number }, primaryKey: [Far] }',
      'schema: { columns: { Fare: number }, primaryKey: [Fare] }',
    ],
    [
      'a misspelt column in a step',
      'schema: { columns: { Fare: number }, extraColumns: error }\ntransforms:\n  - drop: { columns: [Far] }',
      'schema: { columns: { Fare: number }, extraColumns: error }\ntransforms:\n  - drop: { columns: [Fare] }',
    ],
  ];
  for (const [name, before, after] of cases) {
    it(`mends ${name}, and changes nothing else`, () => {
      assert.equal(fixed(dataset(before))[0]?.trimEnd(), dataset(after).trimEnd());
    });
  }

  for (const [name, before, after] of [
    ['the version', 'datasets: { a: { source: x } }\n', 'version: 1\ndatasets: { a: { source: x } }\n'],
    [
      'the version below the beginning of a document',
      '---\ndatasets: { a: { source: x } }\n',
      '---\ndatasets: { a: { source: x } }\nversion: 1\n',
    ],
    [
      'the version below a directive',
      '%YAML 1.2\n---\ndatasets: { a: { source: x } }\n',
      '%YAML 1.2\n---\ndatasets: { a: { source: x } }\nversion: 1\n',
    ],
    [
      'the version in brackets',
      '{ datasets: { a: { source: x } } }\n',
      '{ datasets: { a: { source: x } }, version: 1 }\n',
    ],
    [
      'the version of a map that is indented',
      '  datasets: { a: { source: x } }\n',
      '  datasets: { a: { source: x } }\n  version: 1\n',
    ],
    [
      'the version in quotes',
      'version: "1"\ndatasets: { a: { source: x } }\n',
      'version: 1\ndatasets: { a: { source: x } }\n',
    ],
    [
      'the name of a dataset',
      'version: 1\ndatasets:\n  towns: { source: x }\n  b: { source: dataset://twons }\n',
      'version: 1\ndatasets:\n  towns: { source: x }\n  b: { source: dataset://towns }\n',
    ],
  ] as const) {
    it(`mends ${name}`, () => {
      assert.equal(fixed(before)[0], after);
    });
  }

  it('has none where it cannot know what was meant', () => {
    assert.deepEqual(fixed(dataset('wibble: 1')), []);
    assert.deepEqual(fixed(dataset('split: { train: 0.5 }')), []);
  });

  it('mends all at once what is beyond doubt, and only that', () => {
    const before = dataset('title: 1\nkeywords: [2, a] # words\nSchema: { extra_columns: warn }\nspilt: {}\n');
    assert.equal(
      fixAll(before),
      dataset('title: "1"\nkeywords: ["2", a] # words\nschema: { extraColumns: warn }\nspilt: {}\n'),
    );
    assert.equal(fixAll(dataset('spilt: {}\n')), undefined);
  });

  it('mends nothing where all fixes together would break the text', () => {
    assert.equal(fixAll(dataset('Split: { train: 1 }\nSPLIT: { train: 1 }\n')), undefined);
  });
});

describe('fixes of what the data contradicts', () => {
  const finding = (code: string, path: readonly (string | number)[], more: Partial<Finding> = {}): Finding => ({
    ...{ code, severity: 'error', message: '', dataset: 'a', configPath: ['datasets', 'a', ...path] },
    ...more,
  });
  const column = (name: string): string[] => ['schema', 'columns', name];
  const cases: [name: string, before: string, found: Finding, ...after: string[]][] = [
    [
      'a declared column that is not there, and one that is',
      'schema: { columns: { Agee: number }, primaryKey: Agee }',
      finding('column-missing', column('Agee')),
      'schema: { columns: { Age: number }, primaryKey: Age }',
      'schema: { columns: { Agee: { type: number, required: false } }, primaryKey: Agee }',
    ],
    [
      'a declared column that is not there',
      'schema:\n  columns:\n    Fare: # paid\n      type: number',
      finding('column-missing', column('Fare')),
      'schema:\n  columns:\n    Fare: # paid\n      type: number\n      required: false\n',
    ],
    [
      'a column that is not declared',
      'schema:\n  columns:\n    Age: number # years\n  extraColumns: error\n',
      finding('column-extra', ['schema', 'extraColumns'], { column: 'Sex' }),
      'schema:\n  columns:\n    Age: number # years\n    Sex: string\n  extraColumns: error\n',
    ],
    [
      'values that are no numbers',
      'schema: { columns: { Sex: number } }',
      finding('cast-failed', column('Sex')),
      'schema: { columns: { Sex: string } }',
      'schema: { columns: { Sex: number }, onError: quarantine }',
    ],
    [
      'cells that cannot be read',
      'schema:\n  onError: fail # for now\n',
      finding('record-too-short', ['source']),
      'schema:\n  onError: quarantine # for now\n',
    ],
    [
      'values that are missing',
      'schema: { columns: { Age: { type: number, required: true } } }',
      finding('constraint-required', [...column('Age'), 'required']),
      'schema: { columns: { Age: { type: number, required: false } } }',
    ],
    [
      'values outside an enum',
      'schema: { columns: { Sex: { enum: [male] } } }',
      finding('constraint-enum', [...column('Sex'), 'enum']),
      'schema: { columns: { Sex: { enum: [male, female] } } }',
    ],
    [
      'values outside an enum of lines',
      'schema:\n  columns:\n    Class:\n      enum:\n        - 3 # third\n      type: integer\n',
      finding('constraint-enum', [...column('Class'), 'enum']),
      'schema:\n  columns:\n    Class:\n      enum:\n        - 3 # third\n        - 1\n      type: integer\n',
    ],
    [
      'a value that no row has',
      'schema: { columns: { Sex: { enum: [male, femal] } } }',
      finding('enum-unseen', [...column('Sex'), 'enum', 1]),
      'schema: { columns: { Sex: { enum: [male, female] } } }',
    ],
    [
      'a bound that is too narrow',
      'schema: { columns: { Age: { type: number, maximum: 70 } } }',
      finding('constraint-maximum', [...column('Age'), 'maximum']),
      'schema: { columns: { Age: { type: number, maximum: 80 } } }',
    ],
    [
      'a constraint in brackets, and nothing around it',
      'title:   two  # spaces\nschema: { columns: { Age: { type: integer, minLength: 3 } } }',
      finding('constraint-type', [...column('Age'), 'minLength']),
      'title:   two  # spaces\nschema: { columns: { Age: { type: integer } } }',
    ],
    [
      'a column in brackets with a comment',
      'title:   two  # spaces\nschema:\n  columns:\n    Fare: {\n      type: number # paid\n    }',
      finding('column-missing', column('Fare')),
      'title:   two  # spaces\nschema:\n  columns:\n    Fare: {\n      type: number, required: false # paid\n    }',
    ],
    [
      'no enum by a sample that may be cut',
      'schema: { columns: { Fare: { enum: [a] } } }',
      finding('constraint-enum', [...column('Fare'), 'enum'], { samples: ['x'.repeat(200)] }),
    ],
    [
      'a bound of a column nobody looked at',
      'schema: { columns: { Fare: { type: number, minimum: 5 } } }',
      finding('constraint-minimum', [...column('Fare'), 'minimum'], { count: 2, samples: ['3', '-1'] }),
      'schema: { columns: { Fare: { type: number, minimum: -1 } } }',
    ],
    [
      'a column of the split that is not there',
      'split: { train: 1, stratify: Sexx }',
      finding('split-column-missing', ['split', 'stratify']),
      'split: { train: 1, stratify: Sex }',
    ],
    [
      'a column of a step that is not there',
      'transforms:\n  - sort: { by: [Agee] }',
      finding('transform-column', ['transforms', 0, 'sort', 'by', 0]),
      'transforms:\n  - sort: { by: [Age] }',
    ],
    [
      'a key of a step that names no column',
      'transforms:\n  - cast: { columns: { Agee: integer } }',
      finding('transform-column', ['transforms', 0, 'cast', 'columns', 'Agee']),
      'transforms:\n  - cast: { columns: { Age: integer } }',
    ],
  ];
  for (const [name, before, found, ...after] of cases) {
    it(`mends ${name}`, () => {
      const fixes = fixesFor(found, dataset(before), looks).map(({ text }) => text.trimEnd());
      assert.deepEqual(
        fixes,
        after.map((text) => dataset(text).trimEnd()),
      );
    });
  }

  it('changes the column where it is declared, in defaults', () => {
    const text =
      'version: 1\ndefaults: { schema: { columns: { Age: { maximum: 70 } } } }\ndatasets: { a: { source: x } }\n';
    const [fix] = fixesFor(finding('constraint-maximum', [...column('Age'), 'maximum']), text, looks);
    assert.equal(fix?.text, text.replace('70', '80'));
  });

  for (const max of ['Infinity', 'inf', 'nan']) {
    it(`does not widen a bound to ${max}`, () => {
      const columns = [{ name: 'Age', type: 'number', nulls: 0, distinct: 2, max }] as const;
      const text = dataset('schema: { columns: { Age: { type: number, maximum: 70 } } }');
      const found = finding('constraint-maximum', [...column('Age'), 'maximum']);
      const fixes = fixesFor(found, text, () => ({ ...look, columns }));
      assert.deepEqual(fixes, []);
    });
  }

  it('does not widen a bound by samples that are not all', () => {
    const found = finding('constraint-minimum', [...column('Fare'), 'minimum'], { count: 20, samples: ['3'] });
    assert.deepEqual(fixesFor(found, dataset('schema: { columns: { Fare: { minimum: 5 } } }'), looks), []);
  });

  it('has none for a finding that is nowhere in the config', () => {
    assert.deepEqual(fixesFor({ code: 'cast-failed', severity: 'error', message: '' }, dataset(''), looks), []);
  });
});

describe('the places where a fix is offered', () => {
  for (const [what, path, places] of [
    ['the root: none but where the finding stands', [], []],
    ['a section: its key', ['datasets', 'a', 'schema'], ['schema']],
    ['a value: also its key', ['datasets', 'a', 'title'], ['title', 'x']],
    ['a list on one line: also its key', ['datasets', 'a', 'keywords'], ['keywords', '[b]']],
    ['what is not there: the key of what it misses in', ['datasets', 'a', 'schema', 'onError'], ['schema']],
  ] as const) {
    it(`are of ${what}`, () => {
      const text = dataset('title: x\nkeywords: [b]\nschema:\n  columns:\n    Age: number\n');
      const ranges = rangesAt(text, readDocument(text), [...path]);
      assert.deepEqual(
        ranges.map(({ start, end }) => text.slice(start, end)),
        places,
      );
    });
  }
});

describe('the difference of two texts', () => {
  for (const [before, after, start, end, text] of [
    ['abc', 'aXc', 1, 2, 'X'],
    ['aa', 'aaa', 2, 2, 'a'],
    ['same', 'same', 4, 4, ''],
    ['', 'new', 0, 0, 'new'],
  ] as const) {
    it(`of ${before || 'nothing'} and ${after} is as small as can be`, () => {
      assert.deepEqual(differenceOf(before, after), { range: { start, end }, text });
    });
  }
});
