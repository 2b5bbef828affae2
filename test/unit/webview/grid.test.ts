/** The pure parts of the data grid: where rows are, which columns are in sight, what is copied, where keys lead. */
import assert from 'node:assert/strict';
import type { GridColumn } from '../../../src/protocol';
import { columnsInSight, fittingWidth, noLayout, placeColumns } from '../../../webview/shared/grid/columns';
import { copied, type CopiedRow } from '../../../webview/shared/grid/copy';
import { MAX_HEIGHT, scrollMap, topShowing } from '../../../webview/shared/grid/scroll';
import { moved, rangeOf, selected, start, type Selection } from '../../../webview/shared/grid/selection';
import { shownValue, visibleLines } from '../../../webview/shared/grid/values';

const column = (name: string, type: GridColumn['type'] = 'string'): GridColumn => ({
  name,
  type,
  physicalType: 'VARCHAR',
  image: false,
});

describe('scrolling', () => {
  it('is pixel by pixel where all rows fit', () => {
    const map = scrollMap(1000, 24, 600);
    assert.deepEqual([map.height, map.scaled, map.maxTop], [24_000, false, 23_400]);
    assert.deepEqual([map.toTop(1234), map.toScroll(1234)], [1234, 1234]);
  });

  it('reaches the first and the last of ten million rows, and comes back to where it was', () => {
    const map = scrollMap(10_000_000, 24, 600);
    assert.deepEqual([map.height, map.scaled], [MAX_HEIGHT, true]);
    assert.deepEqual([map.toTop(0), map.toTop(map.height - 600)], [0, 240_000_000 - 600]);
    for (const top of [0, 12_345_678, 239_999_400]) assert.ok(Math.abs(map.toTop(map.toScroll(top)) - top) < 1e-3);
  });

  it('never leaves the rows', () => {
    const map = scrollMap(3, 24, 600);
    assert.deepEqual([map.maxTop, map.toTop(500), map.toScroll(500)], [0, 0, 0]);
    assert.deepEqual(scrollMap(0, 24, 600).height, 0);
  });

  it('moves no farther than it takes to show a row', () => {
    assert.deepEqual(
      [topShowing(0, 100, 24, 240), topShowing(5, 100, 24, 240), topShowing(20, 100, 24, 240)],
      [0, 100, 264],
    );
  });
});

describe('columns', () => {
  const many = Array.from({ length: 5000 }, (_, index) => column(`c${index}`));

  it('are drawn only where they are in sight; pinned ones stand first and always are', () => {
    const columns = placeColumns(many, { ...noLayout, pinned: ['c4000'], hidden: ['c1'] });
    assert.deepEqual([columns.placed.length, columns.pinnedWidth, columns.width], [4999, 140, 4998 * 140]);
    assert.deepEqual(
      columnsInSight(columns, 140 * 100, 140 * 102).map(({ column: { name } }) => name),
      ['c4000', 'c101', 'c102'],
    );
    assert.deepEqual(
      columnsInSight(columns, 0, 10).map(({ index }) => index),
      [4000, 0],
    );
  });

  it('are as wide as what they hold, within reason', () => {
    assert.deepEqual([fittingWidth('x', ['1'], 8), fittingWidth('x', ['y'.repeat(1000)], 8)], [72, 360]);
  });
});

describe('values', () => {
  const cases: readonly (readonly [string | null, boolean, string, string])[] = [
    [null, false, 'null', 'null'],
    ['null', false, 'value', 'null'],
    ['', false, 'empty', '""'],
    [' \u3000\t', false, 'blank', '␣\u3000␉'],
    ['NaN', true, 'nan', 'NaN'],
    ['NaN', false, 'value', 'NaN'],
    ['a\u202eb\u001b[31m', false, 'value', 'a⟨202E⟩b␛[31m'],
  ];
  for (const [value, isNumber, kind, text] of cases) {
    it(`${JSON.stringify(value)} of a ${isNumber ? 'number' : 'text'} is shown as ${kind}: ${text}`, () => {
      assert.deepEqual(shownValue(value, isNumber), { kind, text });
    });
  }

  it('in full keep their lines, and nested ones are indented', () => {
    assert.equal(visibleLines('a\n\u0007b', false), 'a\n␇b');
    assert.equal(visibleLines('{"a":[1]}', true), '{\n  "a": [\n    1\n  ]\n}');
    assert.equal(visibleLines('{"a":[1', true), '{"a":[1');
  });
});

