/** Writing `drift:` in an editor: what is offered, what is said of a key, and what can be done about a column that drifted. */
import assert from 'node:assert/strict';
import { parseConfig } from '../../../../src/config';
import { readDocument } from '../../../../src/config/document';
import { completionsAt, fixesFor, topicAt } from '../../../../src/config/language';
import type { Drift, DriftMeasure, Finding, Levels } from '../../../../src/protocol';
import { cursor, dataset, looks } from './support';

describe('completion of drift', () => {
  const offered = (marked: string): string => {
    const { text, offset } = cursor(marked);
    return (completionsAt(text, offset, looks)?.items ?? []).map(({ label }) => label).join(' ');
  };
  for (const [what, marked, begins] of [
    ['its keys', dataset('drift:\n  |'), 'baseline preset method thresholds bins'],
    ['measures that have levels', dataset('drift: { thresholds: { | } }'), 'psi kl klReverse js hellinger'],
    ['methods', dataset('drift: { method: | }'), 'auto psi kl klReverse js'],
    ['columns of the data', dataset('drift:\n  columns:\n    |'), 'Age Sex Class'],
    ['keys of a column', dataset('drift: { columns: { Age: { | } } }'), 'method thresholds bins importance muted'],
    ['methods of a column', dataset('drift: { columns: { Age: { method: | } } }'), 'psi kl'],
    ['the column of the windows', dataset('drift: { window: { column: | } }'), 'Age Sex Class'],
    ['lengths of windows', dataset('drift: { window: { column: Age, by: | } }'), 'day week month'],
    ['levels of alerts', dataset('drift: { alerts: { level: | } }'), 'low medium high'],
  ] as const)
    it(`offers ${what}`, () => {
      assert.ok(offered(marked).startsWith(begins), offered(marked));
    });

  it('has a word about every key', () => {
    const { text, offset } = cursor(dataset('drift:\n  base|line: previous\n'));
    const topic = topicAt(text, readDocument(text), offset);
    assert.ok(topic?.kind === 'key');
    assert.match(topic.description, /^What a build is held against/);
  });
});

describe('fixes of a column that drifted', () => {
  const written =
    'schema: { columns: { Age: number } }\n# watched since spring\ndrift:\n  baseline: previous # the last build\n';
  const path = ['datasets', 'a', 'schema', 'columns', 'Age'];
  const finding = (code: string): Finding => {
    return { code, severity: 'error', message: 'Age drifted.', dataset: 'a', column: 'Age', configPath: path };
  };
  const measured = (decidedBy: DriftMeasure, value: number, levels: Levels, decidingProperty?: string): Drift =>
    // Of the document nothing else counts here.
    ({ columns: [{ name: 'Age', decidedBy, value, levels, ...(decidingProperty && { decidingProperty }) }] }) as Drift;
  const fixes = (code: string, body: string, drift?: Drift) =>
    fixesFor(finding(code), dataset(body), looks, drift).map(({ deed, text }) => ({ deed, text }));
  const driftOf = (text: string) => {
    const { findings, datasets } = parseConfig(text, 'f');
    assert.deepEqual(findings, []);
    return datasets[0]?.drift;
  };

  it('mute it, and leave the rest as it is written', () => {
    const [fix] = fixes('drift-column', written);
    assert.deepEqual(fix?.deed, { does: 'mute', column: 'Age' });
    assert.equal(fix.text, dataset(`${written}  columns:\n    Age:\n      muted: true\n`));
  });

  for (const code of ['drift-column-added', 'drift-column-removed', 'drift-column-retyped'])
    it(`mute a column that is told as ${code}`, () => {
      assert.deepEqual(
        fixes(code, written).map(({ deed }) => deed.does),
        ['mute'],
      );
    });

  it('mute it beside others', () => {
    const [fix] = fixes('drift-variants', 'drift: { columns: { Sex: { muted: true }, Age: { importance: 2 } } }');
    assert.deepEqual(driftOf(fix?.text ?? '')?.columns, { Sex: { muted: true }, Age: { importance: 2, muted: true } });
  });

  for (const [what, value, measure, levels, raised] of [
    ['an index', 0.314, 'psi', [0.1, 0.2, 0.25], [0.32, 0.64, 0.8]],
    ['a distance that is round', 0.2, 'js', [0.1, 0.2, 0.3], [0.21, 0.42, 0.63]],
    ['a p-value, which falls', 0.00042, 'ks', [0.05, 0.01, 0.001], [0.00041, 0.000082, 0.0000082]],
  ] as const)
    it(`raise its levels above ${what}, all by the same factor`, () => {
      const [, fix] = fixes('drift-column', written, measured(measure, value, [...levels]));
      assert.deepEqual(fix?.deed, { does: 'raise', measure, column: 'Age', to: String(raised[0]) });
      assert.deepEqual(driftOf(fix.text)?.columns, { Age: { method: measure, thresholds: [...raised] } });
    });

  it('raise the levels of missing values for all columns', () => {
    const [, fix] = fixes('drift-missing-share', written, measured('missing', 0.5, [0.05, 0.1, 0.2]));
    assert.deepEqual(driftOf(fix?.text ?? '')?.thresholds, { missing: [0.51, 1, 1] });
  });

  for (const [what, drift] of [
    ['nothing is known of the comparison', undefined],
    ['a property of its values decided', measured('psi', 0.3, [0.1, 0.2, 0.25], 'length')],
    ['the p-value is as good as 0', measured('ks', 1e-40, [0.05, 0.01, 0.001])],
    ['every value is missing', measured('missing', 1, [0.05, 0.1, 0.2])],
  ] as const)
    it(`only mute it where ${what}`, () => {
      const deeds = fixes('drift-column', written, drift).map(({ deed }) => deed.does);
      assert.deepEqual(deeds, ['mute']);
    });
});
