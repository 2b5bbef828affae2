/** What a stage says of a dataset, beside what somebody added to it. */
import assert from 'node:assert/strict';
import { parse } from 'yaml';
import { buildCommand } from '../../../src/engine/tracking/pipeline/command';
import { parametersOf } from '../../../src/engine/tracking/pipeline/parameters';
import { isStageOf, noteOf, parsePipeline } from '../../../src/engine/tracking/pipeline/pipelineFile';
import { applyPlan, literal, type StagePlan } from '../../../src/engine/tracking/pipeline/stage';
import { withStage } from '../../../src/engine/tracking/pipeline/stageText';

const plan: StagePlan = {
  dataset: 'x',
  cmd: 'mldata build x --no-track',
  deps: ['raw'],
  params: { file: '.mldata.yaml', keys: ['datasets.x', 'defaults'] },
  outs: [{ path: 'out/data', options: { persist: true } }],
  metrics: [{ path: 'out/metrics.json', options: { cache: false } }],
  plots: [],
};

function written(text: string, wanted: Partial<StagePlan> = {}): string {
  const stage = parsePipeline(text, '/dvc.yaml').stages['x'];
  return withStage(text, 'x', (map, document) => {
    applyPlan(map, document, { ...plan, ...wanted }, (stage && noteOf(stage)?.paths) ?? []);
  });
}
const stageIn = (text: string) => (parse(text) as { stages: { x: Record<string, unknown> } }).stages.x;

