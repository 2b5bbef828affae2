/** The list of columns: what it shows, in what order, and how each is drawn in small. */
import assert from 'node:assert/strict';
import type { ProfileColumn } from '../../../src/protocol';
import { kinds, sortKeys, visibleColumns, wholeList } from '../../../webview/profile/columnFilter';
import type { ColumnView } from '../../../webview/profile/columnFilter';
import { allFigures, shortFigures } from '../../../webview/profile/figures';
import { sparkline, sparklinePath } from '../../../webview/profile/sparkline';
import { ROWS, sampleProfile, wideProfile } from './profileSample';

const { columns } = sampleProfile();
const named = (name: string): ProfileColumn => columns.find((column) => column.name === name)!;
const seen = (view: Partial<ColumnView>): string[] =>
  visibleColumns(columns, { ...wholeList, ...view }).map(({ name }) => name.slice(0, 20));

describe('the list of columns', () => {
  const cases: readonly (readonly [what: string, view: Partial<ColumnView>, names: readonly string[]])[] = [
    ['finds names in any letter case', { search: 'ARE' }, ['Fare']],
    ['shows columns of the chosen types', { types: ['boolean', 'struct'] }, ['Survived', 'address']],
    ['shows columns with one of the chosen alerts', { alerts: ['skewed', 'missing-values'] }, ['Age', 'Fare', 'Cabin']],
    ['takes all conditions together', { types: ['numeric'], alerts: ['missing-values'] }, ['Age']],
    ['puts the worst alerts first', { sort: 'alerts', alerts: ['skewed', 'missing-values'] }, ['Cabin', 'Age', 'Fare']],
    [
      'puts the most skewed first, and those that cannot be last',
      { sort: 'skewness', search: 'a', types: ['numeric', 'categorical'] },
      ['Fare', 'Age', '<img src=x onerror=a', 'Embarked', 'Cabin'],
    ],
  ];
  for (const [what, view, names] of cases) it(what, () => assert.deepEqual(seen(view), names));

  it('sorts thousands of columns by everything it offers', () => {
    const wide = wideProfile(5000).columns;
    for (const sort of sortKeys) assert.equal(visibleColumns(wide, { ...wholeList, sort }).length, 5000, sort);
  });

  it('offers the types and alerts that there are, the most frequent first', () => {
    const { types, alerts } = kinds(columns);
    assert.deepEqual(types.slice(0, 2), [
      { value: 'categorical', count: 3 },
      { value: 'identifier', count: 3 },
    ]);
    assert.deepEqual(alerts, [
      { value: 'missing-values', count: 2 },
      { value: 'skewed', count: 1 },
    ]);
  });

  it('shows at most three figures of a column, those that matter for its type', () => {
    const words = (name: string): string =>
      shortFigures(named(name))
        .map(({ label, value }) => `${label} ${value}`.trim())
        .join(' · ');
    assert.equal(words('Age'), 'mean 29.7 · sd 14.53 · 0.42 – 80');
    assert.equal(words('Survived'), 'true 38.4 %');
    assert.equal(words('Embarked'), 'distinct 41 · Southampton 64.1 %');
    assert.equal(words('vector'), 'dimensions 384 · mean norm 1');
    assert.equal(words('photo'), 'median 800 × 600 px');
    assert.ok(columns.every((column) => shortFigures(column).length <= 3));
  });

  it('keeps every figure of a column with its full value and the name by which it may be an estimate', () => {
    const figures = allFigures(named('Fare'), ROWS).flatMap((group) => group.figures);
    assert.deepEqual(
      figures.find(({ label }) => label === 'mean'),
      { label: 'mean', value: '29.7', title: '29.699117647', key: 'numeric.mean' },
    );
    assert.equal(figures.filter(({ key }) => key === 'numeric.quantiles').length, 7);
  });
});

describe('the small drawing of a column', () => {
  it('never has more bars than there is room for, and loses no row', () => {
    const column = named('Age');
    const counts = Array.from({ length: 100 }, () => 1);
    const numeric = { ...column.numeric!, histogram: { edges: counts.map((_, at) => at).concat(100), counts } };
    const { heights } = sparkline({ ...column, numeric });
    assert.equal(heights.length, 20);
    assert.ok(heights.every((height) => height === 1));
  });

  it('leaves out what is not there, and shows what is, however little', () => {
    const path = sparklinePath({ heights: [1, 0, 0.0001], apart: false, missing: 0 });
    assert.equal((path.match(/M/g) ?? []).length, 2);
    assert.match(path, /v-1h/);
  });

  it('gives what is missing its share of the width', () => {
    assert.match(sparklinePath({ heights: [1], apart: false, missing: 0.5 }), /^M48 24/);
  });
});
