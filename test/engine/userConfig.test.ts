import assert from 'node:assert/strict';
import { lstat, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parse } from 'yaml';
import { driftThresholds } from '../../src/config';
import { profileDefaults } from '../../src/config/profileDefaults';
import { buildReportSchema, configEditSchema, configReportSchema, configValueReportSchema } from '../../src/protocol';
import { config, workspaces, type Workspace } from './support';

const rows = 'id,city\n1,Oslo\n2,Rome\n3,Aix\n4,Oslo\n';
const files = { '.mldata.yaml': config('c.csv'), 'c.csv': rows };
const USER = 'home/mldata/config.yaml';

describe("the user's own config", function () {
  const workspace = workspaces();

  /** Runs `mldata` as the user whose config folder is `home` of the workspace. */
  const mldata = (space: Workspace, args: string, env: NodeJS.ProcessEnv = {}) =>
    space.cli(args.split(' '), {
      env: { XDG_CONFIG_HOME: space.path('home'), APPDATA: space.path('home'), CI: '', ...env },
    });
  const textOf = (space: Workspace, path: string) => readFile(space.path(path), 'utf8');
  const none = (space: Workspace, path: string) => assert.rejects(lstat(space.path(path)));
  const valueOf = async (space: Workspace, args: string, env: NodeJS.ProcessEnv = {}) => {
    const { stdout } = await mldata(space, `config get ${args} --json`, env);
    const { value, origin } = configValueReportSchema.parse(JSON.parse(stdout));
    return [value, origin.layer, origin.file?.slice(space.folder.length + 1) ?? origin.name, origin.line];
  };

  describe('in a build', () => {
    it('holds where the workspace says nothing; a warning and the manifest say so', async () => {
      const space = await workspace({
        ...files,
        '.mldata.yaml': `version: 1\ndefaults: { schema: { onError: quarantine } }\ndatasets:\n  d: { source: c.csv }\n`,
        [USER]: 'version: 1\ndefaults:\n  output: { formats: [csv] }\n  schema: { onError: fail }\n',
      });
      const { code, stdout, stderr } = await mldata(space, 'build --json');
      assert.equal(code, 0, stderr);
      const [build] = buildReportSchema.parse(JSON.parse(stdout)).datasets;
      assert.deepEqual(
        build?.artifacts.map(({ path }) => path),
        ['data/data.csv'],
      );
      const [note] = build.findings;
      assert.deepEqual(
        [note?.code, note?.severity, note?.locations?.map(({ file, line, column }) => [file, line, column])],
        ['user-layer-changes-output', 'warning', [[space.path(USER), 3, 13]]],
      );
      const manifest = await space.manifest('d');
      assert.deepEqual(manifest.origins, { 'output.formats': 'user', 'schema.onError': 'defaults' });
      for (const file of ['manifest.yaml', 'reports/build.json']) {
        assert.doesNotMatch(
          await textOf(space, `datasets/d/${file}`),
          /home/,
          `${file} names a folder of this machine`,
        );
      }
    });

    it('says so again of a build that is up to date', async () => {
      const space = await workspace({ ...files, [USER]: 'version: 1\ndefaults: { output: { format: csv } }\n' });
      await mldata(space, 'build');
      const { code, stderr } = await mldata(space, 'build');
      assert.equal(code, 0);
      assert.match(
        stderr,
        /home.mldata.config\.yaml:2:23: warning: .*`output\.formats`.*\[user-layer-changes-output\]/,
      );
    });

    for (const ci of ['true', '1']) {
      it(`stops before anything is built when CI is ${ci}`, async () => {
        const space = await workspace({ ...files, [USER]: 'version: 1\ndefaults: { output: { format: csv } }\n' });
        const { code, stderr } = await mldata(space, 'build', { CI: ci });
        assert.equal(code, 3);
        assert.match(stderr, /home.mldata.config\.yaml:2:23: error: .*\[user-layer-changes-output\]/);
        await none(space, 'datasets');
      });
    }

    const harmless: [string, string, string][] = [
      ['that is what is built in', 'defaults: { output: { formats: [parquet] }, schema: { onError: fail } }', 'build'],
      ['of a split that is nowhere', 'defaults: { split: { seed: 7 } }', 'build'],
      ['that an option replaces', 'defaults: { output: { format: csv } }', 'build --format jsonl'],
      ['of the engine', 'engine: { workers: 1, memoryLimit: 512MB }', 'build'],
      ['of drift', 'defaults: { drift: { method: psi } }', 'build'],
    ];
    for (const [name, said, args] of harmless) {
      it(`says nothing of a value ${name}, in CI neither`, async () => {
        const space = await workspace({ ...files, [USER]: `version: 1\n${said}\n` });
        const { code, stderr } = await mldata(space, args, { CI: 'true' });
        assert.equal(code, 0, stderr);
        assert.doesNotMatch(stderr, /user-layer/);
      });
    }

    it('records what an option replaced, and nothing that is the own of the dataset or built in', async () => {
      const space = await workspace({ ...files, '.mldata.yaml': config('c.csv', 'output: { format: csv }') });
      await mldata(space, 'build');
      assert.equal((await space.manifest('d')).origins, undefined);
      await mldata(space, 'build --format jsonl');
      assert.deepEqual((await space.manifest('d')).origins, { 'output.formats': 'option' });
    });

    const broken: [string, string, RegExp][] = [
      [
        'a misspelt key',
        'version: 1\nengine: { worker: 2 }\n',
        /config\.yaml:2:11: error: .*`workers`.*\[unknown-key\]/,
      ],
      ['a value that is none', 'version: 1\nengine:\n  memoryLimit: lots\n', /config\.yaml:3:16: error: .*512MB/],
      ['broken YAML', 'version: 1\ndefaults: [\n', /config\.yaml:2:\d+: error: .*\[yaml-syntax\]/],
      ['a billion laughs', laughs(), /config\.yaml:\d+:\d+: error: .*\[yaml-alias\]/],
      ['deep nesting', `version: 1\na: ${'['.repeat(100_000)}\n`, /config\.yaml:2:\d+: error: .*\[yaml-too-deep\]/],
      ['a NUL', 'version: 1\n\0', /config\.yaml:2:1: error: /],
    ];
    for (const [name, text, says] of broken) {
      it(`is not ignored with ${name}: exit code 3, the place, and nothing built`, async () => {
        const space = await workspace({ ...files, [USER]: text });
        const { code, stderr } = await mldata(space, 'build');
        assert.equal(code, 3);
        assert.match(stderr, /^error: Your own config, .*home.mldata.config\.yaml, has errors\./);
        assert.match(stderr, says);
        await none(space, 'datasets');
      });
    }

    it('is not ignored where it cannot be read', async () => {
      const space = await workspace(files);
      await mkdir(space.path(USER), { recursive: true });
      const { code, stderr } = await mldata(space, 'build');
      assert.equal(code, 3);
      assert.match(stderr, /^error: .*home.mldata.config\.yaml cannot be read: /);
    });

    it('tells where the two do not go together', async () => {
      const space = await workspace({
        ...files,
        '.mldata.yaml': config('c.csv', 'output: { format: csv }'),
        [USER]: 'version: 1\ndefaults: { output: { compression: brotli } }\n',
      });
      const { code, stderr } = await mldata(space, 'build');
      assert.equal(code, 3);
      assert.match(
        stderr,
        /\.mldata\.yaml has an error together with your own config, .*config\.yaml\. Nothing was built/,
      );
      assert.match(stderr, /home.mldata.config\.yaml:2:36: error: .*brotli/);
    });
  });

  describe('`config`', () => {
    it('shows every value, and where it comes from', async () => {
      const space = await workspace({
        ...files,
        '.mldata.yaml':
          'version: 1\ndefaults:\n  schema: { onError: quarantine }\ndatasets:\n  d:\n    source: c.csv\n    split: { train: 1, seed: 3 }\n    profile: { skew: 4 }\n',
        [USER]:
          'version: 1\nengine:\n  workers: 3\ndefaults:\n  output:\n    compression: gzip\n  drift: { method: psi }\n',
      });
      const { code, stderr, stdout } = await mldata(space, 'config d --show-origin', { MLDATA_MEMORY_LIMIT: '700MB' });
      assert.equal(code, 0, stderr);
      assert.equal(stdout, '');
      const lines = stderr
        .replaceAll(`${space.folder}/`, '')
        .split('\n')
        .map((line) => line.replace(/ {2,}/g, ' '));
      assert.deepEqual(lines, [
        'engine.workers 3 (your own config, home/mldata/config.yaml:3)',
        'engine.memoryLimit 700MB (environment MLDATA_MEMORY_LIMIT)',
        'engine.cacheSize 10GB (built in)',
        'versions.keep 10 (built in)',
        'd',
        ' source c.csv (dataset, .mldata.yaml:6)',
        ' schema.onError quarantine (defaults, .mldata.yaml:3)',
        ' schema.extraColumns ignore (built in)',
        ' schema.evolution ignore (built in)',
        ' split.train 1 (dataset, .mldata.yaml:7)',
        ' split.seed 3 (dataset, .mldata.yaml:7)',
        ' split.validation 0 (built in)',
        ' split.test 0 (built in)',
        ' split.writeIndices false (built in)',
        ' output.compression gzip (your own config, home/mldata/config.yaml:6)',
        ' output.formats ["parquet"] (built in)',
        ' output.path datasets/d (built in)',
        ' profile.skew 4 (dataset, .mldata.yaml:8)',
        ...Object.entries(profileDefaults)
          .filter(([key]) => key !== 'skew')
          .map(([key, value]) => ` profile.${key} ${value} (built in)`),
        ' drift.method psi (your own config, home/mldata/config.yaml:7)',
        ' drift.epsilon 0.0001 (built in)',
        ' drift.correction benjamini-hochberg (built in)',
        ' drift.share 0.5 (built in)',
        ' drift.bins {"quantile":10} (built in)',
        ...Object.entries(driftThresholds).map(
          ([measure, levels]) => ` drift.thresholds.${measure} ${JSON.stringify(levels)} (built in)`,
        ),
        '',
      ]);
      const report = configReportSchema.parse(JSON.parse((await mldata(space, 'config --json --workers 2')).stdout));
      assert.deepEqual(report.values[0], {
        key: 'engine.workers',
        value: 2,
        origin: { layer: 'option', name: '--workers' },
      });
      assert.equal(report.userConfig, space.path(USER));
      assert.deepEqual(
        report.datasets.map(({ dataset }) => dataset),
        ['d'],
      );
    });

    it('shows what holds where there is no workspace', async () => {
      const space = await workspace({ '.git/HEAD': '', [USER]: 'version: 1\nengine: { workers: 3 }\n' });
      const { code, stderr } = await mldata(space, 'config');
      assert.equal(code, 0);
      assert.match(stderr, /engine\.workers +3\n(.*\n)+There is no config of a workspace/);
    });

    const order: [string, string, NodeJS.ProcessEnv, unknown[]][] = [
      ['the file of the user', '', {}, [3, 'user', 'home/mldata/config.yaml', 2]],
      ['the environment over that', '', { MLDATA_WORKERS: '4' }, [4, 'environment', 'MLDATA_WORKERS', undefined]],
      ['an option over both', ' --workers 5', { MLDATA_WORKERS: '4' }, [5, 'option', '--workers', undefined]],
      ['an empty variable as none', '', { MLDATA_WORKERS: '' }, [3, 'user', 'home/mldata/config.yaml', 2]],
    ];
    for (const [name, args, env, expected] of order) {
      it(`takes the workers from ${name}`, async () => {
        const space = await workspace({ ...files, [USER]: 'version: 1\nengine: { workers: 3 }\n' });
        assert.deepEqual(await valueOf(space, `engine.workers${args}`, env), expected);
      });
    }

    for (const [name, value] of [
      ['MLDATA_WORKERS', 'many'],
      ['MLDATA_MEMORY_LIMIT', 'lots'],
    ] as const) {
      it(`refuses ${name}=${value}, and names it`, async () => {
        const { code, stderr } = await mldata(await workspace(files), 'build', { [name]: value });
        assert.equal(code, 64);
        assert.match(stderr, new RegExp(`'${value}' from env '${name}' is invalid`));
      });
    }

    it('gets the value of a dataset, and of one that says nothing', async () => {
      const space = await workspace({ ...files, '.mldata.yaml': config('c.csv', 'output: { format: csv }') });
      const bare = await mldata(space, 'config get datasets.d.output.compression');
      assert.deepEqual([bare.stdout, bare.stderr], ['none\n', '']);
      assert.deepEqual(await valueOf(space, 'datasets.d.output.formats'), ['csv', 'dataset', '.mldata.yaml', 5]);
      assert.deepEqual(await valueOf(space, 'output.formats'), [['parquet'], 'built-in', undefined, undefined]);
      assert.deepEqual(await valueOf(space, 'split.train'), [null, 'built-in', undefined, undefined]);
      const unknown = await mldata(space, 'config get output.fromats');
      assert.equal(unknown.code, 3);
      assert.match(unknown.stderr, /no key `output\.fromats`\. Did you mean `output\.formats`\?/);
    });
  });

  describe('`config set` and `unset`', () => {
    it('make the file of the user, and take the value out again', async () => {
      const space = await workspace({ '.git/HEAD': '' });
      const { code, stdout } = await mldata(space, 'config set engine.workers 2 --json');
      assert.equal(code, 0);
      assert.deepEqual(configEditSchema.parse(JSON.parse(stdout)), {
        kind: 'mldata/config-edit',
        version: 1,
        file: space.path(USER),
        key: 'engine.workers',
        changed: true,
      });
      assert.equal(await textOf(space, USER), 'version: 1\nengine:\n  workers: 2\n');
      assert.equal((await mldata(space, 'config unset engine.workers')).code, 0);
      assert.equal(await textOf(space, USER), 'version: 1\n');
      assert.deepEqual(await space.files('home'), ['mldata/config.yaml']);
    });

    it('keep comments and layout, in both files', async () => {
      const mine = '# mine\nversion: 1\n\ndefaults:\n  output:\n    compression: gzip   # small\n';
      const shared = `# ours\n${config('c.csv', 'output: { formats: [parquet] }   # for now')}`;
      const space = await workspace({ ...files, '.mldata.yaml': shared, [USER]: mine });
      await mldata(space, 'config set output.compression zstd:9 --user');
      assert.equal(await textOf(space, USER), mine.replace('gzip', 'zstd:9'));
      assert.equal(await textOf(space, '.mldata.yaml'), shared);
      await mldata(space, 'config set datasets.d.output.formats [csv]');
      assert.equal(await textOf(space, '.mldata.yaml'), shared.replace('[parquet]', '[csv]'));
      await mldata(space, 'config set schema.onError quarantine');
      assert.deepEqual((parse(await textOf(space, '.mldata.yaml')) as { defaults: unknown }).defaults, {
        schema: { onError: 'quarantine' },
      });
    });

    const refused: [string, string, number, RegExp][] = [
      ['a value that is none', 'set output.compression zst --user', 3, /Expected .*found `zst`/],
      ['a misspelt key', 'set output.compresion zstd --user', 3, /Did you mean `compression`/],
      ['what only a workspace may say', 'set output.path x --user', 3, /Unknown key `path`/],
      ['what only a user may say', 'set engine.workers 2 --workspace', 3, /Unknown key `engine`/],
      ['shares that do not sum to 1', 'set split.train 0.5 --user', 3, /sum to 0\.5/],
      ['two files at once', 'set engine.workers 2 --user --workspace', 64, /one of --user and --workspace/],
      ['what is no key', 'set output..path x', 64, /is no key/],
      ['to remove what has to be there', 'unset version --user', 3, /`version` is missing/],
    ];
    for (const [name, args, exit, says] of refused) {
      it(`refuse ${name}, and write nothing`, async () => {
        const mine = 'version: 1 # mine\nengine: { workers: 1 }\n';
        const space = await workspace({ ...files, [USER]: mine });
        const { code, stderr } = await mldata(space, `config ${args}`);
        assert.equal(code, exit, stderr);
        assert.match(stderr, says);
        assert.equal(await textOf(space, USER), mine);
        assert.equal(await textOf(space, '.mldata.yaml'), files['.mldata.yaml']);
      });
    }

    it('leave a file with errors to a person, unless the value is the error', async () => {
      const space = await workspace({ ...files, [USER]: 'version: 1\nengine: { workers: 0 }\n' });
      const other = await mldata(space, 'config set output.format csv --user');
      assert.equal(other.code, 3);
      assert.match(other.stderr, /config\.yaml:2:20: error: .*1024/);
      assert.equal((await mldata(space, 'config set engine.workers 2')).code, 0);
      assert.equal(await textOf(space, USER), 'version: 1\nengine: { workers: 2 }\n');
    });

    it('write the file that a link leads to', async function () {
      const space = await workspace({ ...files, 'dotfiles/mldata.yaml': 'version: 1\n' });
      await mkdir(dirname(space.path(USER)), { recursive: true });
      await symlink(space.path('dotfiles/mldata.yaml'), space.path(USER));
      assert.equal((await mldata(space, 'config set engine.workers 2')).code, 0);
      assert.ok((await lstat(space.path(USER))).isSymbolicLink());
      assert.equal(await textOf(space, 'dotfiles/mldata.yaml'), 'version: 1\nengine:\n  workers: 2\n');
    });

    it('say so where the file cannot be written', async () => {
      const space = await workspace(files);
      await writeFile(space.path('home'), 'a file where the folder belongs');
      const { code, stderr } = await mldata(space, 'config set engine.workers 2');
      assert.equal(code, 3);
      assert.match(stderr, /config\.yaml cannot be written: /);
    });
  });
});

/** Ten levels of aliases that stand for ten of the level below. */
function laughs(): string {
  const levels = Array.from('bcdefghij').map(
    (name, index) =>
      `${name}: &${name} [${Array(10)
        .fill(`*${'abcdefghij'[index] ?? ''}`)
        .join(', ')}]`,
  );
  return `version: 1\na: &a [x, x]\n${levels.join('\n')}\n`;
}
