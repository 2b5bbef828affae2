/** Whether audio files are whole: no alarm for good ones of any kind, and none of the ways to lose bytes goes unnoticed. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checkMedia, type MediaVerdict } from '../../src/engine/media/integrity';
import { remove, temporaryFolder } from '../host/workspace';
import {
  audioFiles,
  boxes,
  changedPages,
  FIRST_FRAME_BYTES,
  pagesOf,
  SILENT_FRAME_BYTES,
  silentFlac,
  wav,
  type AudioFile,
} from './audioFiles';

describe('the integrity of recordings', () => {
  let folder: string;
  let good: AudioFile[];
  const { signal } = new AbortController();

  before(async () => {
    folder = await temporaryFolder();
    good = await audioFiles();
  });
  after(() => remove(folder));

  function file(name: string): Buffer {
    const found = good.find((sound) => sound.name === name);
    assert.ok(found, name);
    return Buffer.from(found.bytes);
  }
  async function verdictOn(name: string, bytes: Uint8Array | string): Promise<MediaVerdict> {
    const target = path.join(folder, name);
    await writeFile(target, bytes);
    return checkMedia(target, { signal, kind: 'audio' });
  }
  /** Each problem as `severity code @byte`. */
  async function problemsOf(name: string, bytes: Uint8Array | string): Promise<string[]> {
    const { problems } = await verdictOn(name, bytes);
    return problems.map(({ severity, code, byte }) => `${severity} ${code}${byte === undefined ? '' : ` @${byte}`}`);
  }
  function flipped(bytes: Buffer, at: number, bit = 3): Buffer {
    const changed = Buffer.from(bytes);
    changed[at] = (changed[at] ?? 0) ^ (1 << bit);
    return changed;
  }
  function places(from: number, to: number, count: number): number[] {
    return Array.from({ length: count }, (_, index) => from + Math.floor(((to - from) * (index + 0.5)) / count));
  }

  it('has nothing to say of a good file of any kind', async () => {
    for (const { name, format, bytes, decoded, seconds } of good) {
      const verdict = await verdictOn(name, bytes);
      const expected = { kind: 'audio', format, decoded, problems: [], sampleRate: 8000, seconds };
      const { channels, ...rest } = verdict;
      assert.deepEqual({ ...rest, seconds: Number(verdict.seconds?.toFixed(3)) }, expected, name);
      assert.equal(channels, name === 'many-frames.flac' ? 1 : 2, name);
    }
  });

  it('notices a file that was cut at any point', async () => {
    for (const { name, bytes } of good) {
      for (const length of places(1, bytes.length, 20)) {
        const { problems, decoded } = await verdictOn(name, bytes.subarray(0, length));
        const told = problems.some(({ code }) => code === 'file-truncated' || code === 'file-damaged');
        // What is lost of a tag at the end is no sound.
        const tag = /^tagged/.test(name) && length > bytes.length - 700;
        assert.ok(told || tag, `${name} cut at ${length} of ${bytes.length}: ${JSON.stringify(problems)}`);
        assert.ok(!decoded || problems[0]?.severity === 'warning' || tag, `${name} cut at ${length}`);
      }
    }
  });

  for (const { name, length, expected } of [
    { name: 'plain.wav', length: 1000, expected: 'error file-truncated @1000' },
    { name: 'long.wav', length: 1001, expected: 'error file-truncated @1001' },
    { name: 'sound.aiff', length: 1002, expected: 'error file-truncated @1002' },
    { name: 'sixteen.flac', length: 1003, expected: 'error file-truncated @1003' },
    {
      name: 'many-frames.flac',
      length: 42 + SILENT_FRAME_BYTES * 20,
      expected: `error file-truncated @${42 + SILENT_FRAME_BYTES * 20}`,
    },
    { name: 'variable.mp3', length: 1004, expected: 'error file-truncated @1004' },
    { name: 'variable.mp3', length: FIRST_FRAME_BYTES * 2, expected: `error file-truncated @${FIRST_FRAME_BYTES * 2}` },
    { name: 'vorbis.ogg', length: 3800, expected: 'error file-truncated @3800' },
    { name: 'boxes.m4a', length: 500, expected: 'error file-truncated @500' },
    { name: 'sound.aac', length: 1005, expected: 'error file-truncated @1005' },
  ]) {
    it(`says that ${name} of ${length} bytes ends too early, and where`, async () => {
      assert.deepEqual(await problemsOf(name, file(name).subarray(0, length)), [expected]);
    });
  }

  it('notices every bit that is flipped in the frames of a FLAC', async () => {
    for (const [name, from] of [
      ['sixteen.flac', file('sixteen.flac').length - 4900],
      ['many-frames.flac', 42],
    ] as const) {
      const bytes = file(name);
      for (const at of places(from, bytes.length, 40)) {
        const { problems } = await verdictOn(name, flipped(bytes, at, at % 8));
        assert.equal(problems[0]?.severity, 'error', `${name} at ${at}: ${JSON.stringify(problems)}`);
      }
    }
  });

  it('says in which frame of a FLAC the damage lies', async () => {
    const frame = (index: number) => 42 + SILENT_FRAME_BYTES * index;
    assert.deepEqual(await problemsOf('a.flac', flipped(silentFlac(50), frame(20) + 8)), [
      `error file-damaged @${frame(20)}`,
    ]);
    assert.deepEqual(await problemsOf('b.flac', flipped(silentFlac(50), frame(20) + 1)), [
      `error file-damaged @${frame(20)}`,
    ]);
    const lost = silentFlac(50, (number) => number === 20);
    const [problem] = (await verdictOn('c.flac', lost)).problems;
    assert.deepEqual([problem?.code, problem?.byte], ['file-damaged', frame(20)]);
  });

  it('compares the samples of a FLAC with their checksum', async () => {
    const bytes = file('sixteen.flac');
    assert.deepEqual(await problemsOf('a.flac', flipped(bytes, 26)), ['error file-damaged @86']);
    assert.deepEqual(await problemsOf('b.flac', bytes.fill(0, 26, 42)), []);
  });

  it('notices every bit that is flipped in an Ogg file', async () => {
    for (const name of ['vorbis.ogg', 'opus.opus']) {
      const bytes = file(name);
      for (const at of places(0, bytes.length, 30)) {
        const { problems } = await verdictOn(name, flipped(bytes, at, at % 8));
        assert.equal(problems[0]?.severity, 'error', `${name} at ${at}: ${JSON.stringify(problems)}`);
      }
    }
  });

  it('notices a page that is missing in an Ogg file, and one that is not marked as the last', async () => {
    const bytes = file('opus.opus');
    const pages = pagesOf(bytes);
    const without = Buffer.concat(pages.filter((_, index) => index !== 1));
    assert.deepEqual(await problemsOf('a.opus', without), [`error file-damaged @${pages[0]?.length}`]);
    const open = changedPages(bytes, (page, index) => {
      if (index === pages.length - 1) page.writeUInt8(0, 5);
    });
    assert.deepEqual(await problemsOf('b.opus', open), [`warning file-truncated @${bytes.length}`]);
  });

  it('notices damage to the frames of an MP3: of their headers for certain, of the sound by the checksum of its encoder', async () => {
    const bytes = file('variable.mp3');
    const second = FIRST_FRAME_BYTES;
    assert.deepEqual(await problemsOf('a.mp3', flipped(bytes, second + 1, 7)), [`error file-damaged @${second}`]);
    for (const at of places(second + 4, bytes.length, 20)) {
      const { problems } = await verdictOn('b.mp3', flipped(bytes, at));
      assert.ok(problems.length > 0, `at ${at}`);
    }
  });

  it('says that two MP3s in one file are more than the first of them counts', async () => {
    const bytes = file('variable.mp3');
    assert.deepEqual(await problemsOf('twice.mp3', Buffer.concat([bytes, bytes])), ['warning file-damaged @0']);
  });

  it('says from where on a recording was never written', async () => {
    for (const name of ['many-frames.flac', 'uncounted.mp3', 'vorbis.ogg', 'sound.aac']) {
      const bytes = Buffer.concat([file(name), Buffer.alloc(1 << 17)]);
      const { problems } = await verdictOn(name, bytes.fill(0, 500));
      assert.equal(problems[0]?.severity, 'error', `${name}: ${JSON.stringify(problems)}`);
    }
  });

  it('warns of what follows after the end', async () => {
    for (const { name, bytes } of good) {
      // As a video may, an MP4 has its description behind; a tag at the end is one no more.
      if (/^tagged.*(mp3|flac)$/.test(name)) continue;
      const problems = await problemsOf(name, Buffer.concat([bytes, Buffer.from('<html>Not found</html>')]));
      assert.deepEqual(problems, [`warning file-trailing-bytes @${bytes.length}`], name);
    }
  });

  for (const { name, sizes, expected } of [
    {
      name: 'nothing, as a program leaves it that was ended',
      sizes: [0, 0],
      expected: ['warning file-length-unknown @40'],
    },
    { name: 'the header alone', sizes: [36, 0], expected: ['warning file-length-unknown @40'] },
    { name: 'the most there can be', sizes: [0xffff_ffff, 0xffff_ffff], expected: ['warning file-length-unknown @40'] },
    { name: 'two gigabytes', sizes: [0x7fff_f024, 0x7fff_f000], expected: ['warning file-length-unknown @40'] },
    { name: 'a little less than there is', sizes: [4000, 4000], expected: ['warning file-damaged @4'] },
    { name: 'samples that end within one', sizes: [4035, 3999], expected: ['warning file-damaged @40'] },
  ] as const) {
    it(`reads a WAV whose header counts ${name}`, async () => {
      const verdict = await verdictOn('odd.wav', wav({ sizes }));
      const problems = verdict.problems.map(({ severity, code, byte }) => `${severity} ${code} @${byte}`);
      assert.deepEqual(problems, expected);
      assert.ok(verdict.decoded);
      assert.ok((verdict.seconds ?? 0) > 0.12);
    });
  }

  it('counts the samples of a WAV that are no numbers', async () => {
    const bytes = wav({ tag: 3, bits: 32 });
    bytes.writeFloatLE(NaN, 444);
    bytes.writeFloatLE(Infinity, 844);
    const [problem] = (await verdictOn('nan.wav', bytes)).problems;
    assert.deepEqual([problem?.severity, problem?.code, problem?.byte], ['warning', 'file-damaged', 444]);
    assert.match(problem?.message ?? '', /^2 samples/);
  });

  it('notices a header that no recording can have', async () => {
    const noChannels = wav();
    noChannels.writeUInt16LE(0, 22);
    assert.deepEqual(await problemsOf('a.wav', noChannels), ['error file-damaged @20']);
    const aiff = file('sound.aiff');
    aiff.writeUInt32BE(5000, aiff.indexOf('COMM') + 10);
    assert.deepEqual(await problemsOf('a.aiff', aiff), [`error file-damaged @${aiff.indexOf('SSND')}`]);
    assert.deepEqual(await problemsOf('a.m4a', boxes({ place: 5000 })), [`error file-truncated @${boxes().length}`]);
  });

  it('knows what was saved under the name of a recording', async () => {
    const page = '<!DOCTYPE html><html><head><title>404 Not Found</title></head></html>';
    assert.deepEqual(await problemsOf('page.mp3', page), ['error file-not-media @0']);
    assert.deepEqual(await problemsOf('empty.wav', ''), ['error file-empty']);
    assert.deepEqual(await problemsOf('zeros.flac', Buffer.alloc(5000)), ['error file-all-zeros @0']);
    assert.deepEqual(await problemsOf('sound.wav', file('variable.mp3')), ['warning file-wrong-extension @0']);
  });
});
