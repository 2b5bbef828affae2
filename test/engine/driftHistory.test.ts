/** A build is held against the baseline of its config once it stands, and what comes of that is kept with its versions. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LocalEngine } from '../../src/engine';
import { versionId } from '../../src/engine/manifest';
import { VersionsFile } from '../../src/engine/versions';
import {
  driftHistorySchema,
  driftSchema,
  type DatasetBuild,
  type Drift,
  type DriftEntry,
  type MldataError,
} from '../../src/protocol';
import { codes, config, here, workspaces, type Workspace } from './support';
import { leftovers, wholeBuild } from './whole';

const engine = new LocalEngine(resolve('dist/job.js'));
const never = new AbortController().signal;
const REPORT = 'datasets/d/reports/drift.json';
const YAML = 'datasets/d/versions.yaml';

const entry = (version: string, at: string, more: Partial<DriftEntry> = {}): DriftEntry => ({
  version: version.repeat(16),
  baseline: '0'.repeat(16),
  at,
  drifted: 1,
  compared: 2,
  share: 0.5,
  severity: 'high',
  columns: { x: { status: 'high', by: 'psi', value: 1.5 } },
  ...more,
});

describe('the drift history in versions.yaml', () => {
  let folder: string;
  const path = () => join(folder, 'versions.yaml');
  const text = () => readFile(path(), 'utf8');
  const read = () => VersionsFile.read(folder, 'd');
  const change = async (work: (file: VersionsFile) => void) => {
    const file = await read();
    work(file);
    await file.save(join(folder, '.staging'));
  };
  const note = (...entries: readonly DriftEntry[]) =>
    change((file) => {
      for (const one of entries) file.noteDrift(one);
    });
  const noted = async () => (await read()).content.drift?.map(({ version }) => version.slice(0, 1));

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mldata-drift-'));
    await change((file) => {
      file.move('production', '0'.repeat(16));
    });
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('begins with the first comparison at the end of the file, one line for each', async () => {
    const before = await text();
    await note(entry('a', '2026-01-01'), entry('b', '2026-01-02', { columns: {}, drifted: 0 }));
    assert.equal(
      (await text()).replace(before, ''),
      [
        '',
        '# How far each version was from what it was held against.',
        '# `mldata drift history --prune N` keeps the last N.',
        'drift:',
        '  - { version: aaaaaaaaaaaaaaaa, baseline: "0000000000000000", at: 2026-01-01, drifted: 1, compared: 2, share: 0.5, severity: high, columns: { x: { status: high, by: psi, value: 1.5 } } }',
        '  - { version: bbbbbbbbbbbbbbbb, baseline: "0000000000000000", at: 2026-01-02, drifted: 0, compared: 2, share: 0.5, severity: high, columns: {} }',
        '',
      ].join('\n'),
    );
  });

  it('adds nothing where the same versions came to the same, and a line where they came to something else', async () => {
    await note(entry('a', '2026-01-01'), entry('b', '2026-01-02'), entry('a', '2026-01-03'));
    assert.deepEqual(await noted(), ['a', 'b']);
    await note(entry('a', '2026-01-04', { severity: 'low' }));
    assert.deepEqual(await noted(), ['a', 'b', 'a']);
  });

  it('is cut to its last lines, with the comments of those and all else as it was', async () => {
    await note(entry('a', '2026-01-01'), entry('b', '2026-01-02'), entry('c', '2026-01-03'));
    await writeFile(path(), (await text()).replace(/(  - \{ version: c.*)/, '  # the new sensor\n$1 # look at this'));
    await change((file) => {
      file.pruneDrift(2);
    });
    assert.deepEqual(await noted(), ['b', 'c']);
    assert.match(
      await text(),
      /# How far[^]*drift:\n  - \{ version: b.*\n  # the new sensor\n  - \{ version: c.* # look at this\n$/,
    );
    assert.match(await text(), /production:\n    - \{ version: "0000000000000000"/);
  });

  for (const [what, first] of [
    ['that goes on', true],
    ['that both begin', false],
  ] as const)
    it(`is merged line by line: one ${what} has the lines of both branches`, async () => {
      if (first) await note(entry('a', '2026-01-01'));
      const [base, ours, theirs] = ['base', 'ours', 'theirs'].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      await writeFile(base, await text());
      await note(entry('b', '2026-01-02'));
      await writeFile(ours, await text());
      await writeFile(path(), await readFile(base));
      await note(entry('c', '2026-01-03'));
      await writeFile(theirs, await text());
      await writeFile(path(), execFileSync('git', ['merge-file', '-p', '--union', ours, base, theirs]));
      assert.deepEqual(await noted(), [...(first ? ['a'] : []), 'b', 'c']);
    });

  it('says where it cannot be read', async () => {
    await note(entry('a', '2026-01-01'));
    await writeFile(path(), (await text()).replace('drifted: 1', 'drifted: many'));
    await assert.rejects(read(), (error: MldataError) => {
      assert.equal(error.code, 'versions-unreadable');
      assert.match(error.message, /versions\.yaml:\d+: .*drift\.0\.drifted/);
      return true;
    });
  });
});

/** `x` is shifted by so much, `same` is as it was. */
function rows(shift: number): string {
  const lines = Array.from(
    { length: 400 },
    (_, row) => `${((row * 37) % 100) / 10 + shift},${((row * 53) % 100) / 10}`,
  );
  return `x,same\n${lines.join('\n')}\n`;
}

