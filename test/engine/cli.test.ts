import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { buildPlanSchema, buildReportSchema, errorReportSchema, putBackSchema } from '../../src/protocol';
import { onPath } from '../host/processes';
import { CLI, startCli, until, Watched } from './commandLine';
import { config, workspaces, type Workspace } from './support';
import { leftovers, table, wholeBuild } from './whole';

const cities = 'id,city,size\n1,Oslo,3.5\n2,Rome,\n3,Aix,1.25\n';
const good = { '.mldata.yaml': config('cities.csv'), 'cities.csv': cities };
const typed = (columns: string) => ({
  ...good,
  '.mldata.yaml': config('cities.csv', `schema: { columns: ${columns} }`),
});

describe('the exit code', () => {
  const workspace = workspaces();

  const cases: [string, number, RegExp, Record<string, string>, string[]][] = [
    ['a good build', 0, /d: built in/, good, ['build']],
    ['a good build of one by name', 0, /d: built in/, good, ['build', 'd']],
    ['a plan', 0, /d: would read 1 file/, good, ['build', '--dry-run']],
    ['a first config', 0, /Wrote .*\.mldata\.yaml with cities\./, { 'cities.csv': cities }, ['init', 'cities.csv']],
    ['--help', 0, /^$/, {}, ['--help']],
    ['--help of a command', 0, /^$/, {}, ['build', '--help']],
    ['--version', 0, /^$/, {}, ['--version']],
    ['a missing source', 1, /matches no data file/, { '.mldata.yaml': config('gone.csv') }, ['build']],
    ['a plan of a missing source', 1, /no data file/, { '.mldata.yaml': config('no.csv') }, ['build', '--dry-run']],
    [
      'a cell of another type',
      1,
      /cities\.csv:2: error: .*\[cast-failed\]\n {4}"Oslo"/,
      { ...typed('{ city: { type: integer } }'), 'cities.csv': 'id,city\n1,Oslo\n' },
      ['build'],
    ],
    [
      'a broken constraint',
      2,
      /\[required-empty\]|required/,
      typed('{ size: { type: number, required: true } }'),
      ['build'],
    ],
    ['a column that is not there', 2, /\[column-missing\]/, typed('{ population: { type: integer } }'), ['build']],
    [
      'no config',
      3,
      /no \.mldata\.yaml or mldata\.yaml in this folder or above it.*mldata init/,
      { 'a/.git/HEAD': '' },
      ['build'],
    ],
    ['a config that is not there', 3, /elsewhere\.yaml cannot be read/, good, ['build', '--config', 'elsewhere.yaml']],
    [
      'an error in the config',
      3,
      /\.mldata\.yaml:5:5: error: .*[Uu]nknown.*\n?.*`?split`?/,
      { ...good, '.mldata.yaml': config('cities.csv', 'splitt: {}') },
      ['build'],
    ],
    [
      'YAML that is none',
      3,
      /\.mldata\.yaml:3:\d+: error: /,
      { '.mldata.yaml': 'version: 1\ndatasets:\n\td: {}\n' },
      ['build'],
    ],
    [
      'a path that leaves the workspace',
      3,
      /leaves .*--allow-outside-paths/,
      { '.mldata.yaml': config('../cities.csv') },
      ['build'],
    ],
    ['no command', 64, /Usage: mldata/, {}, []],
    ['an unknown command', 64, /unknown command 'biuld'.*\n.*build/, {}, ['biuld']],
    ['an unknown option', 64, /unknown option '--fast'/, good, ['build', '--fast']],
    ['an unknown dataset', 64, /has no dataset e\. It has d\./, good, ['build', 'e']],
    ['no number of threads', 64, /'0' is invalid\. Give a whole number/, good, ['build', '--workers', '0']],
    [
      'too many threads',
      64,
      /^error: 2000 is no number of threads\. Give a whole number from 1 to 1024/,
      good,
      ['build', '--workers', '2000'],
    ],
    [
      'no amount of memory',
      64,
      /^error: .*lots is no amount of memory.*512MB/,
      good,
      ['build', '--memory-limit', 'lots'],
    ],
    ['no memory', 64, /^error: .*0MB is no amount of memory/, good, ['build', '--memory-limit', '0MB']],
    ['an unknown format', 64, /^error: .*xml.*parquet, csv, jsonl, arrow/, good, ['build', '--format', 'xml']],
    ['an unknown codec', 64, /^error: .*lzma.*zstd/, good, ['build', '--compression', 'lzma']],
    [
      'a codec that the format cannot do',
      64,
      /^error: .*brotli/,
      good,
      ['build', '--format', 'csv', '--compression', 'brotli'],
    ],
    ['init over a config', 64, /exists\. Say --force/, good, ['init', 'cities.csv']],
    ['init without a file', 64, /Name at least one data file/, {}, ['init']],
    ['a folder that is no quarantine', 64, /There is no moved\.jsonl/, good, ['put-back', '.']],
    ['init of a file that is not there', 64, /gone\.csv matches no data file/, {}, ['init', 'gone.csv']],
  ];
  for (const [name, code, words, files, args] of cases) {
    it(`is ${code} for ${name}`, async () => {
      const space = await workspace({ '.git/HEAD': '', ...files });
      const cwd = 'a/.git/HEAD' in files ? space.path('a') : space.folder;
      const result = await space.cli(args, { cwd });
      assert.equal(result.code, code, result.stderr);
      assert.match(result.stderr, words);
      assert.doesNotMatch(result.stderr, /^ {4}at /m);
      const asked = args.some((arg) => arg === '--help' || arg === '--version');
      assert.equal(result.stdout === '', !asked, 'words for people go to standard error');
    });
  }

  it('is that of the first dataset that failed', async () => {
    const space = await workspace({
      ...good,
      '.mldata.yaml':
        'version: 1\ndatasets:\n  a: { source: cities.csv }\n' +
        '  b: { source: cities.csv, schema: { columns: { size: { type: number, required: true } } } }\n' +
        '  c: { source: gone.csv }\n',
    });
    assert.equal((await space.cli(['build'])).code, 2);
    await wholeBuild(space.path('datasets/a'));
  });
});