describe('a stage of a dataset', () => {
  const first = written('');

  it('says how it is built, from what, and what comes of it', () => {
    assert.deepEqual(stageIn(first), {
      cmd: 'mldata build x --no-track',
      deps: ['raw'],
      params: [{ '.mldata.yaml': ['datasets.x', 'defaults'] }],
      outs: [{ 'out/data': { persist: true } }],
      metrics: [{ 'out/metrics.json': { cache: false } }],
      meta: { mldata: { dataset: 'x', paths: ['raw', 'out/data', 'out/metrics.json'] } },
    });
  });

  it('stays as it is to the byte where nothing changed', () => {
    assert.equal(written(first), first);
    const edited = first.replace(
      '    deps:\n    - raw\n',
      '    desc: "mine"\n    frozen:   true\n    deps: [  raw, more.py ]\n',
    );
    assert.equal(written(edited), edited);
  });

  it('keeps what somebody added, and drops what mldata wrote and the dataset does not have any more', () => {
    const edited = first
      .replace('    - raw\n', '    - raw\n    - more.py # mine\n')
      .replace('      - defaults\n', '      - defaults\n      - versions\n    - seed\n')
      .replace('        persist: true\n', '        persist: true\n        push: false\n    - extra\n')
      .replace('    meta:\n', '    always_changed: true\n    meta:\n      team: a\n');
    const next = written(edited, {
      deps: ['sources'],
      params: { file: '.mldata.yaml', keys: ['datasets.x'] },
      outs: [plan.outs[0], { path: 'out/csv', options: { persist: true } }].flatMap((out) => out ?? []),
    });
    assert.deepEqual(stageIn(next), {
      cmd: plan.cmd,
      deps: ['more.py', 'sources'],
      params: [{ '.mldata.yaml': ['datasets.x', 'versions'] }, 'seed'],
      outs: [{ 'out/data': { persist: true, push: false } }, 'extra', { 'out/csv': { persist: true } }],
      metrics: [{ 'out/metrics.json': { cache: false } }],
      always_changed: true,
      meta: { team: 'a', mldata: { dataset: 'x', paths: ['sources', 'out/data', 'out/csv', 'out/metrics.json'] } },
    });
    assert.match(next, /- more\.py # mine\n/);
  });

  const commands = [
    { cmd: 'mldata build x', kept: false },
    { cmd: 'mldata build x --no-track --workers 4', kept: true },
    { cmd: ['mldata build x --no-track', 'python after.py'], kept: true },
    { cmd: 'make x', kept: false },
  ];
  for (const { cmd, kept } of commands) {
    it(`${kept ? 'keeps' : 'replaces'} the command ${JSON.stringify(cmd)}`, () => {
      const text = first.replace('mldata build x --no-track', JSON.stringify(cmd));
      assert.deepEqual(stageIn(written(text))['cmd'], kept ? cmd : plan.cmd);
    });
  }

  it('has outputs that DVC does not remove before a build', () => {
    const text = first.replace('    - out/data:\n        persist: true\n', '    - out/data\n');
    assert.deepEqual(stageIn(written(text))['outs'], [{ 'out/data': { persist: true } }]);
  });

  it('writes out a list that stands elsewhere', () => {
    const text = 'vars: &all [a.py]\nstages:\n  x:\n    cmd: mldata build x\n    deps: *all\n';
    const next = written(text);
    assert.deepEqual(stageIn(next)['deps'], ['a.py', 'raw']);
    assert.match(next, /^vars: &all \[a\.py\]\n/);
  });

  it('quotes what DVC would take for a number or a date', () => {
    const next = written('', { deps: ['2026-01-31', '1_000', "it's: #1", 'null'] });
    assert.match(next, /- '2026-01-31'\n {4}- '1_000'\n/);
    assert.deepEqual(stageIn(next)['deps'], ['2026-01-31', '1_000', "it's: #1", 'null']);
  });

  it('leaves nothing for DVC to fill in', () => {
    assert.equal(literal('a ${b} $c'), 'a \\${b} $c');
  });

  const recognised = [
    { stage: { cmd: 'mldata build x --no-track' }, is: true },
    { stage: { cmd: ['echo', 'mldata build x'] }, is: true },
    { stage: { cmd: 'mldata build xy' }, is: false },
    { stage: { cmd: 'make', meta: { mldata: { dataset: 'x' } } }, is: true },
    { stage: { cmd: 'mldata build x', meta: { mldata: { dataset: 'y' } } }, is: false },
    { stage: {}, is: false },
  ];
  for (const { stage, is } of recognised) {
    it(`is ${is ? '' : 'not '}what ${JSON.stringify(stage)} says`, () => {
      assert.equal(isStageOf({ meta: undefined, ...stage }, 'x'), is);
    });
  }
});

describe('the command of a stage', () => {
  const cases = [
    { dataset: 'x', config: '.mldata.yaml', cmd: 'mldata build x --no-track' },
    { dataset: '-x', config: '.mldata.yaml', cmd: 'mldata build --no-track -- -x' },
    { dataset: 'x', config: 'other.yaml', cmd: 'mldata build x --config other.yaml --no-track' },
    { dataset: 'x', config: 'my config.yaml', cmd: 'mldata build x --config "my config.yaml" --no-track' },
    { dataset: 'x', config: 'a;b&c.yaml', cmd: 'mldata build x --config "a;b&c.yaml" --no-track' },
    { dataset: 'x', config: '-c;.yaml', cmd: 'mldata build x --config "./-c;.yaml" --no-track' },
  ];
  for (const { dataset, config, cmd } of cases) {
    it(`is ${cmd}`, async () => {
      assert.equal(await buildCommand(dataset, `/nowhere/${config}`, '/nowhere'), cmd);
    });
  }
  for (const config of ['a"b.yaml', '$(x).yaml', '`x`.yaml', '%PATH%.yaml', 'a\nb.yaml']) {
    it(`is none with the config ${JSON.stringify(config)}`, async () => {
      await assert.rejects(buildCommand('x', `/nowhere/${config}`, '/nowhere'), { code: 'stage-config-name' });
    });
  }
});

describe('the parameters of a stage', () => {
  const cases = [
    { text: 'datasets: { x: { a: 1 } }\ndefaults: { b: 1 }', keys: ['datasets.x', 'defaults'], whole: true },
    { text: 'datasets: { x: { a: 1 } }', keys: ['datasets.x'], whole: false },
    { why: 'a date', text: 'datasets: { x: { a: 2026-01-31 } }\ndefaults:', keys: ['defaults'], whole: false },
    { why: 'a text', text: 'datasets: { x: { a: "2026-01-31" } }', keys: ['datasets.x'], whole: false },
    { why: 'keys of two kinds', text: 'datasets: { x: { 1: a, b: c } }', keys: [], whole: false },
    { why: 'keys of one kind', text: 'datasets: { x: { 1: a, 2: c } }', keys: ['datasets.x'], whole: false },
    { why: 'a dot', name: 'x.1', text: 'datasets: { x.1: { a: 1 } }', keys: [], whole: false },
    { why: 'a number', name: '12', text: 'datasets: { 12: { a: 1 } }', keys: [], whole: false },
    { why: 'a tag', text: 'datasets: { x: !it { a: 1 } }', keys: [], whole: false },
  ];
  for (const { why, name = 'x', text, keys, whole } of cases) {
    it(`are ${keys.join(' and ') || 'none'} ${why === undefined ? `of ${text.split('\n').join(', ')}` : `with ${why}`}`, () => {
      assert.deepEqual(parametersOf(text, name), { keys, whole });
    });
  }
});

describe('a broken dvc.yaml', () => {
  const cases = [
    { text: 'stages:\n  x:\n    cmd: a\n  x:\n    cmd: b\n', at: [4, 3] },
    { text: 'stages:\n  x: {cmd: [a\n', at: [3, 1] },
    { text: 'stages:\n  x: 7\n', at: [2, 6] },
    { text: 'stages: [a]\n', at: [1, 9] },
    { text: '<<<<<<< HEAD\nstages: {}\n', at: [1, 1] },
  ];
  for (const { text, at } of cases) {
    it(`is told with its place: ${JSON.stringify(text)}`, () => {
      assert.throws(
        () => parsePipeline(text, '/w/dvc.yaml'),
        ({ code, findings }: { code: string; findings: { locations: { line: number; column: number }[] }[] }) => {
          const [place] = findings[0]?.locations ?? [];
          assert.deepEqual([code, place?.line, place?.column], ['dvc-yaml-broken', ...at]);
          return true;
        },
      );
    });
  }
});
