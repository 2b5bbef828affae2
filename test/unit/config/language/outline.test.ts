import assert from 'node:assert/strict';
import { readDocument } from '../../../../src/config/document';
import { foldsOf, symbolsOf, type ConfigSymbol } from '../../../../src/config/language';

const config = `version: 1
# all of them
# are small
defaults:
  split: { train: 0.8, test: 20% }
datasets:
  # region people
  people:
    title: People
    source: [raw/a.csv, { path: raw/b.csv }]
    schema:
      columns:
        Age: number
        Sex: { type: string, role: target }
    transforms:
      - drop_missing: { columns: [Age, Sex] }
      - derive:
          column: old
          expression: Age > 60
    checks:
      missing: 5%
    output: {
      formats: [parquet]
    }
  # endregion
  towns: { source: dataset://people }
`;

function drawn(symbols: readonly ConfigSymbol[], indent = ''): string[] {
  return symbols.flatMap(({ kind, name, detail, children }) => [
    `${indent}${kind} ${name}${detail === '' ? '' : `: ${detail}`}`,
    ...drawn(children, `${indent}  `),
  ]);
}

describe('the outline of a config', () => {
  it('has datasets with their columns, steps, split and checks', () => {
    assert.deepEqual(drawn(symbolsOf(readDocument(config))), [
      'section version: 1',
      'section defaults',
      '  split split: 0.8 / 20%',
      'dataset people: People',
      '  section title: People',
      '  source source: raw/a.csv, raw/b.csv',
      '  section schema',
      '    column Age: number',
      '    column Sex: string · target',
      '  section transforms',
      '    step drop_missing: Age, Sex',
      '    step derive: old',
      '  section checks',
      '    check missing',
      '  section output',
      'dataset towns',
      '  source source: dataset://people',
    ]);
  });

  it('spans each entry from its key to the end of its value', () => {
    const people = symbolsOf(readDocument(config)).find(({ name }) => name === 'people');
    assert.equal(config.slice(people?.selection.start, people?.selection.end), 'people');
    assert.match(config.slice(people?.range.start, people?.range.end), /^people:[\s\S]*\}$/);
  });

  it('leaves out what an alias brings from elsewhere, and reads what is broken as far as it goes', () => {
    const aliased = 'datasets:\n  a: &a { source: x }\n  b: *a\n  c: { <<: *a, title: C }\n';
    assert.deepEqual(drawn(symbolsOf(readDocument(aliased))), [
      'dataset a',
      '  source source: x',
      'dataset b',
      'dataset c: C',
      '  section title: C',
    ]);
    assert.deepEqual(drawn(symbolsOf(readDocument('datasets:\n  a:\n    source: "x\n'))), [
      'dataset a',
      '  source source: x',
    ]);
    assert.deepEqual(symbolsOf(readDocument('')), []);
  });
});

describe('folding of a config', () => {
  it('folds entries, steps, brackets, comments and regions', () => {
    const folds = foldsOf(config, readDocument(config)).map(
      ({ from, to, kind }) => `${from + 1}-${to + 1}${kind === undefined ? '' : ` ${kind}`}`,
    );
    assert.deepEqual(folds, [
      ...['2-3 comment', '4-5', '6-26', '7-25 region', '8-24', '11-14', '12-14', '15-19', '17-19', '20-21', '22-24'],
    ]);
  });

  it('folds nothing in a text of one line', () => {
    assert.deepEqual(foldsOf('{ version: 1 }', readDocument('{ version: 1 }')), []);
  });
});