describe('files that are not whole', () => {
  const workspace = workspaces();

  it('are moved aside and put back, but not over another', async () => {
    const space = await workspace({
      '.git/HEAD': '',
      '.mldata.yaml': config('photos.csv', 'schema: { columns: { photo: image } }'),
      'photos.csv': 'photo\na.png\nb.png\n',
      'a.png': '<html></html>',
      'b.png': '<html></html>',
    });
    assert.equal((await space.cli(['validate', '--checks', 'files', '--quarantine', 'aside'])).code, 2);
    await space.write('a.png', 'another');
    const first = await space.cli(['put-back', 'aside']);
    assert.equal(first.code, 1, first.stderr);
    assert.match(
      first.stderr,
      /Put back .*b\.png\nerror: Another file stands at .*a\.png now: move it away, and put back again\.\n1 file of .*aside put back, 1 not\./,
    );
    await rm(space.path('a.png'));
    const second = await space.cli(['put-back', 'aside', 'a.png', '--json']);
    assert.equal(second.code, 0, second.stderr);
    const { putBack, left } = putBackSchema.parse(JSON.parse(second.stdout));
    assert.deepEqual([putBack, left], [[space.path('a.png')], []]);
    assert.equal(await readFile(space.path('a.png'), 'utf8'), '<html></html>');
  });
});

describe('--json', () => {
  const workspace = workspaces();
  const json = async (space: Workspace, ...args: string[]) => {
    const result = await space.cli([...args, '--json']);
    return { ...result, document: JSON.parse(result.stdout) as unknown };
  };

  it('prints the report of a build, and words on standard error', async () => {
    const { document, stderr } = await json(await workspace(good), 'build');
    const { datasets } = buildReportSchema.parse(document);
    assert.deepEqual(
      datasets.map(({ dataset, status, rows }) => [dataset, status, rows]),
      [['d', 'built', 3]],
    );
    assert.match(stderr, /d: reading/);
  });

  it('prints the report of a build that failed, findings included', async () => {
    const { document, code } = await json(await workspace({ '.mldata.yaml': config('gone.csv') }), 'build');
    const [dataset] = buildReportSchema.parse(document).datasets;
    assert.equal(code, 1);
    assert.equal(dataset?.status, 'failed');
    assert.equal(dataset.error?.code, 'source-not-found');
    assert.deepEqual(dataset.findings[0]?.configPath, ['datasets', 'd', 'source', 0]);
  });

  it('prints the plan', async () => {
    const { document } = await json(await workspace(good), 'build', '--dry-run');
    const [dataset] = buildPlanSchema.parse(document).datasets;
    assert.deepEqual(dataset?.inputs, [{ path: 'cities.csv', bytes: cities.length, format: 'csv' }]);
  });

  it('prints the config that was written', async () => {
    const space = await workspace({ 'cities.csv': cities });
    const { document } = await json(space, 'init', 'cities.csv');
    assert.deepEqual(document, {
      configPath: space.path('.mldata.yaml'),
      text: await readFile(space.path('.mldata.yaml'), 'utf8'),
      datasets: ['cities'],
    });
  });

  for (const [name, args, files, code, expected] of [
    ['an error in the config', ['build'], { '.mldata.yaml': config('a.csv', 'splitt: 1') }, 3, 'config-invalid'],
    ['a dataset that is not there', ['build', 'e'], good, 64, 'dataset-unknown'],
    ['a config in the way', ['init', 'cities.csv'], good, 64, 'config-exists'],
    ['wrong usage', ['build', '--fast'], good, 64, 'wrong-usage'],
  ] as const) {
    it(`prints the error for ${name}`, async () => {
      const result = await json(await workspace(files), ...args);
      const { error } = errorReportSchema.parse(result.document);
      assert.equal(result.code, code);
      assert.equal(error.code, expected);
      if (error.code === 'config-invalid') {
        assert.deepEqual(error.findings[0]?.configPath, ['datasets', 'd', 'splitt']);
        assert.equal(error.findings[0].locations?.[0]?.line, 5);
      }
      assert.notEqual(result.stderr, '');
    });
  }
});

