import assert from 'node:assert/strict';
import { sniffDialect, type Dialect } from '../../../src/engine/text';
import type { ReadOptions } from '../../../src/protocol';

function sniff(bytes: string | Buffer, options: ReadOptions = {}, format: 'csv' | 'tsv' = 'csv', complete = true) {
  return sniffDialect(Buffer.from(bytes as string), options, { path: 'data.csv', format, complete });
}

interface Case {
  readonly name: string;
  readonly bytes: string | Buffer;
  readonly dialect?: Partial<Dialect>;
  /** Codes of all findings. */
  readonly findings?: readonly string[];
  readonly options?: ReadOptions;
  readonly format?: 'tsv';
}

const wide = (cell: (column: number) => string) => Array.from({ length: 5000 }, (_, column) => cell(column)).join(',');
const cases: Case[] = [
  {
    name: 'commas',
    bytes: 'id,name\n1,x\n2,y\n',
    dialect: { delimiter: ',', quote: '"', escape: '"', header: true, skipLines: 0, columns: ['id', 'name'] },
  },
  { name: 'semicolons beside decimal commas', bytes: 'x;y\n1,5;2,3\n2,5;3,1\n', dialect: { delimiter: ';' } },
  { name: 'tabs beside commas in text', bytes: 'name\tn\nDoe, J\t3\nRoe, K\t4\n', dialect: { delimiter: '\t' } },
  { name: 'pipes', bytes: 'a|b\n1|2\n', dialect: { delimiter: '|' } },
  {
    name: '.tsv is tabs, whatever else is there',
    bytes: 'a|b\n1|2\n',
    format: 'tsv',
    dialect: { delimiter: '\t' },
    findings: ['header-assumed'],
  },
  {
    name: 'a declared delimiter',
    bytes: 'a|b\n1|2\n',
    options: { delimiter: ';' },
    dialect: { delimiter: ';', columns: ['a|b'] },
    findings: ['header-assumed'],
  },
  {
    name: 'ragged rows change nothing',
    bytes: 'a,b,c\n1\n1,2,3,4\n1,2;3\n1,2,3\n',
    dialect: { delimiter: ',', columns: ['a', 'b', 'c'] },
  },
  {
    name: 'an unclosed quote changes nothing',
    bytes: 'a,b\n1,"x\n3,4;5\n5,6;7\n',
    dialect: { delimiter: ',', quote: '"', columns: ['a', 'b'] },
  },
  { name: 'one column', bytes: 'x\n1\n2\n', dialect: { delimiter: ',', columns: ['x'] } },

  { name: 'an empty file', bytes: '', dialect: { columns: [], header: false }, findings: ['source-empty'] },
  { name: 'blank lines only', bytes: '\n\n', dialect: { columns: [] }, findings: ['source-empty'] },
  {
    name: 'a header only',
    bytes: 'a,b\n',
    dialect: { header: true, columns: ['a', 'b'] },
    findings: ['source-no-rows'],
  },
  {
    name: 'no header',
    bytes: '1,2\n3,4\n',
    dialect: { header: false, columns: ['column1', 'column2'] },
    findings: ['header-missing'],
  },
  {
    name: 'a declared header',
    bytes: '1,2\n3,4\n',
    options: { header: true },
    dialect: { header: true, columns: ['1', '2'] },
  },
  {
    name: 'a header declared away',
    bytes: 'a,b\n1,2\n',
    options: { header: false },
    dialect: { header: false, columns: ['column1', 'column2'] },
  },
  { name: 'text alone has a header', bytes: 'a,b\nc,d\n', dialect: { header: true }, findings: ['header-assumed'] },
  {
    name: 'duplicate and empty names',
    bytes: 'a,a,,b\n1,2,3,4\n',
    dialect: { columns: ['a', 'a', '', 'b'] },
    findings: ['duplicate-column', 'empty-column-name'],
  },
  {
    name: 'names with quotes, line ends, emoji and spaces',
    bytes: '"say ""hi"" 😀\r\n", b \n1,2\n',
    dialect: { columns: ['say "hi" 😀\r\n', ' b '] },
  },
  {
    name: 'a header narrower than the rows',
    bytes: 'a,b\nx,1,2\ny,3,4\n',
    dialect: { columns: ['a', 'b'] },
    findings: ['header-width'],
  },

  {
    name: 'blank lines first',
    bytes: '\n\na,b\n1,2\n',
    dialect: { skipLines: 2, columns: ['a', 'b'] },
    findings: ['lines-skipped'],
  },
  {
    name: 'a title',
    bytes: 'Sales report\n\nid,name,n\n1,a,2\n2,b,3\n',
    dialect: { skipLines: 2, columns: ['id', 'name', 'n'] },
    findings: ['lines-skipped'],
  },
  {
    name: 'a padded title',
    bytes: 'Sales report,,\nid,name,n\n1,a,2\n2,b,3\n',
    dialect: { skipLines: 1 },
    findings: ['lines-skipped'],
  },
  {
    name: 'comments',
    bytes: '# made by hand\n# one, two\nid,name\n1,a\n2,b\n',
    dialect: { skipLines: 2, columns: ['id', 'name'] },
    findings: ['lines-skipped'],
  },
  { name: 'a header with a hash', bytes: '#id,name\n1,a\n2,b\n', dialect: { skipLines: 0, columns: ['#id', 'name'] } },
  {
    name: 'a lone name over unquoted text is no title',
    bytes: 'text\nHello, world\nGood, bye\n',
    dialect: { skipLines: 0, columns: ['text'] },
    findings: ['header-assumed', 'header-width'],
  },
  {
    name: 'declared lines to skip',
    bytes: 'x,y,z\na,b\n1,2\n',
    options: { skipLines: 1 },
    dialect: { skipLines: 1, columns: ['a', 'b'] },
    findings: ['lines-skipped'],
  },

  {
    name: 'apostrophes as quotes',
    bytes: "a,b\n'x,1',2\n'z',3\n",
    dialect: { quote: "'", escape: "'" },
    findings: ['quoting-assumed'],
  },
  {
    name: 'apostrophes as quotes and backslash escapes, as declared',
    bytes: "a,b\n'x\\'1',2\n'z',3\n",
    options: { quote: "'", escape: '\\' },
    dialect: { quote: "'", escape: '\\' },
  },
  { name: 'apostrophes in text', bytes: "a,b\n'tis,1\nit's,2\nJames',3\n'90s,4\n", dialect: { quote: '"' } },
  {
    name: 'backslash escapes',
    bytes: 'a,b\n1,"x\\"y"\n2,"z"\n',
    dialect: { escape: '\\' },
    findings: ['quoting-assumed'],
  },
  { name: 'a backslash at the end of a field', bytes: 'a,b\n1,"C:\\"\n2,"x ""y"" z"\n', dialect: { escape: '"' } },
  {
    name: 'no quoting when declared',
    bytes: 'a,b\n1,"x\n',
    options: { quote: '' },
    dialect: { quote: '', escape: '' },
  },

  { name: 'CR only', bytes: 'a,b\r1,2\r', dialect: { columns: ['a', 'b'] } },
  { name: 'CR LF', bytes: 'a,b\r\n1,"x\n\n\n"\r\n', dialect: { columns: ['a', 'b'] } },
  {
    name: 'mixed line ends',
    bytes: 'a,b\n1,2\r\n3,4\n',
    dialect: { columns: ['a', 'b'] },
    findings: ['mixed-newlines'],
  },
  {
    name: 'a NUL',
    bytes: 'a,b\n1,x\0y\n',
    dialect: { columns: ['a', 'b'] },
    findings: ['source-nul'],
  },
  {
    name: 'UTF-8 with a mark',
    bytes: '\ufeffa,b\n1,2\n',
    dialect: { columns: ['a', 'b'] },
  },
  {
    name: '5,000 columns',
    bytes: `${wide((column) => `c${column}`)}\n${wide(String)}\n`,
    dialect: { columns: wide((column) => `c${column}`).split(',') },
  },
];