describe('a build with a baseline', () => {
  const workspace = workspaces(here);
  const previous = config('a.csv', 'drift: { baseline: previous }');

  const report = async (space: Workspace): Promise<Drift> =>
    driftSchema.parse(JSON.parse(await readFile(space.path(REPORT), 'utf8')));
  const history = async (space: Workspace, keep?: number) => {
    const request = { configPath: space.path('.mldata.yaml'), folder: space.folder, targets: [] };
    const found = await engine.driftHistory({ ...request, ...(keep !== undefined && { keep }) });
    return driftHistorySchema.parse(found).datasets[0]?.entries ?? [];
  };
  const built = async (space: Workspace, shift: number): Promise<DatasetBuild> => {
    await space.write('a.csv', rows(shift));
    return space.buildOne();
  };
  const id = async (space: Workspace) => versionId(await space.manifest('d'));

  it('is compared with the version before, and says so in its report, beside itself and in the history', async () => {
    const space = await workspace({ '.mldata.yaml': previous });
    const first = await built(space, 0);
    assert.deepEqual([first.status, codes(first), first.drift], ['built', ['drift-no-baseline'], undefined]);
    const one = await id(space);
    const second = await built(space, 3);
    const two = await id(space);
    assert.equal(second.status, 'built');
    assert.ok(codes(second).includes('drift-column'), String(codes(second)));
    assert.deepEqual(
      second.drift?.columns.map(({ name }) => name),
      ['x'],
    );
    assert.equal(second.steps.at(-1)?.step, 'compare');
    const drift = await report(space);
    assert.deepEqual([drift.baseline.versionId, drift.current.versionId], [one, two]);
    assert.deepEqual(drift.summary, second.drift.summary);
    const [noted, ...more] = await history(space);
    assert.deepEqual([noted?.version, noted?.baseline, noted?.drifted, more], [two, one, 1, []]);
    assert.deepEqual(Object.keys(noted?.columns ?? {}), ['x']);

    // What was compared is not compared again, and is told again.
    const yaml = await readFile(space.path(YAML), 'utf8');
    const again = await space.buildOne();
    assert.deepEqual([again.status, again.steps], ['upToDate', []]);
    const { alert, ...same } = second.drift;
    assert.deepEqual([again.drift, alert?.columns.map(({ name }) => name)], [same, ['x']]);
    assert.ok(codes(again).includes('drift-column'));
    assert.equal(await readFile(space.path(YAML), 'utf8'), yaml);

    // No manifest lists what came later, and a build of other rows takes it away.
    assert.ok(!(await wholeBuild(space.path('datasets/d'))).artifacts.some(({ path }) => path.includes('drift')));
    await engine.restore(
      { configPath: space.path('.mldata.yaml'), folder: space.folder, reference: 'd@previous' },
      never,
    );
    assert.ok(!(await space.files('datasets/d')).includes('reports/drift.json'));
    await space.write('a.csv', rows(0));
    assert.equal((await space.buildOne()).status, 'upToDate');
    assert.equal((await report(space)).baseline.versionId, two);
    assert.deepEqual(
      (await history(space)).map(({ version }) => version),
      [two, one],
    );
    assert.deepEqual(await leftovers(space.folder), []);

    const shown = await space.cli(['drift', 'history']);
    assert.equal(shown.code, 0, shown.stderr);
    assert.match(
      shown.stderr,
      new RegExp(`d: 2 versions compared\\n  ${two.slice(0, 8)}  from ${one.slice(0, 8)}.* 1 of 2 `),
    );
    assert.match(shown.stderr, /\n {2}x +HH\n/);
    const pruned = await space.cli(['drift', 'history', 'd', '--prune', '1', '--json']);
    const document = driftHistorySchema.parse(JSON.parse(pruned.stdout));
    assert.deepEqual(
      document.datasets[0]?.entries.map(({ version }) => version),
      [one],
    );
    assert.equal((await history(space)).length, 1);
  });

  it('is whole where somebody cancels the comparison, which the next build makes up for', async () => {
    const space = await workspace({ '.mldata.yaml': previous });
    await built(space, 0);
    await space.write('a.csv', rows(3));
    const controller = new AbortController();
    const { datasets } = await space.build(
      {},
      ({ step }) => {
        if (step === 'compare') controller.abort();
      },
      controller.signal,
    );
    assert.deepEqual(
      datasets.map((build) => [build.status, codes(build)]),
      [['built', ['drift-not-compared']]],
    );
    await wholeBuild(space.path('datasets/d'));
    assert.deepEqual([await history(space), await leftovers(space.folder)], [[], []]);
    const next = await space.buildOne();
    assert.deepEqual([next.status, next.drift?.columns.length], ['upToDate', 1]);
    assert.equal((await history(space)).length, 1);
  });

  for (const [what, baseline, says] of [
    ['a file that is not there', 'gone.csv', /gone\.csv/],
    ['a tag that no version has', 'production', /production/],
  ] as const)
    it(`is whole where its baseline is ${what}, and says on its line what to do`, async () => {
      const space = await workspace({ '.mldata.yaml': config('a.csv', `drift: { baseline: ${baseline} }`) });
      const { status, findings } = await built(space, 0);
      const [finding, ...more] = findings;
      assert.deepEqual(
        [status, finding?.code, finding?.severity, more],
        ['built', 'drift-not-compared', 'warning', []],
      );
      assert.match(finding?.message ?? '', says);
      assert.deepEqual(finding?.configPath, ['datasets', 'd', 'drift', 'baseline']);
    });

  it('is compared with a file, and once a tag is given with the version that has it', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'drift: { baseline: base.csv }'),
      'base.csv': rows(0),
    });
    assert.deepEqual(
      (await built(space, 3)).drift?.columns.map(({ name }) => name),
      ['x'],
    );
    assert.deepEqual((await history(space))[0]?.baseline, 'base.csv');
    const place = { configPath: space.path('.mldata.yaml'), folder: space.folder };
    await engine.tag({ ...place, reference: 'd', tag: 'production', action: 'move' }, never);
    const tagged = await id(space);
    await space.write('.mldata.yaml', config('a.csv', 'drift: { baseline: production }'));
    assert.deepEqual((await built(space, 3.001)).drift?.columns, []);
    assert.deepEqual((await history(space)).at(-1)?.baseline, tagged);
    // Of the build that replaces it nothing is compared, so that nothing stands there.
    await space.write('.mldata.yaml', config('a.csv'));
    assert.ok((await space.files('datasets/d')).includes('reports/drift.json'));
    await built(space, 5);
    assert.ok(!(await space.files('datasets/d')).includes('reports/drift.json'));
  });

  it('leaves alone what somebody else put in the place of its comparison', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'drift: { baseline: base.csv }'),
      'base.csv': rows(0),
    });
    await space.write(REPORT, '{ "mine": true }');
    const build = await built(space, 3);
    assert.deepEqual([build.status, codes(build).filter((code) => code === 'drift-not-kept').length], ['built', 1]);
    assert.equal(await readFile(space.path(REPORT), 'utf8'), '{ "mine": true }');
    assert.equal((await built(space, 4)).status, 'built');
    assert.equal(await readFile(space.path(REPORT), 'utf8'), '{ "mine": true }');
  });

  it('has the same id, manifest and data with a comparison as without one', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'base.csv': rows(0) });
    await built(space, 3);
    const before = await id(space);
    await space.write('.mldata.yaml', config('a.csv', 'drift: { baseline: base.csv, share: 20% }'));
    const build = await space.buildOne();
    assert.deepEqual([build.status, await id(space)], ['upToDate', before]);
    assert.equal(build.drift?.summary.compared, 2);
    const bytes = await readFile(space.path('datasets/d/manifest.yaml'), 'utf8');
    assert.doesNotMatch(bytes, /drift/);
  });
});
