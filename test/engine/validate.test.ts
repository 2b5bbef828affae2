/** Checks of datasets, builds and files, and builds that do not pass them. */
import assert from 'node:assert/strict';
import { readFile, rm } from 'node:fs/promises';
import { qualitySchema, type BuildReport, type Quality } from '../../src/protocol';
import { config, here, workspaces } from './support';

/** Ten rows; the third has no age, the fifth stops before it starts. */
const spans =
  'id,age,start,stop\n' +
  Array.from({ length: 10 }, (_, i) => `${i},${i === 2 ? '' : 20 + i},${i},${i === 4 ? 3 : i + 1}\n`).join('');

const found = ({ findings }: Quality): unknown[] =>
  findings.map(({ check, code, severity, locations = [] }) => [
    check,
    code,
    severity,
    ...locations.map(({ file, row, line }) => `${file}:${line} row ${row}`),
  ]);
const status = ({ checks }: Quality): Record<string, string> =>
  Object.fromEntries(checks.map((check) => [check.name, check.status]));

describe('a validation', () => {
  const workspace = workspaces();

  it('checks a dataset as its next build would read it, and says where in its files', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'raw/*.csv',
        [
          'schema: { columns: { id: { type: integer, maximum: 15 }, age: integer, start: integer, stop: integer } }',
          'split: { train: 0.5, test: 0.5, seed: 1 }',
          'transforms: [filter: { expression: id <> 6 }, derive: { column: length, expression: stop - start }]',
          'checks: { missing: 1%, consistency: { order: length >= 0 } }',
          'gates: { maxErrors: 2 }',
        ].join('\n'),
      ),
      'raw/a.csv': spans,
      'raw/b.csv': 'id,age,start,stop\n15,1,1,2\n16,1,5,2\nx,1,1,2\n',
    });
    const steps = new Set<string>();
    const quality = await space.validate('d', { checks: ['schema', 'missing', 'consistency'] }, ({ step }) =>
      steps.add(step),
    );
    assert.deepEqual(found(quality), [
      ['schema', 'cast-failed', 'error', 'raw/b.csv:4 row 3'],
      ['schema', 'constraint-maximum', 'error', 'raw/b.csv:3 row 2'],
      ['missing', 'missing-values', 'error', 'raw/a.csv:4 row 3'],
      ['consistency', 'inconsistent-rows', 'error', 'raw/a.csv:6 row 5', 'raw/b.csv:3 row 2'],
    ]);
    // The row that cannot be read is no row, and a step takes one away.
    const { rows, columns, of, passed, gates, config: configPath } = quality;
    assert.deepEqual(
      { rows, columns, of, passed, configPath },
      { rows: 11, columns: 5, of: 'source', passed: false, configPath: space.path('.mldata.yaml') },
    );
    assert.deepEqual(gates, [{ name: 'maxErrors', limit: 2, value: 4, passed: false }]);
    assert.deepEqual(status(quality), { schema: 'failed', missing: 'failed', consistency: 'failed' });
    assert.deepEqual(
      quality.findings.map(({ configPath: path }) => path?.slice(2).join('.')),
      ['schema.columns.id', 'schema.columns.id.maximum', 'schema.columns.age', 'checks.consistency.order'],
    );
    assert.ok(steps.has('read') && steps.has('consistency'), [...steps].join());
    assert.deepEqual(await space.files('.mldata/tmp'), []);
  });

  it('looks at one split, or a sample that is the same for the same seed', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'split: { train: 0.8, test: 0.2, seed: 1 }'),
      'a.csv': spans,
    });
    const only = { checks: ['missing'] as const };
    const test = await space.validate('d', { ...only, split: 'test' });
    assert.deepEqual([test.rows, test.split], [2, 'test']);
    const drawn = await space.validate('d', { ...only, sample: { share: 0.4 }, seed: 7 });
    assert.deepEqual([drawn.rows, drawn.sampled], [4, { values: 4, of: 10, seed: 7 }]);
    const again = await space.validate('d', { ...only, sample: { rows: 4 }, seed: 7, threads: 1 });
    assert.deepEqual(again.findings, drawn.findings);
    await assert.rejects(space.validate('d', { split: 'validation' }), { code: 'split-unknown' });
    await assert.rejects(space.validate('a.csv', { split: 'test' }), { code: 'split-unknown' });
  });

  it('draws a share of the rows of a split', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'split: { train: 0.6, test: 0.4, seed: 1 }'),
      'a.csv': spans,
    });
    const { rows, sampled } = await space.validate('d', {
      checks: ['missing'],
      split: 'test',
      sample: { share: 0.5 },
      seed: 7,
    });
    assert.deepEqual([rows, sampled], [2, { values: 2, of: 4, seed: 7 }]);
  });

  it('takes a file without a config, and a build as it stands with the checks it was built with', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'split: { train: 0.5, test: 0.5, seed: 1 }\nchecks: { row_count: 8 }'),
      'a.csv': spans,
      'b.jsonl': '{"x": 1}\n{"x": null}\n',
    });
    const file = await space.validate('b.jsonl', { checks: ['missing', 'row_count'] });
    assert.deepEqual(found(file), [['missing', 'missing-values', 'error', 'b.jsonl:2 row 2']]);
    assert.equal(file.of, 'files');
    await space.build();
    const build = await space.validate('datasets/d', { checks: ['row_count', 'schema'] });
    assert.deepEqual([build.of, build.rows, build.passed], ['build', 10, true]);
    const train = await space.validate('datasets/d', { checks: ['row_count'], split: 'train' });
    assert.deepEqual([train.rows, found(train)], [5, [['row_count', 'row-count', 'error']]]);
  });

  const apart = [
    ['lacks a column', 'parquet', 'SELECT 1::BIGINT AS id', 'it lacks age'],
    ['has one of another type', 'parquet', "SELECT 1::BIGINT AS id, 'x' AS age", 'age is VARCHAR instead of BIGINT'],
    ['adds a column of text', 'csv', 'SELECT 1 AS id, 2 AS age, 3 AS more', 'it adds more'],
  ] as const;
  for (const [what, format, query, difference] of apart) {
    it(`finds a split of a build whose file ${what}`, async () => {
      const space = await workspace({
        '.mldata.yaml': config(
          'a.csv',
          `schema: { columns: { id: integer, age: integer } }\nsplit: { train: 0.8, test: 0.2, seed: 1 }\noutput: { formats: [${format}], path: out }`,
        ),
        'a.csv': 'id,age\n' + Array.from({ length: 10 }, (_, i) => `${i},${i}\n`).join(''),
      });
      await space.build();
      assert.deepEqual((await space.validate('out', { checks: ['schema'] })).findings, []);
      await space.query(`COPY (${query}) TO {out/data/test.${format}} (FORMAT ${format})`);
      const { findings } = await space.validate('out', { checks: ['schema'] });
      const [finding, ...others] = findings.filter(({ code }) => /differ/.test(code));
      assert.deepEqual(others, []);
      assert.deepEqual(
        [finding?.code, finding?.severity, finding?.split, finding?.locations?.[0]?.file, finding?.configPath],
        ['splits-differ', 'error', 'test', `data/test.${format}`, ['datasets', 'd', 'split']],
      );
      assert.match(finding?.message ?? '', new RegExp(difference));
    });
  }

  it('holds the source of a build against the checks and gates it was built with', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'checks: { row_count: 8 }\ngates: { coverage: 0 }'),
      'a.csv': spans,
    });
    await space.build();
    await space.write('a.csv', 'id,age,start,stop\n0,1,1,2\n');
    const { of, checks, gates, passed } = await space.validate('datasets/d', { source: true });
    assert.deepEqual([of, passed, gates?.map(({ name }) => name)], ['source', false, ['coverage']]);
    assert.equal(checks.find(({ name }) => name === 'row_count')?.status, 'failed');
  });

  it('holds keys of other datasets against what is built of them', async () => {
    const space = await workspace({
      '.mldata.yaml':
        'version: 1\ndatasets:\n' +
        '  orders:\n    source: orders.csv\n' +
        '    schema: { foreignKeys: [{ fields: customer, reference: { resource: customers, fields: id } }] }\n' +
        '    checks: { schema: {} }\n' +
        '  customers: { source: customers.csv, output: { formats: csv } }\n',
      'orders.csv': 'order,customer\n1,7\n2,8\n3,\n4,9\n',
      'customers.csv': 'id\n7\n9\n',
    });
    const before = await space.validate('orders', { checks: ['schema'] });
    assert.deepEqual(found(before), [['schema', 'foreign-key-unchecked', 'warning']]);
    await space.build({ names: ['customers'] });
    const after = await space.validate('orders', { checks: ['schema'] });
    assert.deepEqual(found(after), [['schema', 'constraint-foreign-key', 'error', 'orders.csv:3 row 2']]);
    const { datasets } = await space.build({ names: ['orders'] });
    assert.equal(datasets[0]?.error?.code, 'checks-failed');
  });

  it('builds what keys name before what holds them, and again where it is another one', async () => {
    const keyed = (resource: string, more = '') =>
      `    schema: { foreignKeys: [{ fields: customer, reference: { resource: ${resource}, fields: id } }] }\n` +
      `    checks: { schema: {} }\n    output: { formats: csv }\n${more}`;
    const space = await workspace({
      '.mldata.yaml':
        'version: 1\ndatasets:\n' +
        `  orders:\n    source: orders.csv\n${keyed('customers')}` +
        // A circle of keys is none of datasets.
        `  customers:\n    source: customers.csv\n${keyed('orders').replace('fields: id', 'fields: order')}`,
      'orders.csv': 'order,customer\n1,7\n2,7\n',
      'customers.csv': 'id,customer\n7,1\n9,2\n',
    });
    const statuses = async (names?: string[]) =>
      (await space.build(names && { names })).datasets.map(({ status, error }) => error?.code ?? status);
    assert.deepEqual(await statuses(['orders']), ['built']);
    const { checked } = await space.manifest('orders');
    assert.deepEqual(checked?.keyVersions, { customers: null });
    assert.deepEqual(await statuses(), ['built', 'built']);
    assert.match((await space.manifest('orders')).checked?.keyVersions?.['customers'] ?? '', /^[0-9a-f]{16}$/);
    assert.deepEqual(await statuses(['orders']), ['upToDate']);
    await space.write('customers.csv', 'id,customer\n9,2\n');
    assert.deepEqual(await statuses(), ['checks-failed', 'built']);
  });

  it('is over at once when it is cancelled, and leaves nothing behind', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv'), 'a.csv': spans });
    const controller = new AbortController();
    const validation = space.validate(
      'd',
      {},
      () => {
        controller.abort();
      },
      controller.signal,
    );
    await assert.rejects(validation, { code: 'cancelled' });
    assert.deepEqual(await space.files('.mldata/tmp'), []);
  });

  it('exits with 2 by what it finds, prints one document, and writes reports', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'checks: { missing: { warn: 1% } }'),
      'a.csv': spans,
      'b.csv': spans,
    });
    const warned = await space.cli(['validate', '--checks', 'missing', '--json', '--report', 'q.json']);
    assert.equal(warned.code, 0, warned.stderr);
    const document = qualitySchema.parse(JSON.parse(warned.stdout));
    assert.deepEqual(JSON.parse(await readFile(space.path('q.json'), 'utf8')), JSON.parse(warned.stdout));
    assert.equal(document.checks[0]?.warnings, 1);
    const strict = await space.cli(['validate', 'd', '--checks=missing', '--fail-on=warning']);
    assert.equal(strict.code, 2);
    assert.match(strict.stderr, /d: Passed: 0 errors and 1 warning from 1 check of 10 rows/);
    assert.match(strict.stderr, /a\.csv:4: warning: 1 value of age is missing/);
    const failed = await space.cli(['validate', 'b.csv', 'a.csv', '--checks', 'missing', '--json']);
    assert.equal(failed.code, 2);
    assert.equal((JSON.parse(failed.stdout) as Quality[]).length, 2);
    const some = await space.cli([
      'validate',
      'b.csv',
      'gone.csv',
      'a.csv',
      '--checks=missing',
      '--json',
      '--report=s.json',
    ]);
    assert.equal(some.code, 64);
    assert.match(some.stderr, /error: There is no file, folder or build at gone\.csv/);
    assert.equal((JSON.parse(some.stdout) as Quality[]).length, 2);
    assert.deepEqual(JSON.parse(await readFile(space.path('s.json'), 'utf8')), JSON.parse(some.stdout));
    const wrong = await space.cli(['validate', '--checks', 'mising']);
    assert.equal(wrong.code, 64);
    assert.match(wrong.stderr, /There is no check mising/);
  });
});

