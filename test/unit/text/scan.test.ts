import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { hashFile, locateRecords, scanText, type ScanDialect, type TextScan } from '../../../src/engine/text';
import { RecordCutter } from '../../../src/engine/text/recordCutter';
import { csv, never, withFile } from './files';

const scan = (bytes: string | Buffer, dialect: ScanDialect | 'lines' = csv) =>
  withFile(bytes, (path) => scanText(path, dialect, never));

describe('scanText', () => {
  const cases: [string, string | Buffer, Partial<TextScan>, (ScanDialect | 'lines')?][] = [
    ['an empty file', '', { records: 0 }],
    ['a header only', 'a,b\n', { records: 0 }],
    ['no header', '1,2\n3,4\n', { records: 2 }, { ...csv, header: false }],
    ['no line end at the end', 'a,b\n1,2', { records: 1, longestRecordBytes: 3 }],
    ['CR LF', 'a,b\r\n1,2\r\n', { records: 1, newlines: { lf: 0, crlf: 2, cr: 0 } }],
    ['CR only', 'a,b\r1,2\r3,4\r', { records: 2, newlines: { lf: 0, crlf: 0, cr: 3 } }],
    ['mixed line ends', 'a,b\n1,2\r\n3,4\r5,6\n', { records: 3, newlines: { lf: 2, crlf: 1, cr: 1 } }],
    ['blank lines', '\na,b\n\n1,2\r\n\r\n', { records: 1, blankLines: 3 }],
    ['blank lines of one column are records', 'a\n\n1\n\n', { records: 3, blankLines: 0 }, { ...csv, columns: ['a'] }],
    ['a line of spaces is a record', 'a,b\n  \n', { records: 1 }],
    ['line ends in quotes are data', 'a,b\n1,"x\n\r\n\ry"\n2,z\n', { records: 2, newlines: { lf: 3, crlf: 0, cr: 0 } }],
    ['doubled quotes', 'a,b\n1,"x""\n""y"\n', { records: 1 }],
    ['a quote inside a field is text', 'a,b\n1,5" pipe\n2,6\n', { records: 2 }],
    ['a quote behind one space opens', 'a,b\n1, "x\ny"\n', { records: 1 }],
    ['a quote behind two spaces is text', 'a,b\n1,  "x\ny"\n', { records: 2 }],
    ['text behind a closing quote', 'a,b\n1,"x"y"\n2,3\n', { records: 2 }],
    ['backslash escapes', 'a,b\n1,"x\\"\ny"\n', { records: 1 }, { ...csv, escape: '\\' }],
    ['an escaped escape', 'a,b\n1,"x\\\\"\n2,y\n', { records: 2 }, { ...csv, escape: '\\' }],
    ['no quoting', 'a,b\n1,"x\n2,y\n', { records: 2 }, { ...csv, quote: '', escape: '' }],
    ['a long delimiter', 'a||b\n1||"x\ny"\n2|"3\n', { records: 2 }, { ...csv, delimiter: '||' }],
    ['skipped lines, whatever is in them', '"x\n\na,b\n1,2\n', { records: 1, blankLines: 0 }, { ...csv, skipLines: 2 }],
    ['a byte order mark', '\ufeff"a\n",b\n1,2\n', { records: 1, longestRecordBytes: 6 }],
    ['a quote never closed', 'a,b\n1,2\n3,"x\n4,5\n', { records: 2 }],
    ['a quote closed by the last byte', 'a,b\n1,"x"', { records: 1 }],
    ['JSON lines', '{"a":"\\""}\n \t\n{"a":2}\r\n', { records: 2, blankLines: 1 }, 'lines'],
    ['a NUL', 'a,b\n1,2\r\n3,\0\n', { nulLine: 3 }],
  ];
  for (const [name, bytes, expected, dialect] of cases) {
    it(name, async () => {
      const found = await scan(bytes, dialect);
      assert.deepEqual(found, { ...found, nulLine: undefined, ...expected });
    });
  }

  it('hashes the bytes as they are', async () => {
    const bytes = '\ufeffa\r\n1\r\n';
    assert.equal((await scan(bytes)).sha256, createHash('sha256').update(bytes).digest('hex'));
  });

  it('finds the same in a file of several pieces: 3 MB, characters and quotes across their borders', async () => {
    const row = '😀😀😀,"é\r\n""é",x\r\n';
    const rows = 100_000;
    const found = await scan(`a,b,c\r\n${row.repeat(rows)}\u00e9`);
    assert.equal(found.records, rows + 1);
    assert.deepEqual(found.newlines, { lf: 0, crlf: rows + 1, cr: 0 });
  });

  it('takes a line of 10 MB and 5,000 columns', async () => {
    assert.equal((await scan(`a\n${'x,'.repeat(5e6)}\n`)).longestRecordBytes, 1e7);
    assert.equal((await scan(`${'c,'.repeat(4999)}c\n${'1,'.repeat(4999)}1\n`)).records, 1);
  });

  it('stops when asked', async () => {
    await withFile('a\n'.repeat(1.5e6), async (path) => {
      await assert.rejects(scanText(path, csv, AbortSignal.abort()), { code: 'cancelled' });
    });
  });

  it('says that a file is gone', async () => {
    await assert.rejects(scanText('/no/such/file.csv', csv, never), { code: 'source-unreadable' });
  });
});

