import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/config';

const columns = 'schema: { extraColumns: error, columns: { id: integer, name: string, x: number, y: string } }';

/** Findings of a dataset with these steps, as `line: code: message`; the first step is on line 6. */
function findings(steps: string, more = columns): string[] {
  const text = `version: 1\ndatasets:\n  d:\n    source: a.csv\n    transforms:\n${steps.replace(/^/gm, '      ')}\n${more.replace(/^/gm, '    ')}\n`;
  return parseConfig(text, 'c').findings.map(
    ({ code, message, locations }) => `${locations?.[0]?.line}: ${code}: ${message}`,
  );
}

describe('config: steps', () => {
  for (const [name, steps, expected, more] of [
    ['are taken one per item', '- drop: { columns: name }\n- select: { columns: [id, x] }', []],
    [
      'are found where several share an item',
      '- { drop: { columns: x }, select: { columns: id } }',
      ['6: transform-step: This step has 2 transforms.'],
    ],
    ['are not empty', '- {}', ['6: transform-step: This step is empty.']],
    [
      'are told by their nearest name',
      '- dorp: { columns: x }',
      ['6: unknown-key: Unknown key `dorp`. Did you mean `drop`?'],
    ],
    [
      'sort by columns that are there, have an order, and are named once',
      '- sort: { by: [nmae, { column: id, order: desc }, id] }',
      [
        '6: transform-column: There is no column `nmae` at this step.',
        '6: transform-step: The rows are sorted by `id` twice; the second time, as key 3, does nothing.',
      ],
    ],
    [
      'join with something, by columns that are there, under names that are free',
      '- join: { on: { nmae: id } }\n- join: { file: b.csv, on: {} }\n- join: { file: b.csv, on: id, columns: [x, z] }\n- join: { file: b.csv, on: id, columns: z }',
      [
        '6: transform-step: `join` does not say with what.',
        '6: transform-column: There is no column `nmae` at this step.',
        '7: transform-step: `join` has no columns that have to agree.',
        '8: transform-column: There already is a column `x`.',
        '9: transform-column: There already is a column `z`.',
      ],
    ],
    [
      'may name columns that a join or a query brings',
      '- sql: SELECT 1 AS one FROM input\n- drop: { columns: two }',
      [],
    ],
    [
      'unite with files or datasets, not both',
      '- union: { file: b.csv, dataset: e }',
      ['6: transform-step: `file` and `dataset` exclude each other.', '6: unknown-dataset: There is no dataset `e`.'],
    ],
    [
      'make no other rows once anything has learned; a sort is welcome',
      '- standard_scale: { columns: x }\n- sort: { by: x }\n- union: { file: b.csv }',
      ['8: transform-order: `union` makes other rows after `standard_scale` has learned from them.'],
    ],
    [
      'make no rows without numbers where the split is about numbers',
      '- sql: SELECT * FROM input',
      [
        '6: transform-step: After `sql` rows have no numbers in files any more, which `writeIndices` of the split is about.',
      ],
      `${columns}\nsplit: { train: 0.5, test: 0.5, writeIndices: true }`,
    ],
    [
      'have parameters with near names too',
      '- drop: { colums: x }',
      ['6: unknown-key: Unknown key `colums`. Did you mean `columns`?'],
    ],
    [
      'name columns that are there',
      '- drop: { columns: [nmae] }',
      ['6: transform-column: There is no column `nmae` at this step.'],
    ],
    [
      'cannot name a column that a step before dropped',
      '- drop: { columns: x }\n- drop: { columns: x }',
      ['7: transform-column: There is no column `x` at this step: `drop` took it away.'],
    ],
    ['know the new name of a column', '- rename: { columns: { x: z } }\n- standard_scale: { columns: z }', []],
    [
      'do not take a name twice',
      '- rename: { columns: { x: NAME } }',
      ['6: transform-column: There already is a column `name`.'],
    ],
    [
      'know the type of a column',
      '- standard_scale: { columns: [x, y] }',
      ['6: transform-column: The column `y` is of type string; this step takes integer, number.'],
    ],
    [
      'take rows away before anything learns',
      '- standard_scale: { columns: x }\n- filter: { expression: x > 0 }',
      ['7: transform-order: `filter` takes rows away after `standard_scale` has learned from them.'],
    ],
    [
      'leave the split its columns',
      '- drop: { columns: y }',
      ['8: transform-order: The split needs the column `y`, which the steps before it leave out.'],
      `${columns}\nsplit: { train: 0.5, test: 0.5, stratify: y }`,
    ],
    [
      'may drop a column of the split after it',
      '- standard_scale: { columns: x }\n- drop: { columns: y }',
      [],
      `${columns}\nsplit: { train: 0.5, test: 0.5, stratify: y }`,
    ],
    [
      'say nothing of columns that only the data knows',
      '- drop: { columns: who }',
      [],
      'schema: { columns: { id: integer } }',
    ],
  ] as [string, string, string[], string?][]) {
    it(name, () => {
      assert.deepEqual(findings(steps, more), expected);
    });
  }
});

