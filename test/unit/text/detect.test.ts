import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { isDataFile } from '../../../src/config';
import { detectCompression, detectEncoding, detectFormat } from '../../../src/engine/text';
import type { Encoding, SourceFormat } from '../../../src/protocol';
import { fixture } from './files';

const latin = (text: string) => Buffer.from(text, 'latin1');
const utf16 = (text: string) => Buffer.from(text, 'utf16le');

describe('detectEncoding', () => {
  const cases: [string, Buffer, Encoding, complete?: boolean][] = [
    ['nothing', Buffer.alloc(0), 'utf-8'],
    ['ASCII', Buffer.from('a,b\n'), 'utf-8'],
    ['UTF-8', Buffer.from('é😀\n'), 'utf-8'],
    ['UTF-8 whose last character is cut', Buffer.from('é😀').subarray(0, 4), 'utf-8', false],
    ['UTF-8 with one bad byte', Buffer.concat([Buffer.from('ééé\n'), Buffer.of(0xff)]), 'utf-8'],
    ['UTF-8 with NULs', Buffer.from('a,b\n1,x\0y\n2,\0\0\n'), 'utf-8'],
    ['UTF-16LE', utf16('a,b\n1,2\n'), 'utf-16le'],
    ['UTF-16BE', utf16('a,b\n1,2\n').swap16(), 'utf-16be'],
    ['UTF-16LE, Cyrillic', utf16('имя,город\nАнна,Москва\nПётр,Казань\n'), 'utf-16le'],
    ['latin-1, nothing in 0x80–0x9f', latin('caf\xe9\n'), 'latin-1'],
    ['the same, with more to come', latin('caf\xe9\n'), 'windows-1252', false],
    ['windows-1252: the euro sign', latin('\x80 caf\xe9\n'), 'windows-1252'],
    ['latin-1: a byte windows-1252 lacks', latin('\x81 caf\xe9\n'), 'latin-1'],
  ];
  for (const [name, bytes, encoding, complete = true] of cases) {
    it(name, () => assert.equal(detectEncoding(bytes, complete), encoding));
  }
  const marks: [Encoding, Buffer][] = [
    ['utf-8', Buffer.from('\ufeffa')],
    ['utf-16le', utf16('\ufeffa')],
    ['utf-16be', utf16('\ufeffa').swap16()],
  ];
  for (const [encoding, bytes] of marks) {
    it(`${encoding} by its mark`, () => assert.equal(detectEncoding(bytes, true), encoding));
  }
});

describe('detectCompression', () => {
  it('by content, with a finding where the name disagrees', async () => {
    const zstd = await readFile(fixture('people.csv.zst'));
    const found = (path: string, head: Buffer) => {
      const { codec, finding } = detectCompression(path, head);
      return [codec, finding?.code];
    };
    assert.deepEqual(found('a.csv', Buffer.from('a')), ['none', undefined]);
    assert.deepEqual(found('a.csv.gz', gzipSync('a')), ['gzip', undefined]);
    assert.deepEqual(found('A.CSV.ZST', zstd), ['zstd', undefined]);
    assert.deepEqual(found('a.csv.gz', Buffer.from('a,b\n')), ['none', 'compression-mismatch']);
    assert.deepEqual(found('a.csv', gzipSync('a')), ['gzip', 'compression-mismatch']);
    assert.deepEqual(found('a.csv.gz', zstd), ['zstd', 'compression-mismatch']);
  });
});

describe('detectFormat', () => {
  const parquet = Buffer.from('PAR1\x15\x04');
  const arrow = Buffer.from('ARROW1\0\0');
  const stream = Buffer.from([255, 255, 255, 255, 16, 0, 0, 0, 16, 0, 0, 0, 0, 0, 10, 0]);
  const cases: [string, string | Buffer, SourceFormat | undefined, boolean?][] = [
    ['a.csv', 'a,b\n', 'csv'],
    ['A.CSV.GZ', 'a,b\n', 'csv'],
    ['a.tsv.zst', 'a\tb\n', 'tsv'],
    ['a.csv', '', 'csv'],
    ['a.csv', '[x],y\n', 'csv'],
    ['a.csv', '{x},y\n', 'csv'],
    ['a.json', '[{"a":1}]', 'json'],
    ['a.json', '{\n  "a": 1\n}', 'json'],
    ['a.json', '{"a":1}\n{"a":2}\n', 'jsonl', true],
    ['a.jsonl', '{"a":1}\n{"a":2}\n', 'jsonl'],
    ['a.ndjson', '{"a":1}', 'jsonl'],
    ['a.jsonl', ' [\n {"a":1}]', 'json', true],
    ['a.jsonl', utf16('\ufeff{"a":1}\n'), 'jsonl'],
    ['a.jsonl', `{"a":"${'x'.repeat(1 << 17)}"}\n`, 'jsonl'],
    ...['parquet', 'parq', 'pq', 'pqt'].map((end): [string, Buffer, SourceFormat] => [`a.${end}`, parquet, 'parquet']),
    ...['arrow', 'feather', 'ipc'].map((end): [string, Buffer, SourceFormat] => [`a.${end}`, arrow, 'arrow']),
    ['a.arrows', stream, 'arrow'],
    ['a.csv', parquet, 'parquet', true],
    ['a.csv', '[{"a":1}]', 'json', true],
    ['a.csv', '{"a":1}\n', 'jsonl', true],
    ['a.parquet', arrow, 'arrow', true],
    ['a.parquet', 'a,b\n', 'parquet', true],
    ['data', parquet, 'parquet'],
    ['data', 'a,b\n', undefined],
  ];
  for (const [path, head, format, mismatch = false] of cases) {
    it(`${path} with ${JSON.stringify(head.toString('latin1').slice(0, 24))}: ${format ?? 'unknown'}${mismatch ? ', with a finding' : ''}`, () => {
      const found = detectFormat(path, Buffer.from(head as string));
      assert.deepEqual([found.format, found.finding?.code], [format, mismatch ? 'format-mismatch' : undefined]);
    });
  }
});

describe('isDataFile', () => {
  const text = ['csv', 'tsv', 'tab', 'json', 'jsonl', 'ndjson'];
  const binary = ['parquet', 'parq', 'pq', 'pqt', 'arrow', 'arrows', 'feather', 'ipc'];
  const compressed = ['gz', 'gzip', 'zst', 'zstd'];
  const cases: [string, readonly string[], boolean][] = [
    ['every known ending', [...text, ...binary].flatMap((end) => [`a.${end}`, `A.${end.toUpperCase()}`]), true],
    ['compressed text', text.flatMap((end) => compressed.map((codec) => `a.${end}.${codec}`)), true],
    [
      'compressed files of other formats',
      binary.flatMap((end) => compressed.map((codec) => `a.${end}.${codec}`)),
      false,
    ],
    ['other files', ['README.md', 'a.txt', 'a.csv.bak', 'a.gz', 'data', 'a.constructor'], false],
  ];
  for (const [what, names, expected] of cases) {
    it(`${what}: ${expected ? 'yes' : 'no'}`, () =>
      assert.deepEqual(
        names.filter((name) => isDataFile(name) !== expected),
        [],
      ));
  }
});