describe('sniffDialect', () => {
  for (const { name, bytes, dialect, findings, options, format } of cases) {
    it(name, () => {
      const found = sniff(bytes, options, format);
      const keys = Object.keys(dialect ?? {}) as (keyof Dialect)[];
      assert.deepEqual(Object.fromEntries(keys.map((key) => [key, found.dialect[key]])), dialect ?? {});
      assert.deepEqual(found.findings.map(({ code }) => code).sort(), [...(findings ?? [])].sort());
    });
  }

  it('names the lines it skips', () => {
    const [finding] = sniff('Report\n\nid,name,n\n1,a,2\n2,b,3\n').findings;
    assert.deepEqual(finding?.locations, [
      { file: 'data.csv', line: 1, text: 'Report' },
      { file: 'data.csv', line: 2, text: '' },
    ]);
  });

  it('points to tokens that look like nulls, and to the option that makes them null', () => {
    const rows = Array.from({ length: 20 }, (_, index) => `${index},text ${index}\n`).join('');
    const { findings } = sniff(`n,c\n${rows}NA,NA\n?,?\nnull,x\n`, { nullValues: ['none'] });
    assert.equal(findings.length, 1);
    assert.equal(findings[0]?.code, 'null-like-values');
    assert.deepEqual(findings[0].samples, ['NA', '?', 'null']);
    assert.equal(findings[0].count, 4, 'a question mark among numbers counts, one among texts does not');
    assert.match(findings[0].suggestion ?? '', /nullValues: \["none", NA, "\?", "null"\]/);
    assert.deepEqual(sniff('n\n1\nNA\n', { nullValues: ['NA'] }).findings, []);
  });

  const borders: [string, string, ReadOptions?][] = [
    ['at the end of the text', 'a,b\n1,2\n3,NA'],
    ['before a line end of two characters', 'a,b\r\n1,NA\r\n3,4\r\n'],
    ['in quotes', 'a,b\n1,"NA"\n3,4\n'],
    ['in quotes after a space', 'a,b\n1, "NA"\n3,4\n'],
    ['between semicolons', 'a;b;c\n1;NA;2\n3;4;5\n'],
    ['between bars of two', 'a||b||c\n1||NA||2\n3||4||5\n', { delimiter: '||' }],
    ['between signs that patterns know', 'a^b^c\n1^NA^2\n3^4^5\n', { delimiter: '^' }],
    ['as a backslash with a letter', 'a,b\n1,\\N\n3,4\n'],
  ];
  for (const [where, text, options] of borders) {
    it(`finds one that stands ${where}`, () => {
      const codes = sniff(text, options).findings.map(({ code }) => code);
      assert.ok(codes.includes('null-like-values'), codes.join(', '));
    });
  }

  const hostile: [string, string][] = [
    ['a line of 10 MB', 'x'.repeat(1e7)],
    ['a million quotes', '"'.repeat(1e6)],
    ['quotes that open on every line', '"a\n'.repeat(3e5)],
    ['apostrophes that open on every line', "'a,\n".repeat(3e5)],
    ['a million delimiters', ','.repeat(1e6)],
    ['digits that almost are a number', `a\n${'1'.repeat(5e5)}x\n`],
    ['a million backslashes', `"${'\\'.repeat(1e6)}`],
  ];
  for (const [name, text] of hostile) {
    // What looks at every place of a text from every other takes longer than a test may.
    it(`comes to an end on ${name}`, () => {
      sniff(text);
      sniff(text.slice(0, 1 << 20), {}, 'csv', false);
    });
  }

  it('says that a header longer than what it sees is not readable', () => {
    const { findings } = sniff('x,'.repeat(1 << 19), {}, 'csv', false);
    assert.ok(findings.some(({ code, severity }) => code === 'header-unreadable' && severity === 'error'));
  });
});