describe('the command line', () => {
  const workspace = workspaces();

  it('says nothing with --quiet when all is well', async () => {
    const space = await workspace(good);
    assert.deepEqual(await space.cli(['build', '--quiet']), { code: 0, stdout: '', stderr: '' });
  });

  it('keeps warnings to itself with --quiet, but no errors', async () => {
    const files = { ...good, 'cities.csv': 'id,city,\n1,Oslo,NA\n' };
    assert.match((await (await workspace(files)).cli(['build'])).stderr, /warning: .*\[empty-column-name\]/);
    assert.equal((await (await workspace(files)).cli(['build', '--quiet'])).stderr, '');
    const failed = await (await workspace({ '.mldata.yaml': config('gone.csv') })).cli(['build', '--quiet']);
    assert.match(failed.stderr, /\[source-not-found\]/);
  });

  it('says how long each step took with --verbose', async () => {
    const { stderr } = await (await workspace(good)).cli(['build', '--verbose']);
    assert.match(stderr, /steps {4}resolve .*read .*publish /);
  });

  it('prints one line per step where nobody watches', async () => {
    const { stderr } = await (await workspace(good)).cli(['build']);
    assert.deepEqual(stderr.split('\n').slice(0, 7), [
      'd: looking for files',
      'd: reading',
      'd: enforcing the schema',
      'd: splitting',
      'd: writing',
      'd: hashing',
      'd: publishing',
    ]);
    assert.ok(!stderr.includes('\u001b'), 'no escape sequences in a log');
  });

  it('draws a live bar on a terminal, and leaves only the result', async () => {
    const script = onPath('script');
    assert.ok(script, 'Install util-linux (apt-get install bsdutils), whose `script` lends a test a terminal.');
    const space = await workspace(good);
    const terminal = new Watched(
      spawn(script, ['-qec', `${process.execPath} ${CLI} build`, '/dev/null'], {
        cwd: space.folder,
        stdio: ['ignore', 'pipe', 'inherit'],
      }),
    );
    assert.equal(await terminal.ended(), 0);
    assert.match(terminal.stdout, /\r\u001b\[2Kd {2}\[#*-+\] +\d+ % {2}reading/);
    assert.match(terminal.stdout, /\r\u001b\[2Kd {2}\[#{24}\] +100 % {2}publishing/);
    assert.match(terminal.stdout, /\r\u001b\[2Kd: built in/);
    assert.doesNotMatch(terminal.stdout, /d: reading/);
  });

  it('touches nothing with --dry-run', async () => {
    const space = await workspace({
      ...good,
      '.mldata.yaml': config('cities.csv', 'split: { train: 0.5, test: 0.5, seed: 1 }\noutput: { format: csv }'),
    });
    const { stderr } = await space.cli(['build', '--dry-run']);
    for (const line of ['  < cities.csv  43 B, csv', '  > datasets/d/data/train.csv', '  > datasets/d/manifest.yaml']) {
      assert.ok(stderr.split('\n').includes(line), `${line} is not in\n${stderr}`);
    }
    assert.match(stderr, /split +split into train 50 %, test 50 %; seed 1/);
    assert.deepEqual(await space.files(), ['.mldata.yaml', 'cities.csv']);
  });

  it('finds the config in a folder above, and names files from where the person is', async () => {
    const space = await workspace({ ...good, 'cities.csv': 'id,city\n1,Oslo\n1\n' });
    await mkdir(space.path('notes/today'), { recursive: true });
    const { code, stderr } = await space.cli(['build'], { cwd: space.path('notes/today') });
    assert.equal(code, 1);
    assert.match(stderr, /^ {2}\.\.\/\.\.\/cities\.csv:3: error/m);
  });

  it('takes the config it is given, with paths relative to it', async () => {
    const space = await workspace({ 'project/data.yaml': config('cities.csv'), 'project/cities.csv': cities });
    const { code, stderr } = await space.cli(['build', '--config', 'project/data.yaml']);
    assert.equal(code, 0, stderr);
    assert.match(stderr, /in project\/datasets\/d$/m);
    await wholeBuild(space.path('project/datasets/d'));
  });

  it('builds the config that init wrote', async () => {
    const space = await workspace({
      'raw/cities.csv': cities,
      'raw/more.jsonl': '{"a":1}\n{"a":2}\n',
      'raw/notes.md': '',
    });
    assert.equal((await space.cli(['init', '--datasets', 'raw'])).code, 0);
    const { code, stderr } = await space.cli(['build']);
    assert.equal(code, 0, stderr);
    for (const name of ['cities', 'more']) await wholeBuild(space.path('datasets', name));
  });

  it('does not mind that nobody reads on', async () => {
    const space = await workspace(good);
    const run = startCli(space, ['build', '--json']);
    run.child.stdout?.destroy();
    assert.equal(await run.ended(), 0);
    assert.doesNotMatch(run.stderr, /EPIPE|^ {4}at /m);
    await wholeBuild(space.path('datasets/d'));
  });

  it('goes on when the log is cut off', async () => {
    const space = await workspace(good);
    const run = startCli(space, ['build']);
    run.child.stderr?.destroy();
    assert.equal(await run.ended(), 0);
    await wholeBuild(space.path('datasets/d'));
  });

  it('says so when the document cannot be written', async () => {
    const space = await workspace(good);
    const run = new Watched(
      spawn('/bin/sh', ['-c', `"${process.execPath}" "${CLI}" build --json > /dev/full`], { cwd: space.folder }),
    );
    assert.equal(await run.ended(), 1);
    assert.match(run.stderr, /error: Standard output cannot be written: .*no space/i);
  });
});

describe('stopping the command line', () => {
  const workspace = workspaces();
  const big = {
    '.mldata.yaml': config(
      'big.csv',
      'output: { formats: [parquet, csv], compression: { parquet: zstd:19, csv: gzip:9 } }',
    ),
    'big.csv': table(400_000),
  };
  const busy = async () => {
    const space = await workspace(big);
    const run = startCli(space, ['build', '--workers', '2']);
    await run.said(/d: reading/);
    return { space, run };
  };

  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    it(`leaves nothing behind on ${signal}`, async () => {
      const { space, run } = await busy();
      run.signalGroup(signal);
      assert.equal(await run.ended(), 130, run.stderr);
      assert.match(run.stderr, /Stopping; press Ctrl\+C again to stop at once\.\nCancelled\. Nothing was changed\.\n$/);
      assert.deepEqual(await leftovers(space.folder), []);
      assert.deepEqual(await space.files(), ['.mldata.yaml', '.mldata/.gitignore', 'big.csv']);
      assert.deepEqual(await run.alive(), []);
    });
  }

  it('does so when only the command itself is told to end', async () => {
    const { space, run } = await busy();
    run.child.kill('SIGTERM');
    assert.equal(await run.ended(), 130);
    assert.deepEqual(await leftovers(space.folder), []);
    assert.deepEqual(await run.alive(), []);
  });

  it('says so in the document with --json', async () => {
    const space = await workspace(big);
    const run = startCli(space, ['build', '--json']);
    await run.said(/d: reading/);
    run.signalGroup('SIGINT');
    assert.equal(await run.ended(), 130);
    assert.equal(errorReportSchema.parse(JSON.parse(run.stdout)).error.kind, 'cancelled');
  });

  it('ends at once the second time, and the next build cleans up', async () => {
    const { space, run } = await busy();
    run.signalGroup('SIGINT');
    await run.said(/Stopping/);
    run.signalGroup('SIGINT');
    assert.equal(await run.ended(), 130);
    await until(async () => (await run.alive()).length === 0);
    await space.write('big.csv', 'id\n1\n');
    const { code, stderr } = await space.cli(['build']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await leftovers(space.folder), []);
  });

  it('takes its job along when it is killed, and the next build cleans up', async () => {
    const { space, run } = await busy();
    run.child.kill('SIGKILL');
    await run.ended();
    await until(async () => (await run.alive()).length === 0);
    await space.write('big.csv', 'id\n1\n');
    const { code, stderr } = await space.cli(['build']);
    assert.equal(code, 0, stderr);
    assert.deepEqual(await leftovers(space.folder), []);
    await wholeBuild(space.path('datasets/d'));
  });
});
