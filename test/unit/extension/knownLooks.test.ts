import assert from 'node:assert/strict';
import { parseConfig } from '../../../src/config';
import { KnownLooks, type NoLook } from '../../../src/extension/language/knownLooks';
import type { SourceLook } from '../../../src/protocol';

const text = 'version: 1\ndatasets:\n  a:\n    source: a.csv\n  b:\n    source: b.csv\n';
const seen: SourceLook = { dataset: 'a', fingerprint: 'f', rows: 1, partial: false, columns: [], findings: [] };

describe('what is known of sources', () => {
  const read = (config: string) => parseConfig(config, '.mldata.yaml');
  /** The datasets that are due once `a` was looked at with these outcomes, one after the other. */
  function due(outcomes: readonly (SourceLook | NoLook)[], config = text, filesToo = false): string[] {
    const known = new KnownLooks();
    const before = read(text);
    const [a] = before.drafts;
    assert.ok(a);
    for (const outcome of outcomes) known.keep(a, before, outcome);
    const parsed = read(config);
    return parsed.drafts.filter((spec) => known.isDue(spec, parsed, filesToo)).map(({ name }) => name);
  }

  const cases: [name: string, due: string[], expected: string[]][] = [
    ['what was never looked at', due([]), ['a', 'b']],
    ['what was seen, no more', due([seen]), ['b']],
    ['what was seen, once files may have changed', due([seen], text, true), ['a', 'b']],
    ['what was seen, once its dataset is written differently', due([seen], text.replace('a.csv', 'c.csv')), ['a', 'b']],
    ['what was seen, not when another dataset is written differently', due([seen], text.replace('b.csv', 'c')), ['b']],
    ['what failed, not by itself', due(['failed'], text, true), ['b']],
    ['what failed, once it is written differently', due(['failed'], text.replace('a.csv', 'c.csv')), ['a', 'b']],
    ['once more where the engine stopped, as other work may have stopped it', due(['stopped']), ['a', 'b']],
    ['no third time what stopped it twice', due(['stopped', 'stopped'], text, true), ['b']],
    ['once more again after it was seen', due(['stopped', seen, 'stopped']), ['a', 'b']],
  ];
  for (const [name, found, expected] of cases) it(`asks about ${name}`, () => assert.deepEqual(found, expected));

  it('forgets the datasets that are gone, and keeps the others', () => {
    const known = new KnownLooks();
    const before = read(text);
    for (const spec of before.drafts) known.keep(spec, before, { ...seen, dataset: spec.name });
    assert.equal(known.forgetGone(read(text.replace('  b:\n    source: b.csv\n', ''))), true);
    assert.equal(known.of('b'), undefined);
    assert.equal(known.of('a')?.dataset, 'a');
    assert.equal(known.forgetGone(read(text.replace('  b:\n    source: b.csv\n', ''))), false);
  });

  it('forgets none while the text is half typed', () => {
    const known = new KnownLooks();
    const before = read(text);
    for (const spec of before.drafts) known.keep(spec, before, seen);
    assert.equal(known.forgetGone(read(`${text}    schema: { columns: [`)), false);
    assert.equal(known.of('a'), seen);
    assert.equal(known.of('b'), seen);
  });
});
