import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { MldataError } from '../../../src/protocol';
import { arrowToParquet, parquetToArrow } from '../../../src/engine/arrow';
import { fixtures, never, scratchFolder } from './files';

const read = (name: string): Buffer => readFileSync(join(fixtures, name));

describe('damaged Arrow files', () => {
  const scratch = scratchFolder();

  async function copyOf(bytes: Uint8Array): Promise<unknown> {
    await writeFile(scratch('input'), bytes);
    return arrowToParquet(scratch('input'), scratch('output.parquet'), { signal: never });
  }

  for (const [what, bytes, says] of [
    ['an empty file', Buffer.alloc(0), /not an Arrow file/],
    ['text', Buffer.from('a,b\n1,2\n'.repeat(20)), /not an Arrow file/],
    ['Feather version 1', Buffer.from('FEA1\0\0\0\0FEA1'), /Feather version 1.*write_feather/],
    ['only the magic', Buffer.from('ARROW1'), /ends too early/],
    ['a file cut in the middle', read('rows.lz4.arrow').subarray(0, 15_000), /ends too early: the footer is missing/],
    ['a stream cut in a batch', read('rows.lz4.arrows').subarray(0, 15_000), /ends too early/],
    ['a stream cut in its schema', read('rows.lz4.arrows').subarray(0, 100), /ends too early/],
    ['a file without columns', read('no-columns.arrow'), /no columns/],
    ['an unpacked size that is a lie', lieAboutSize(read('rows.lz4.arrow')), /compressed buffer.*damaged/],
    [
      'a footer length beyond the file',
      patched(read('types.arrow'), -10, [0xff, 0xff, 0xff, 0x7f]),
      /footer is damaged/,
    ],
  ] as const) {
    it(`${what}: ${says.source}`, async () => {
      await assert.rejects(copyOf(bytes), (error) => {
        assert.ok(error instanceof MldataError);
        assert.deepEqual([error.kind, error.code], ['buildFailed', 'arrow-unreadable']);
        assert.match(error.message, says);
        assert.ok(error.message.startsWith(scratch('input')) && !error.message.includes('\n'), error.message);
        return true;
      });
    });
  }

  // A flipped bit may leave a readable file (there are no checksums), but never a crash, a hang or an error of another kind.
  for (const name of ['types.arrow', 'types.arrows', 'types.zstd.feather', 'rows.lz4.arrow', 'rows.zstd.arrow']) {
    it(`${name} with any byte changed is read or refused`, async function () {
      this.timeout(60_000);
      const whole = read(name);
      let refused = 0;
      for (let i = 0; i < 150; i++) {
        const at = Math.floor((i * 7919.7) % whole.length);
        try {
          await copyOf(patched(whole, at, [0xff ^ (whole[at] ?? 0)]));
        } catch (error) {
          assert.ok(error instanceof MldataError && error.code === 'arrow-unreadable', String(error));
          refused++;
        }
      }
      assert.ok(refused > 0);
    });
  }

  it('reports a missing file as the system does', async () => {
    await assert.rejects(arrowToParquet(scratch('none'), scratch('out'), { signal: never }), { code: 'ENOENT' });
    await assert.rejects(parquetToArrow(scratch('none'), scratch('out'), { signal: never }), { code: 'ENOENT' });
  });

  it('refuses to write Arrow from what isn’t Parquet', async () => {
    await writeFile(scratch('text.parquet'), 'id,name\n1,Ada\n');
    await assert.rejects(parquetToArrow(scratch('text.parquet'), scratch('out'), { signal: never }), {
      kind: 'buildFailed',
      code: 'arrow-unreadable',
    });
  });
});

/** The bytes with some replaced; a negative place counts from the end. */
function patched(bytes: Buffer, at: number, replacement: readonly number[]): Buffer {
  const copy = Buffer.from(bytes);
  copy.set(replacement, at < 0 ? copy.length + at : at);
  return copy;
}

/** The first LZ4 buffer of a file says that it unpacks to one byte more than it does. */
function lieAboutSize(bytes: Buffer): Buffer {
  const frame = bytes.indexOf(Buffer.from([0x04, 0x22, 0x4d, 0x18]));
  const size = Buffer.alloc(8);
  size.writeBigInt64LE(bytes.readBigInt64LE(frame - 8) + 1n);
  return patched(bytes, frame - 8, [...size]);
}
