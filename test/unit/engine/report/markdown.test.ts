import assert from 'node:assert/strict';
import { profileMarkdown } from '../../../../src/engine/report';
import { sparkline } from '../../../../src/protocol';
import { column, numeric, profile } from './profiles';

describe('a profile as Markdown', () => {
  it('says what there is, what stands out, and what each column is like', () => {
    const text = profileMarkdown(
      profile([column('city', { nulls: 1, nullRatio: 0.25, role: 'target' }), column('fare', numeric)], {
        rows: 12_345,
        missing: {
          cells: 1,
          cellRatio: 0.125,
          completeRows: 3,
          patterns: [{ columns: ['city'], rows: 1 }],
          otherPatterns: 0,
          otherRows: 0,
        },
        duplicates: { groups: 1, surplusRows: 2 },
        correlations: [{ method: 'cramersV', pairs: [{ a: 'city', b: 'fare', value: 0.98765 }], omittedColumns: 0 }],
        alerts: [
          { code: 'missing', severity: 'warning', message: '`city` is missing in 1 row.', suggestion: 'Fill it.' },
        ],
        head: [
          ['Oslo', '1'],
          [null, ''],
        ],
      }),
    );
    const expected = [
      '# Profile of `people`',
      '12,345 rows in 2 columns; 1 warning.',
      'Files: `people.csv`. Profiled 2024-01-31 12:34 UTC by mldata 0.1.0.',
      '| rows | columns | size | missing cells | complete rows | duplicates | alerts |',
      '| 12,345 | 2 | 2 KiB | 1 (12.5 %) | 3 | 2 surplus rows in 1 group | 1 |',
      '- **⚠️ warning** `city` is missing in 1 row. Fill it. (`missing`)',
      '| column | type | missing | distinct | shape | figures |\n| --- | --- | ---: | ---: | --- | --- |',
      '| `city` (target) | categorical, string | 1 (25 %) | 2 | █ | `yes` 75 % |',
      '| `fare` | numeric, number | 0 | 2 | ▂▁▅█ | mean 1,235; sd 1.235E-5; range -2E9 … 12 |',
      "| Cramér's V | `city` | `fare` | 0.9877 |",
      '| `city` | 1 | < 0.1 % |',
      '| `city` | `fare` |\n| --- | --- |\n| `Oslo` | `1` |\n| *missing* | `""` |\n',
    ];
    for (const part of expected) assert.ok(text.includes(part), `${part}\n\nis not in\n\n${text}`);
    const titles = [...text.matchAll(/^## (.*)$/gm)].map(([, title]) => title);
    assert.deepEqual(titles, ['Alerts', 'Columns', 'Correlations', 'Missing values', 'First rows']);
  });

  it('says of which rows the figures are, and which of them are estimates', () => {
    const text = profileMarkdown(
      profile([column('a', { distinctExact: false }), column('b', { ...numeric, approximate: ['numeric'] })], {
        rows: 1000,
        split: 'train',
        fast: true,
        sample: { rows: 10, seed: 7, by: 'rows' },
      }),
    );
    assert.match(text, /Only the split train\. A sample: .* of 10 rows, each drawn by itself \(1 %\), seed 7\./);
    assert.match(text, /Figures after ≈ are estimates\./);
    assert.match(text, /\| ≈ 2 \|/);
    assert.match(text, /mean ≈ 1,235/);
  });

  it('leaves out columns beyond 200, and says how many', () => {
    const text = profileMarkdown(profile(Array.from({ length: 5000 }, (_, index) => column(`c${index}`))));
    assert.ok(text.includes('`c199`') && !text.includes('`c200`'));
    assert.match(text, /4,800 more columns: see the JSON report\./);
  });

  for (const [what, of, says] of [
    ['no rows', profile([column('a')], { rows: 0 }), '0 rows in 1 column; nothing stands out.'],
    ['no columns', profile([], { rows: 0 }), 'There are no columns.'],
    ['no figures', profile([column('a', { categorical: undefined })]), '| `a` | categorical, string | 0 | 2 |  |  |'],
    ['no values', profile([column('a', { semantic: 'empty', categorical: undefined })]), '| `a` | empty, string |'],
  ] as const)
    it(`is whole with ${what}`, () => {
      assert.ok(profileMarkdown(of).includes(says), profileMarkdown(of));
    });

  const hostile: readonly (readonly [what: string, text: string, shown: string])[] = [
    ['HTML', '<script>alert(1)</script>', '`<script>alert(1)</script>`'],
    ['an image', '![x](https://example.org/x.png)', '`![x](https://example.org/x.png)`'],
    ['a mention and a reference', '@octocat fixes #1', '`@octocat fixes #1`'],
    ['a bar', 'a|b', '<code>a&#124;b</code>'],
    ['a bar behind a backslash', 'a\\|b', '<code>a&#92;&#124;b</code>'],
    ['a backtick', '`</code><b>', '<code>&#96;&#60;/code&#62;&#60;b&#62;</code>'],
    ['an entity behind a bar', '|&lt;', '<code>&#124;&#38;lt;</code>'],
    ['an escape sequence', '\u001b[31mred', '<code>&#92;u001b&#91;31mred</code>'],
    ['what turns the direction around', 'train\u202egpj.csv', '<code>train&#92;u202egpj.csv</code>'],
    ['line ends', 'a\r\n| b |\n# c', '<code>a &#124; b &#124; &#35; c</code>'],
    ['blanks around it', ' a ', '`" a "`'],
    ['10,000 characters', 'x'.repeat(10_000), `\`${'x'.repeat(79)}…\``],
    ['10,000 characters beyond the first plane', '𝒳'.repeat(10_000), `\`${'𝒳'.repeat(79)}…\``],
  ];
  for (const [what, name, shown] of hostile) {
    it(`shows a name with ${what} as it is, in one cell`, () => {
      const text = profileMarkdown(
        profile([column(name)], {
          dataset: name,
          files: [{ path: name, bytes: 1 }],
          alerts: [{ code: 'constant', severity: 'info', message: `The column \`${name}\` is constant.` }],
          correlations: [{ method: 'missing', pairs: [{ a: name, b: name, value: 1 }], omittedColumns: 0 }],
          head: [[name]],
          target: { column: name, kind: 'classes', classes: [{ value: name, count: 1 }], associations: [] },
        }),
      );
      assert.ok(text.includes(`# Profile of ${shown}\n`), text);
      assert.ok(text.includes(`\n| ${shown} | categorical, string | 0 | 2 | █ | \`yes\` 75 % |\n`), text);
      assert.ok(text.includes(`| missing together | ${shown} | ${shown} | 1 |`), text);
      // Whatever a message does with backticks, no markup of the name's is left outside code.
      const outside = text.replace(/<code>.*?<\/code>|`[^`\n]*`|&#\d+;|< 0\.1 %/g, '');
      assert.doesNotMatch(outside, /[<>]|!\[|\]\(|@\w|#\d|[\u0000-\u0009\u000b-\u001f\u202e]/);
      const lines = text.split('\n').filter((line) => line.startsWith('|'));
      for (const line of lines) assert.ok([1, 2, 3, 4, 6, 7].includes(line.split('|').length - 2), line);
    });
  }

  it('shows the names in a message without backticks as they are, too', () => {
    const message = 'The column <b>x</b> *y* is like @me, www.a.org and http://b.org `';
    const text = profileMarkdown(profile([], { alerts: [{ code: 'x', severity: 'error', message }] }));
    const shown = 'The column &#60;b&#62;x&#60;/b&#62; &#42;y&#42; is like `@me,` `www.a.org` and `http://b.org` &#96;';
    assert.ok(text.includes(shown), text);
  });
});

describe('a histogram in one line', () => {
  for (const [what, counts, width, drawn] of [
    ['the highest bin the whole block, an empty one the lowest', [8, 0, 4, 1], 10, '█▁▅▂'],
    ['the rarest bin higher than an empty one', [1_000_000, 1, 0], 10, '█▂▁'],
    ['neighbouring bins together where there are more than wide', [1, 1, 2, 2, 4, 4], 3, '▃▅█'],
    ['nothing', [], 10, ''],
    ['only empty bins', [0, 0], 10, '▁▁'],
  ] as const)
    it(`draws ${what}`, () => {
      assert.equal(sparkline(counts, width), drawn);
    });
});