describe('config: columns that a step took away, where the data may have others,', () => {
  const open = 'schema: { columns: { id: integer, name: string, x: number, y: string, day: date } }';
  for (const [name, steps, expected, more = open] of [
    [
      'are missed after `drop`',
      '- drop: { columns: [x, who] }\n- clip: { columns: x, minimum: 0 }\n- trim: { columns: who }',
      [
        '7: transform-column: There is no column `x` at this step: `drop` took it away.',
        '8: transform-column: There is no column `who` at this step: `drop` took it away.',
      ],
    ],
    [
      'are known by their new name after `rename`',
      '- rename: { columns: { x: z } }\n- clip: { columns: [z, x], minimum: 0 }',
      ['7: transform-column: There is no column `x` at this step: `rename` calls it `z`.'],
    ],
    [
      'are missed after they were encoded',
      '- one_hot: { columns: y }\n- ordinal: { columns: y }',
      ['7: transform-column: There is no column `y` at this step: `one_hot` took it away.'],
    ],
    [
      'are missed after their parts were taken',
      '- datetime_parts: { columns: day, parts: [year], drop: true }\n- drop: { columns: [day, day_year] }',
      ['7: transform-column: There is no column `day` at this step: `datetime_parts` took it away.'],
    ],
    [
      'are there again once derived',
      '- drop: { columns: x }\n- derive: { column: x, expression: id }\n- log: { columns: x }',
      [],
    ],
    ['are there again once renamed to', '- rename: { columns: { x: z, y: x } }\n- trim: { columns: x }', []],
    [
      'may be there again after a join',
      '- drop: { columns: x }\n- join: { file: b.csv, on: id }\n- log: { columns: x }',
      [],
    ],
    [
      'may be there again after a query',
      '- drop: { columns: x }\n- sql: SELECT 1 AS x FROM input\n- log: { columns: x }',
      [],
    ],
    [
      'may be there again as a category',
      '- drop: { columns: x }\n- one_hot: { columns: y }\n- drop: { columns: x }',
      [],
    ],
    [
      'are missed by the split',
      '- drop: { columns: y }',
      ['7: transform-order: The split needs the column `y`, which the steps before it leave out.'],
      `${open}\nsplit: { train: 1, stratify: y }`.split('\n').reverse().join('\n'),
    ],
    [
      'are no matter once the split is made',
      '- standard_scale: { columns: x }\n- drop: { columns: y }',
      [],
      `${open}\nsplit: { train: 1, stratify: y }`,
    ],
    [
      'may be what a step makes for the split',
      '- derive: { column: ys, expression: y }',
      [],
      `${open}\nsplit: { train: 1, stratify: ys }`,
    ],
  ] as [string, string, string[], string?][]) {
    it(name, () => {
      assert.deepEqual(findings(steps, more), expected);
    });
  }
});
