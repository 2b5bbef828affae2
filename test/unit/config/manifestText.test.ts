/** A manifest comes with a folder from anywhere: whatever stands in it, reading it is an answer and never a crash. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { parseManifest } from '../../../src/config';
import { manifestText, readManifest } from '../../../src/engine/manifest';
import type { Manifest } from '../../../src/protocol';

const controls = Array.from({ length: 0xa0 }, (_, code) => String.fromCharCode(code)).join('');
const manifest: Manifest = {
  kind: 'mldata/manifest',
  version: 1,
  createdAt: '2026-01-01T00:00:00.000Z',
  tool: { name: 'mldata', version: '0.1.0' },
  engine: { duckdb: 'v1', node: 'v20', platform: 'any' },
  dataset: 'towns',
  rows: 1,
  config: {
    name: 'towns',
    source: [{ path: 'towns.csv', options: {} }],
    schema: { columns: {}, primaryKey: [], extraColumns: 'error', onError: 'fail' },
    output: { formats: [{ format: 'csv', compression: { codec: 'none' } }], path: 'built' },
  },
  inputs: [],
  columns: [{ name: `a${controls}\u2028\ufeff\ud800`, type: 'string', physicalType: 'VARCHAR' }],
  splits: [],
  artifacts: [],
  findings: [{ code: 'x', severity: 'info', message: `two\nlines ${controls}` }],
};

const hostile: readonly (readonly [name: string, text: string, why: RegExp])[] = [
  ['a list in a list, 500,000 deep', '- '.repeat(500_000), /nests too deeply/],
  ['brackets, 500,000 deep', '['.repeat(500_000), /nests too deeply/],
  ['maps in maps on one line', '{a: '.repeat(100_000), /nests too deeply/],
  ['a control character', `a: \u001f\n${'['.repeat(500_000)}`, /non-printable/],
  ['more than is read', `a: ${'x'.repeat(3 * 2 ** 20)}`, /characters, and at most/],
  ['aliases that multiply', 'a: &a [1]\nb: [*a, *a]', /holds aliases/],
  ['no YAML', 'a: [', /\(1:\d+\)|\(2:\d+\)/],
];

describe('the text of a manifest', () => {
  it('says what was written, control characters and all', () => {
    assert.deepEqual(parseManifest(manifestText(manifest)), { manifest });
  });

  it('is told from what is no manifest of this version', () => {
    const { problem, why } = parseManifest('kind: something else') as { problem: string; why: string };
    assert.equal(problem, 'foreign');
    assert.match(why, /^kind: /);
  });

  for (const [name, text, why] of hostile) {
    it(`is refused, again and again: ${name}`, () => {
      for (let turn = 0; turn < 10; turn += 1) {
        const reading = parseManifest(text) as { problem: string; why: string };
        assert.equal(reading.problem, 'unreadable');
        assert.match(reading.why, why);
      }
    });
  }

  it('is no manifest to the engine either, where the process would not survive it', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'mldata-manifest-'));
    await writeFile(path.join(folder, 'manifest.yaml'), '- '.repeat(500_000));
    for (let turn = 0; turn < 10; turn += 1) assert.equal(await readManifest(folder), undefined);
    await rm(folder, { recursive: true });
  });
});