describe('a build with checks', () => {
  const workspace = workspaces(here);
  const checks = 'checks: { missing: 20% }';
  const broken = spans.replace(/,2\d,/g, ',,');

  const one = ({ datasets: [dataset] }: BuildReport) => dataset;

  it('publishes what passes, and a report of the checks beside the others', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', `${checks}\ngates: { coverage: 0 }`),
      'a.csv': spans,
    });
    const built = await space.buildOne();
    assert.equal(built.status, 'built');
    assert.ok(built.steps.some(({ step }) => step === 'check'));
    const quality = qualitySchema.parse(
      JSON.parse(await readFile(space.path('datasets/d/reports/quality.json'), 'utf8')),
    );
    assert.deepEqual([quality.passed, status(quality)], [true, { missing: 'passed' }]);
    assert.equal(quality.config, undefined);
    const { checked, config: program } = await space.manifest('d');
    assert.deepEqual(checked, {
      checks: { missing: { thresholds: { error: 0.2, columns: {} } } },
      gates: { coverage: 0 },
      ...{ passed: true, errors: 0, warnings: 0 },
    });
    assert.ok(!('checks' in program) && !('gates' in program));
    assert.equal((await space.buildOne()).status, 'upToDate');
  });

  it('keeps what was built before where it does not pass, unless it is told to publish that', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv', checks), 'a.csv': spans });
    await space.buildOne();
    const before = await space.manifest('d');
    await space.write('a.csv', broken);
    const failed = one(await space.build());
    assert.deepEqual(
      [failed?.status, failed?.error?.kind, failed?.error?.code],
      ['failed', 'checkFailed', 'checks-failed'],
    );
    assert.match(
      failed?.error?.message ?? '',
      /missing\. Nothing was written; what was built before stays\. .* --publish-failing\.$/,
    );
    assert.deepEqual(
      failed?.findings.map(({ code }) => code),
      ['empty-column'],
    );
    assert.deepEqual(await space.manifest('d'), before);

    const published = await space.buildOne({ publishFailing: true });
    assert.equal(published.status, 'built');
    assert.ok(published.findings.some(({ code }) => code === 'empty-column'));
    assert.equal((await space.manifest('d')).checked?.passed, false);
    assert.equal((await space.buildOne({ publishFailing: true })).status, 'upToDate');
    // It stands, but whoever does not ask for that is told.
    assert.equal(one(await space.build())?.error?.code, 'checks-failed');
  });

  it('is made again where the checks are others, and is the same version', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv', checks), 'a.csv': spans });
    const first = await space.buildOne();
    await space.write('.mldata.yaml', config('a.csv', 'checks: { missing: 5% }'));
    assert.equal(one(await space.build())?.error?.code, 'checks-failed');
    await space.write('.mldata.yaml', config('a.csv', 'checks: { row_count: 3 }'));
    const second = await space.buildOne();
    assert.equal(second.status, 'built');
    assert.deepEqual(
      second.artifacts.map(({ sha256 }) => sha256),
      first.artifacts.map(({ sha256 }) => sha256),
    );
    assert.equal((await space.manifest('d')).parent, undefined);
    // What is no longer checked has no report.
    await space.write('.mldata.yaml', config('a.csv'));
    assert.equal((await space.buildOne()).status, 'built');
    assert.deepEqual(await space.files('datasets/d/reports'), ['build.json']);
  });

  it('is held against the clock again once its rows may be too old, and only then', async () => {
    const hourAgo = new Date(Date.now() - 3600e3).toISOString().slice(0, 19);
    const body = (error: string) =>
      `schema: { columns: { at: datetime } }\nchecks: { freshness: { column: at, error: ${error} } }`;
    const space = await workspace({ '.mldata.yaml': config('a.csv', body('2h')), 'a.csv': `at\n${hourAgo}\n` });
    await space.buildOne();
    const { checked } = await space.manifest('d');
    assert.equal(Date.parse(checked?.until ?? ''), Date.parse(`${hourAgo}Z`) + 2 * 3600e3);
    assert.equal((await space.buildOne()).status, 'upToDate');
    // As if so much time had passed.
    const manifest = 'datasets/d/manifest.yaml';
    const text = await readFile(space.path(manifest), 'utf8');
    await space.write(manifest, text.replace(checked?.until ?? '', hourAgo));
    assert.equal((await space.buildOne()).status, 'built');
    assert.equal((await space.manifest('d')).checked?.until, checked?.until);
  });

  it('fails with a gate that is missed, and with a check that cannot be made', async () => {
    const space = await workspace({
      '.mldata.yaml': config('a.csv', 'checks: { missing: { warn: 1% } }\ngates: { maxWarnings: 0 }'),
      'a.csv': spans,
    });
    assert.match(one(await space.build())?.error?.message ?? '', /does not pass its checks: the gate maxWarnings\./);
    await space.write('.mldata.yaml', config('a.csv', 'checks: { consistency: { a: agee > 1 } }'));
    const failed = one(await space.build());
    assert.deepEqual(
      failed?.findings.map(({ code, message, configPath }) => [code, message, configPath?.join('.')]),
      [['check-expression', 'There is no column agee here. Did you mean age?', 'datasets.d.checks.consistency.a']],
    );
  });

  it('is held up by gates alone', async () => {
    const space = await workspace({ '.mldata.yaml': config('a.csv', 'gates: { coverage: 50% }'), 'a.csv': spans });
    assert.match(one(await space.build())?.error?.message ?? '', /does not pass its checks: the gate coverage\./);
    await space.write('.mldata.yaml', config('a.csv', 'gates: { coverage: 0 }'));
    await space.buildOne();
    const { checked } = await space.manifest('d');
    assert.deepEqual([checked?.checks, checked?.gates, checked?.passed], [{}, { coverage: 0 }, true]);
    assert.equal((await space.buildOne()).status, 'upToDate');
  });

  it('checks the rows that reach the split, before any step has learned from them', async () => {
    const space = await workspace({
      '.mldata.yaml': config(
        'a.csv',
        [
          'transforms: [sort: { by: { column: id, order: desc } }, fill_missing: { columns: age, strategy: median }]',
          'split: { train: 0.5, test: 0.5, seed: 1 }',
          'checks: { missing: { warn: 1% } }',
        ].join('\n'),
      ),
      'a.csv': spans,
    });
    const [finding] = (await space.buildOne()).findings;
    assert.deepEqual([finding?.code, finding?.locations], ['missing-values', [{ file: 'a.csv', row: 3, line: 4 }]]);
    const [{ nulls } = { nulls: -1 }] = await space.query(
      'SELECT count(*) - count(age) AS nulls FROM read_parquet({datasets/d/data/train.parquet})',
    );
    assert.equal(Number(nulls), 0);
    await rm(space.path('datasets'), { recursive: true });
  });
});
