import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { detectArrow } from '../../../src/engine/arrow/detect';
import { fixtures } from './files';

describe('detecting an Arrow container', () => {
  for (const [name, form] of [
    ['types.arrow', 'file'],
    ['types.lz4.feather', 'file'],
    ['no-batches.arrow', 'file'],
    ['types.arrows', 'stream'],
    ['no-batches.arrows', 'stream'],
    ['rows.legacy.arrows', 'stream'],
  ] as const) {
    it(`${name} is a ${form}, from its first 64 bytes or all of them`, async () => {
      const bytes = await readFile(join(fixtures, name));
      assert.equal(detectArrow(bytes), form);
      assert.equal(detectArrow(bytes.subarray(0, 64)), form);
    });
  }

  for (const [what, bytes, form] of [
    ['Feather version 1', Buffer.from('FEA1\0\0\0\0'), 'feather-v1'],
    ['nothing', Buffer.alloc(0), undefined],
    ['CSV', Buffer.from('id,name,age\n1,Ada,36\n2,Grace,45\n3,Alan,41\n'), undefined],
    ['Parquet', Buffer.from(`PAR1${'\x15\x04\x15'.repeat(20)}`, 'latin1'), undefined],
    ['zeros', Buffer.alloc(100), undefined],
    ['ones', Buffer.alloc(100, 0xff), undefined],
    [
      'a stream’s marker and nonsense',
      Buffer.concat([Buffer.from([255, 255, 255, 255, 64, 0, 0, 0]), Buffer.alloc(64, 0x7f)]),
      undefined,
    ],
  ] as const) {
    it(`${what} is ${form ?? 'none'}`, () => assert.equal(detectArrow(bytes), form));
  }
});