describe('RecordCutter', () => {
  const texts = [
    'a,b\r\n1,"x\r\n""y"\r\n\r\n2,z\r3, "q\n"\n"",\n',
    '"a" ,b\n"x"y"\n"z\n',
    '\n\r\n\r\r\n"\r\n"\r\n',
    'é,"😀\n,"",""\n",\n   \n',
  ];
  for (const [index, text] of texts.entries()) {
    it(`cuts text ${index + 1} alike, however the pieces fall`, () => {
      const bytes = Buffer.from(text);
      const cut = (size: number) => {
        const records: unknown[] = [];
        const cutter = new RecordCutter(csv, 0, (...record) => records.push(record));
        for (let at = 0; at < bytes.length; at += size) cutter.push(bytes.subarray(at, at + size));
        cutter.finish();
        return { records, newlines: cutter.newlines, line: cutter.line };
      };
      const whole = cut(bytes.length);
      for (let size = 1; size < bytes.length; size++) assert.deepEqual(cut(size), whole, `pieces of ${size}`);
    });
  }
});

describe('locateRecords', () => {
  const text = '# made by hand\na,b\n1,"x\ny"\n\n2,ü\n3,4\n';
  const dialect = { ...csv, skipLines: 1 };
  const cases: [string, string, ScanDialect | 'lines', number[], 'records' | 'asReader', [number, number, number][]][] =
    [
      [
        'gives the lines of data records',
        text,
        dialect,
        [1, 2, 3, 4],
        'records',
        [
          [1, 1, 3],
          [2, 2, 6],
          [3, 3, 7],
        ],
      ],
      ['gives the same line twice when asked twice', text, dialect, [2, 2], 'records', [[2, 2, 6]]],
      [
        'follows the numbering of the reader: skipped lines, the header and blank lines count, lines in quotes do not',
        text,
        dialect,
        [3, 5, 6],
        'asReader',
        [
          [3, 1, 3],
          [5, 2, 6],
          [6, 3, 7],
        ],
      ],
      [
        'takes blank lines of one column for records',
        'a\n1\n\n3',
        { ...csv, columns: ['a'] },
        [2, 3],
        'records',
        [
          [2, 2, 3],
          [3, 3, 4],
        ],
      ],
      [
        'does so in the numbering of the reader',
        'a\n1\n\n3',
        { ...csv, columns: ['a'] },
        [3, 4],
        'asReader',
        [
          [3, 2, 3],
          [4, 3, 4],
        ],
      ],
      ['passes over blank lines of JSON lines', '{}\n \n{}\n', 'lines', [2], 'records', [[2, 2, 3]]],
      ['does so in the numbering of the reader, too', '{}\n \n{}\n', 'lines', [3], 'asReader', [[3, 2, 3]]],
    ];
  for (const [name, content, syntax, numbers, counting, expected] of cases) {
    it(name, async () => {
      const located = await withFile(content, (path) => locateRecords(path, syntax, numbers, never, counting));
      assert.deepEqual(
        [...located].map(([number, { record, line }]) => [number, record, line]),
        expected,
      );
    });
  }
});

describe('hashFile', () => {
  it('gives the digests that were asked for', async () => {
    const digests = await withFile('abc', (path) => hashFile(path, ['sha256', 'md5'], never));
    assert.deepEqual(digests, {
      bytes: 3,
      sha256: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      md5: '900150983cd24fb0d6963f7d28e17f72',
    });
  });
});
