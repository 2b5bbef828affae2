/** What mldata writes into `.gitattributes`, and what git then makes of the files. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { lfsStatus, trackWithLfs } from '../../src/engine/tracking/lfs';
import { findGit } from '../../src/engine/tracking/git';
import { siteOfBuild } from '../../src/engine/tracking/sites';
import { LFS_THRESHOLD, type LfsSpec, type MldataError } from '../../src/protocol';
import type { Tracked, TrackRun, TrackSite } from '../../src/engine/tracking';
import { withGitLfs } from '../host/gitLfs';
import { remove, temporaryFolder } from '../host/workspace';
import { commit, git, GitHome, writeAll } from '../interop/gitHome';
import { whatIsIn } from '../interop/trackedTrees';
import { config, here, workspaces } from './support';

const LFS = 'filter=lfs diff=lfs merge=lfs -text';
const GUARD = '-filter !diff !merge text';
const big = 'x'.repeat(2000);
const small = 'x'.repeat(10);

describe('tracking with Git LFS', function () {
  this.timeout(60_000);
  let home: GitHome;
  let folder: string;
  before(async () => {
    home = await GitHome.open();
  });
  after(() => home.close());
  beforeEach(async () => {
    folder = await temporaryFolder();
    await git(folder, 'init', '--quiet');
  });
  afterEach(() => remove(folder));

  async function siteOf(path: string): Promise<TrackSite> {
    const found = await findGit(folder);
    return { target: path, paths: [join(folder, path)], ...(found && { git: found }), state: join(folder, '.mldata') };
  }
  async function track(path: string, spec: Partial<LfsSpec> = {}, run: Partial<TrackRun> = {}): Promise<Tracked> {
    const signal = new AbortController().signal;
    const whole = { threshold: 1000, patterns: [], ...spec };
    return trackWithLfs(await siteOf(path), whole, { dryRun: false, onProgress: () => undefined, signal, ...run });
  }
  const attributes = (at = '.') => readFile(join(folder, at, '.gitattributes'), 'utf8').catch(() => undefined);
  const codes = ({ findings }: Tracked) => findings.map(({ code }) => code);
  async function keptByLfs(): Promise<string[]> {
    const files = Object.keys(await whatIsIn(folder, ['.git'])).filter((path) => !path.endsWith('/'));
    const said = await git(folder, 'check-attr', '-z', 'filter', '--', ...files);
    const fields = said.split('\0');
    return files.filter((_, index) => fields[3 * index + 2] === 'lfs');
  }
  /** Why it was refused; nothing is changed then. */
  async function refusal(path: string, spec: Partial<LfsSpec> = {}): Promise<MldataError> {
    const before = await whatIsIn(folder);
    const error = await track(path, spec).then(
      () => assert.fail('it was tracked'),
      (reason: unknown) => reason as MldataError,
    );
    assert.deepEqual(await whatIsIn(folder), before);
    return error;
  }

  describe('of a build', () => {
    const workspace = workspaces(here);
    const rows = Array.from({ length: 400 }, (_, row) => `${row},${(row * 7919) % 1009}\n`).join('');

    it('covers its data by one line for each folder, and neither its manifest nor its reports', async () => {
      const more = 'output: { formats: [parquet, csv] }\nsplit: { train: 0.5, test: 0.5, seed: 1 }';
      const space = await workspace({ 'ml/.mldata.yaml': config('raw.csv', more), 'ml/raw.csv': `a,b\n${rows}` });
      await git(space.folder, 'init', '--quiet');
      const signal = new AbortController().signal;
      await here.build({ configPath: space.path('ml/.mldata.yaml'), threads: 2 }, () => undefined, signal);
      const output = space.path('ml/datasets/d');
      const { readManifest } = await import('../../src/engine/manifest');
      const manifest = await readManifest(output);
      assert.ok(manifest);
      const site = await siteOfBuild('d', output, manifest, { configPath: space.path('ml/.mldata.yaml') });
      const run = { dryRun: false, onProgress: () => undefined, signal };
      const { status, paths, files, findings } = await trackWithLfs(site, { threshold: 100, patterns: [] }, run);
      assert.equal(status, 'tracked');
      assert.deepEqual(
        paths.map(({ path, files: count }) => [path, count]),
        [
          ['ml/datasets/d/data', 2],
          ['ml/datasets/d/csv', 2],
        ],
      );
      assert.deepEqual(
        files.map(({ path, change }) => [path, change]),
        [['.gitattributes', 'created']],
      );
      assert.equal(
        await readFile(space.path('.gitattributes'), 'utf8'),
        `ml/datasets/d/data/*.parquet ${LFS}\nml/datasets/d/csv/*.csv ${LFS}\n`,
      );
      assert.ok(findings.every(({ dataset }) => dataset === 'd'));
      // Patterns are relative to the folder of the build, and the file of attributes to that of the config.
      const patterns = ['data/t*.parquet', 'nothing/*.x', '*.csv'];
      const spec = { threshold: LFS_THRESHOLD, patterns, attributes: 'datasets' };
      await rm(space.path('.gitattributes'));
      const named = await trackWithLfs(site, spec, run);
      assert.deepEqual(
        named.findings.filter(({ severity }) => severity === 'warning').map(({ code }) => code),
        ['lfs-pattern-unmatched', 'lfs-missing'],
      );
      assert.equal(
        await readFile(space.path('ml/datasets/.gitattributes'), 'utf8'),
        `d/data/t*.parquet ${LFS}\nd/**/*.csv ${LFS}\n`,
      );
    });
  });

  describe('writes nothing where the files are covered already', () => {
    const cases: readonly { what: string; write: Readonly<Record<string, string>>; setting?: string }[] = [
      { what: 'by the same line', write: { '.gitattributes': `data/*.bin ${LFS}\n` } },
      { what: 'by the same line in quotes', write: { '.gitattributes': `"data/*.bin" ${LFS}` } },
      {
        what: 'by another pattern',
        write: { '.gitattributes': '*.bin filter=lfs diff=lfs merge=lfs -text lockable\n' },
      },
      { what: 'by a macro', write: { '.gitattributes': '[attr]large filter=lfs -text\n\n*.bin large' } },
      { what: 'by a file of their own', write: { 'data/.gitattributes': `*.bin ${LFS}` } },
      { what: 'in this clone only', write: { '.git/info/attributes': `*.bin ${LFS}` } },
      { what: 'for this user only', write: { mine: `*.bin ${LFS}` }, setting: 'mine' },
    ];
    for (const { what, write, setting } of cases) {
      it(what, async () => {
        await writeAll(folder, { 'data/a.bin': big, 'data/b.bin': big, ...write });
        if (setting !== undefined) await git(folder, 'config', 'core.attributesFile', join(folder, setting));
        const before = await whatIsIn(folder);
        const done = await track('data');
        assert.deepEqual([done.status, done.files], ['unchanged', []]);
        assert.deepEqual(done.paths, [{ path: 'data', bytes: 4000, files: 2 }]);
        assert.deepEqual(await whatIsIn(folder), before);
      });
    }

    it('and only what is missing otherwise', async () => {
      const before = `# Data\n\n/data/a.bin ${LFS}\n`;
      await writeAll(folder, { '.gitattributes': before, 'data/a.bin': big, 'data/b.bin': big, 'data/c.txt': small });
      await track('data');
      assert.equal(await attributes(), `${before}data/b.bin ${LFS}\n`);
      assert.equal((await track('data')).status, 'unchanged');
    });
  });

  describe('is not undone', () => {
    it('by a rule before it in the file', async () => {
      const before = '*.bin filter=lfs\ndata/a.* !filter\n* text=auto\n';
      await writeAll(folder, { '.gitattributes': before, 'data/a.bin': big });
      await track('data');
      assert.equal(await attributes(), `${before}data/*.bin ${LFS}\n`);
      assert.deepEqual(await keptByLfs(), ['data/a.bin']);
    });

    it('by a rule behind its own old place', async () => {
      const before = 'data/*.bin filter=lfs\ndata/a.* -filter\n';
      await writeAll(folder, { '.gitattributes': before, 'data/a.bin': big, 'data/b.bin': big });
      await track('data');
      assert.deepEqual(await keptByLfs(), ['data/a.bin', 'data/b.bin']);
    });

    for (const { file, rule } of [
      { file: 'data/.gitattributes', rule: '*.bin -filter' },
      { file: 'data/deep/.gitattributes', rule: '* !filter' },
      { file: '.git/info/attributes', rule: 'data/**/b.bin filter=other' },
    ]) {
      it(`by ${file}: that is refused, and named`, async () => {
        await writeAll(folder, { 'data/a.bin': big, 'data/deep/b.bin': big, [file]: `${rule}\n` });
        const { kind, code, message } = await refusal('data');
        assert.deepEqual([kind, code], ['config', 'lfs-undone']);
        assert.ok(message.startsWith(`${file} says otherwise of data/`), message);
      });
    }
  });

  it('takes in a file that has grown, and needs no exception for it any more', async () => {
    const parts = Object.fromEntries(Array.from({ length: 5 }, (_, index) => [`data/part-${index}.bin`, big]));
    await writeAll(folder, { ...parts, 'data/part-5.bin': small });
    await track('data');
    assert.equal(await attributes(), `data/*.bin ${LFS}\ndata/part-5.bin -filter !diff !merge -text\n`);
    assert.deepEqual(await keptByLfs(), Object.keys(parts));
    await writeFile(join(folder, 'data/part-5.bin'), big);
    await track('data');
    assert.equal(await attributes(), `data/*.bin ${LFS}\ndata/part-5.bin ${LFS}\n`);
  });

  describe('with patterns', () => {
    const files = { 'data/a.bin': small, 'data/b.bin': small, 'data/sub/c.bin': small, 'data/d.txt': small };
    const cases: readonly { patterns: string[]; lines: string; kept: string[] }[] = [
      { patterns: ['*.bin'], lines: `data/**/*.bin ${LFS}\n`, kept: ['data/a.bin', 'data/b.bin', 'data/sub/c.bin'] },
      { patterns: ['/a.bin'], lines: `data/**/a.bin ${LFS}\n`, kept: ['data/a.bin'] },
      { patterns: ['sub/'], lines: `data/sub/** ${LFS}\n`, kept: ['data/sub/c.bin'] },
      {
        patterns: ['[ab].bin', 'sub/*'],
        lines: `data/**/[ab].bin ${LFS}\ndata/sub/* ${LFS}\n`,
        kept: ['data/a.bin', 'data/b.bin', 'data/sub/c.bin'],
      },
    ];
    for (const { patterns, lines, kept } of cases) {
      it(`${patterns.join(' and ')} takes files whatever their size`, async () => {
        await writeAll(folder, files);
        await track('data', { patterns });
        const text = (await attributes()) ?? '';
        assert.equal(text.replaceAll(/.* -filter .*\n/g, ''), lines);
        assert.deepEqual(await keptByLfs(), kept);
        assert.equal((await track('data', { patterns })).status, 'unchanged');
      });
    }

    it('guards what git and DVC read where one is as wide as to take it in', async () => {
      await writeAll(folder, { ...files, 'data/.gitignore': '/x\n', 'data/sub/c.bin.dvc': 'outs: []\n' });
      await track('data', { patterns: ['**'] });
      const guards = ['.gitattributes', '.gitignore', '*.dvc', 'dvc.lock', 'dvc.yaml'].map(
        (name) => `data/**/${name} ${GUARD}`,
      );
      const lines = (await attributes())?.trim().split('\n') ?? [];
      assert.equal(lines[0], `data/** ${LFS}`);
      assert.deepEqual(lines.slice(1).sort(), guards.sort());
      assert.deepEqual(await keptByLfs(), Object.keys(files).sort());
    });

    it('leaves .dvc files as texts that git can compare', async () => {
      await writeAll(folder, { 'data/a': small, 'data/a.dvc': 'outs: []\n' });
      await track('data', { patterns: ['a*'] });
      assert.equal(await attributes(), `data/**/a* ${LFS}\ndata/**/*.dvc ${GUARD}\n`);
      await rm(join(folder, 'data/a'));
      await commit(folder);
      await writeFile(join(folder, 'data/a.dvc'), 'outs: [1]\n');
      assert.match(await git(folder, 'diff'), /^\+outs: \[1\]$/m);
    });

    for (const pattern of ['!a.bin', '../x', '  ']) {
      it(`refuses ${JSON.stringify(pattern)}`, async () => {
        await writeAll(folder, files);
        assert.equal((await refusal('data', { patterns: [pattern] })).code, 'lfs-pattern');
      });
    }

    it('says which ones match nothing, among them those that git does not know', async () => {
      await writeAll(folder, files);
      const done = await track('data', { patterns: ['*.{bin,txt}', 'nothing'] });
      assert.deepEqual(
        [done.status, codes(done)],
        ['unchanged', ['lfs-pattern-unmatched', 'lfs-pattern-unmatched', 'lfs-nothing-large']],
      );
    });
  });

  it('says so when a line that somebody wrote covers more than data', async () => {
    await writeAll(folder, { '.gitattributes': `data/** ${LFS}\n`, 'data/a.bin': big });
    const done = await track('data');
    const [finding] = done.findings;
    assert.deepEqual([done.status, finding?.code], ['unchanged', 'lfs-text-covered']);
    assert.deepEqual(finding?.samples, ['*.dvc', 'dvc.yaml', 'dvc.lock', '.gitignore', '.gitattributes']);
  });

  it('leaves alone what is below the threshold, what is ignored, links and other repositories', async () => {
    await writeAll(folder, {
      '.gitignore': '*.tmp\n',
      'data/a.bin': big,
      'data/a.tmp': big,
      'data/small.csv': small,
      'data/other/c.bin': big,
    });
    await git(join(folder, 'data/other'), 'init', '--quiet');
    await symlink('a.bin', join(folder, 'data/link.dat'));
    const done = await track('data');
    assert.equal(await attributes(), `data/*.bin ${LFS}\n`);
    assert.deepEqual(done.paths, [{ path: 'data', bytes: 2000, files: 1 }]);
    assert.deepEqual(codes(done), ['lfs-ignored', 'lfs-missing', 'lfs-storage']);
  });

  it('of a file in a folder with others names it alone', async () => {
    await writeAll(folder, { 'raw/a.csv': big, 'raw/b.csv': big, 'c.csv': big, 'd.csv': big });
    await track('raw/a.csv');
    await track('c.csv');
    assert.equal(await attributes(), `raw/a.csv ${LFS}\n/c.csv ${LFS}\n`);
    assert.deepEqual(await keptByLfs(), ['c.csv', 'raw/a.csv']);
  });

  it('writes nothing in a dry run, and tells the text before and after', async () => {
    const before = '# Mine\r\n*.txt text';
    await writeAll(folder, { '.gitattributes': before, 'data/a.bin': big });
    const unchanged = await whatIsIn(folder);
    const { status, files } = await track('data', {}, { dryRun: true });
    assert.deepEqual(await whatIsIn(folder), unchanged);
    const [file] = files;
    assert.deepEqual([status, file?.before, file?.after], ['tracked', before, `${before}\r\ndata/*.bin ${LFS}\r\n`]);
  });

  it('keeps the permissions of the file', async () => {
    await writeAll(folder, { '.gitattributes': '', 'data/a.bin': big });
    await chmod(join(folder, '.gitattributes'), 0o640);
    await track('data');
    const modes = await whatIsIn(folder, ['.git', 'data']);
    assert.match(modes['.gitattributes'] ?? '', /640/);
  });

  describe('with a file of attributes in another folder', () => {
    it('names the files from there', async () => {
      await writeAll(folder, { 'a b/data/x.bin': big, 'a b/data/y.txt': small });
      await track('a b/data', { attributes: 'a b' });
      await track('a b/data', { attributes: 'a b/data', patterns: ['*.txt'] });
      assert.deepEqual([await attributes(), await attributes('a b')], [undefined, `data/*.bin ${LFS}\n`]);
      assert.equal(await attributes('a b/data'), `**/*.txt ${LFS}\n`);
      assert.deepEqual(await keptByLfs(), ['a b/data/x.bin', 'a b/data/y.txt']);
    });

    for (const attributes of ['elsewhere', 'missing', '..', 'file']) {
      it(`refuses ${attributes}`, async () => {
        await writeAll(folder, { 'data/x.bin': big, 'elsewhere/y': small, file: small });
        assert.equal((await refusal('data', { attributes })).code, 'lfs-attributes-folder');
      });
    }
  });

  describe('is refused, and nothing is changed,', () => {
    const cases: readonly {
      what: string;
      prepare: () => Promise<unknown>;
      path?: string;
      code: string;
      says: RegExp;
    }[] = [
      {
        what: 'outside of a repository',
        prepare: () => rm(join(folder, '.git'), { recursive: true }),
        code: 'git-repository-missing',
        says: /git init/,
      },
      {
        what: 'where the file is read-only',
        prepare: async () => {
          await writeAll(folder, { '.gitattributes': '# mine\n' });
          await chmod(join(folder, '.gitattributes'), 0o444);
        },
        code: 'tracking-unwritable',
        says: /read-only/,
      },
      {
        what: 'where it is a link',
        prepare: async () => {
          await writeAll(folder, { mine: '# mine\n' });
          await symlink('mine', join(folder, '.gitattributes'));
        },
        code: 'lfs-attributes-link',
        says: /symbolic link/,
      },
      {
        what: 'where a folder stands in its place',
        prepare: () => mkdir(join(folder, '.gitattributes')),
        code: 'lfs-attributes-link',
        says: /no file/,
      },
      {
        what: 'where it is UTF-16',
        prepare: () => writeFile(join(folder, '.gitattributes'), Buffer.from('\ufeff# mine\n', 'utf16le')),
        code: 'lfs-attributes-encoding',
        says: /UTF-8/,
      },
      {
        what: 'where git ignores the data',
        prepare: () => writeAll(folder, { '.gitignore': '/data\n' }),
        code: 'lfs-ignored',
        says: /check-ignore/,
      },
      {
        what: 'where DVC has the folder',
        prepare: () =>
          writeAll(folder, {
            'data.dvc': 'outs:\n- path: data\n  hash: md5\n  md5: 1234567890abcdef1234567890abcdef.dir\n',
          }),
        code: 'tracked-by-dvc',
        says: /dvc remove data\.dvc/,
      },
      {
        what: 'where DVC has a folder around it',
        prepare: () => writeAll(folder, { 'data.dvc': 'outs:\n- path: data\n' }),
        path: 'data/a.bin',
        code: 'tracked-by-dvc',
        says: /dvc remove data\.dvc/,
      },
      {
        what: 'where a stage makes it',
        prepare: () => writeAll(folder, { 'dvc.yaml': 'stages:\n  make:\n    cmd: make\n    outs: [data]\n' }),
        code: 'tracked-by-dvc',
        says: /stage make of dvc\.yaml/,
      },
      {
        what: 'of a link that leads nowhere',
        prepare: () => symlink('nowhere', join(folder, 'link')),
        path: 'link',
        code: 'broken-link',
        says: /leads nowhere/,
      },
      {
        what: 'where a link leads out of the repository',
        prepare: async () => {
          await rename(join(folder, 'data'), `${folder}-data`);
          await symlink(`${folder}-data`, join(folder, 'data'));
        },
        code: 'path-outside-repository',
        says: /outside of the repository/,
      },
    ];
    for (const { what, prepare, path = 'data', code, says } of cases) {
      it(what, async () => {
        await writeAll(folder, { 'data/a.bin': big });
        await prepare();
        const error = await refusal(path);
        assert.equal(error.code, code, error.message);
        assert.match(error.message, says);
        await rm(`${folder}-data`, { recursive: true, force: true });
      });
    }

    it('where somebody writes the file meanwhile', async () => {
      await writeAll(folder, { 'data/a.bin': big });
      const { writeFileSync } = await import('node:fs');
      const onProgress = ({ step, detail }: { step: string; detail?: string }) => {
        if (step === 'write' && detail !== undefined) writeFileSync(join(folder, detail), '# theirs\n');
      };
      await assert.rejects(track('data', {}, { onProgress }), { code: 'tracking-changed' });
      assert.equal(await attributes(), '# theirs\n');
    });

    it('when it is cancelled', async () => {
      await writeAll(folder, { 'data/a.bin': big });
      await assert.rejects(track('data', {}, { signal: AbortSignal.abort() }), { kind: 'cancelled' });
      assert.equal(await attributes(), undefined);
    });

    it('where lines would be many', async () => {
      const names = Array.from({ length: 2200 }, (_, index) => [`data/${index}.bin`, index % 2 ? big : small]);
      await writeAll(folder, Object.fromEntries(names) as Record<string, string>);
      const { code, message } = await refusal('data');
      assert.deepEqual([code, /^1100 lines/.test(message)], ['lfs-too-many-lines', true]);
    });
  });

  it('leaves what DVC has of a folder to DVC', async () => {
    await writeAll(folder, {
      'raw/a.csv': big,
      'raw/a.csv.dvc': 'outs:\n- path: a.csv\n  hash: md5\n  md5: 1234567890abcdef1234567890abcdef\n',
      'raw/.gitignore': '/a.csv\n',
      'raw/b.csv': big,
      'raw/c.csv': big,
    });
    await track('raw');
    assert.deepEqual(await keptByLfs(), ['raw/b.csv', 'raw/c.csv']);
  });

  it('of files that git has whole explains how they leave the history, and runs nothing', async () => {
    await writeAll(folder, { 'data/a.bin': big, 'data/it’s, "here".bin': big, 'data/empty.bin': '' });
    await commit(folder);
    const head = await git(folder, 'rev-parse', 'HEAD');
    const done = await track('data');
    const finding = done.findings.find(({ code }) => code === 'lfs-committed');
    const advice = finding?.suggestion ?? '';
    assert.equal(finding?.count, 2);
    assert.match(advice, /git add --renormalize data\/a\.bin "data\/it’s, \\"here\\"\.bin"`/);
    assert.ok(advice.includes('git lfs migrate import --everything --include="data/a.bin,data/it’s? ?here?.bin"'));
    assert.match(advice, /--force.*clones anew/s);
    assert.equal(await git(folder, 'rev-parse', 'HEAD'), head);
  });

  describe('status', () => {
    let path: string | undefined;
    before(async () => {
      path = process.env['PATH'];
      process.env['PATH'] = (await withGitLfs())['PATH'];
    });
    after(() => {
      process.env['PATH'] = path;
    });
    const statusOf = async (...paths: string[]) =>
      lfsStatus({ root: await realpath(folder) }, await Promise.all(paths.map(siteOf)), new AbortController().signal);

    it('tells each file apart: fetched, changed, gone, a pointer, whole in git, new', async () => {
      await git(folder, 'lfs', 'install', '--local');
      await writeAll(folder, { 'data/whole.bin': big });
      await commit(folder);
      const contents = { 'data/good.bin': `1${big}`, 'data/changed.bin': `2${big}`, 'data/gone.bin': `3${big}` };
      await writeAll(folder, {
        ...contents,
        'data/pointer.bin': `4${big}`,
        'data/empty.bin': '',
        'data/small.txt': small,
      });
      await track('data', { patterns: ['*.bin'] });
      await git(
        folder,
        'add',
        '.gitattributes',
        'data/good.bin',
        'data/changed.bin',
        'data/gone.bin',
        'data/pointer.bin',
        'data/empty.bin',
      );
      await git(folder, 'commit', '--quiet', '--message', 'Files');
      await writeAll(folder, { 'data/new.bin': big, 'data/changed.bin': `other${big}` });
      await rm(join(folder, 'data/gone.bin'));
      await writeFile(join(folder, 'data/pointer.bin'), await git(folder, 'show', 'HEAD:data/pointer.bin'));
      const { paths, storage, findings } = await statusOf('data');
      assert.deepEqual(Object.fromEntries(paths.map(({ path, state }) => [path, state])), {
        'data/changed.bin': 'modified',
        'data/empty.bin': 'up-to-date',
        'data/gone.bin': 'missing',
        'data/good.bin': 'up-to-date',
        'data/new.bin': 'modified',
        'data/pointer.bin': 'pointer',
        'data/whole.bin': 'committed',
      });
      assert.ok(paths.every(({ by, tool }) => by === '.gitattributes' && tool === 'git-lfs'));
      assert.deepEqual(storage, { bytes: 4 * 2001, perVersion: 2005 + 3 * 2001 + 2 * 2000 });
      assert.deepEqual(
        findings.map(({ code }) => code),
        ['lfs-committed', 'lfs-not-fetched'],
      );
      assert.match(
        paths.find(({ state }) => state === 'pointer')?.message ?? '',
        /git lfs pull --include="data\/pointer\.bin"/,
      );
    });

    it('tells of many files of one folder together, and of what is covered by whom', async () => {
      const many = Object.fromEntries(Array.from({ length: 150 }, (_, index) => [`data/a/${index}.bin`, big]));
      await writeAll(folder, {
        ...many,
        'data/b/x.bin': big,
        'data/b/.gitattributes': `*.bin ${LFS}\n`,
        '.gitattributes': `data/a/*.bin ${LFS}\n`,
      });
      const { paths, findings } = await statusOf('data');
      assert.deepEqual(
        paths.map(({ path, by, files, bytes }) => [path, by, files, bytes]),
        [
          ['data/a', '.gitattributes', 150, 300_000],
          ['data/b/x.bin', 'data/b/.gitattributes', 1, 2000],
        ],
      );
      assert.deepEqual(
        findings.map(({ code }) => code),
        ['lfs-install-needed'],
      );
    });

    it('is nothing where Git LFS keeps nothing, also of the whole repository', async () => {
      await writeAll(folder, { 'data/a.bin': big });
      assert.deepEqual(await statusOf('data', '.', 'missing'), { paths: [], findings: [] });
    });

    it('counts every version that was committed', async () => {
      await git(folder, 'lfs', 'install', '--local');
      await writeAll(folder, { 'data/a.bin': big, '.gitattributes': `*.bin ${LFS}\n` });
      await commit(folder);
      await writeAll(folder, { 'data/a.bin': `${big}more`, 'data/same.bin': `${big}more` });
      await commit(folder);
      assert.deepEqual((await statusOf('data')).storage, { bytes: 2000 + 2004, perVersion: 2 * 2004 });
    });
  });

  it('says so where there is no git', async () => {
    await writeAll(folder, { 'data/a.bin': big });
    const before = process.env['PATH'];
    const site = await siteOf('data');
    process.env['PATH'] = ['/nowhere', ''].join(delimiter);
    try {
      const run = { dryRun: false, onProgress: () => undefined, signal: new AbortController().signal };
      await assert.rejects(trackWithLfs(site, { threshold: 1000, patterns: [] }, run), {
        kind: 'config',
        code: 'git-missing',
      });
    } finally {
      process.env['PATH'] = before;
    }
    assert.equal(await attributes(), undefined);
  });
});