describe('copies', () => {
  const columns = [column('id', 'integer'), column('a "name", too'), column('n', 'number'), column('list', 'array')];
  const rows: readonly CopiedRow[] = [
    ['9223372036854775807', 'x\ty', '1.50', '[1,null]'],
    [null, '', 'NaN', null],
    ['2', '<b>|*', '1e+300', '[nan'],
  ];
  it('as text go into a spreadsheet; one cell is its text', () => {
    assert.equal(
      copied('plain', columns, rows),
      '9223372036854775807\t"x\ty"\t1.50\t[1,null]\n\t\tNaN\t\n2\t<b>|*\t1e+300\t[nan',
    );
    assert.equal(copied('plain', columns, [['a\n"b"']]), 'a\n"b"');
    assert.equal(copied('plain', columns, [[null]]), '');
  });
  it('as CSV tell empty texts from missing values', () => {
    assert.equal(
      copied('csv', columns, rows),
      'id,"a ""name"", too",n,list\n9223372036854775807,x\ty,1.50,"[1,null]"\n,"",NaN,\n2,<b>|*,1e+300,[nan\n',
    );
  });
  it('as JSON keep all digits and nested values, and can be read', () => {
    const text = copied('json', columns, rows);
    assert.ok(text.includes('"id": 9223372036854775807') && text.includes('"n": 1.50'));
    assert.deepEqual((JSON.parse(text) as Record<string, unknown>[]).slice(1), [
      { id: null, 'a "name", too': '', n: 'NaN', list: null },
      { id: 2, 'a "name", too': '<b>|*', n: 1e300, list: '[nan' },
    ]);
    assert.equal(copied('json', columns, []), '[]\n');
  });
  it('as Markdown are a table in which nothing is markup', () => {
    assert.equal(
      copied('markdown', columns.slice(1, 3), [['<b>|*\nx', '1']]),
      '| a "name", too | n |\n| --- | --: |\n| \\<b\\>\\|\\*<br>x | 1 |\n',
    );
  });
});

describe('the keyboard', () => {
  const extent = { rows: 100, columns: 5, page: 10 };
  const at = (row: number, column: number): Selection => selected(start, { row, column }, extent, false);
  const cases: readonly (readonly [key: string, from: readonly [number, number], to: readonly [number, number]])[] = [
    ['ArrowDown', [0, 0], [1, 0]],
    ['ArrowDown', [99, 0], [99, 0]],
    ['ArrowUp', [0, 2], [-1, 2]],
    ['ArrowUp', [-1, 2], [-1, 2]],
    ['ArrowRight', [3, 4], [3, 4]],
    ['Ctrl+ArrowLeft', [3, 4], [3, 0]],
    ['PageDown', [95, 1], [99, 1]],
    ['PageUp', [5, 1], [0, 1]],
    ['Home', [7, 3], [7, 0]],
    ['End', [7, 3], [7, 4]],
    ['Ctrl+Home', [7, 3], [0, 0]],
    ['Ctrl+End', [7, 3], [99, 4]],
  ];
  for (const [keys, [row, column], [toRow, toColumn]] of cases) {
    it(`goes with ${keys} from ${row}, ${column} to ${toRow}, ${toColumn}`, () => {
      const key = { key: keys.replace('Ctrl+', ''), ctrl: keys.startsWith('Ctrl+'), shift: false };
      assert.deepEqual(moved(at(row, column), key, extent)?.active, { row: toRow, column: toColumn });
    });
  }

  it('extends the selection with the shift key, and leaves the header out of it', () => {
    const down = moved(at(2, 2), { key: 'ArrowDown', ctrl: false, shift: true }, extent);
    assert.ok(down);
    const left = moved(down, { key: 'ArrowLeft', ctrl: false, shift: true }, extent);
    assert.ok(left);
    assert.deepEqual(rangeOf(left, 5), { firstRow: 2, lastRow: 3, firstColumn: 1, lastColumn: 2 });
    const up = moved(at(0, 2), { key: 'ArrowUp', ctrl: false, shift: true }, extent);
    assert.deepEqual(up?.active, { row: 0, column: 2 });
  });

  it('does nothing with other keys', () => {
    assert.equal(moved(start, { key: 'x', ctrl: false, shift: false }, extent), undefined);
  });
});
