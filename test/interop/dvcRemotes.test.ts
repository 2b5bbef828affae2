/** Remotes that mldata adds, against those that the real DVC adds. */
import assert from 'node:assert/strict';
import { chmod, mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { addRemote } from '../../src/engine/tracking';
import { readDvcConfig } from '../../src/engine/tracking/dvc';
import { listRemotes } from '../../src/engine/tracking/dvc/remotes';
import { MldataError, remoteSchema, type RemoteRequest } from '../../src/protocol';
import { remove, temporaryFolder } from '../host/workspace';
import { git } from './gitHome';
import { RealDvc } from './realDvc';

type Asked = Omit<RemoteRequest, 'folder' | 'default'> & { readonly default?: boolean; readonly from?: string };

const cases: Readonly<Record<string, Asked>> = {
  'a folder beside the repository': { name: 'store', url: '../remote' },
  'a folder, the default, with capitals in its name': { name: 'Store', url: '../remote', default: true },
  'a folder relative to a folder below the root': { name: 'store', url: '../../remote', from: 'a/b' },
  'a folder in the repository': { name: 'inside', url: 'store with spaces' },
  'this folder': { name: 'here', url: '.' },
  'an absolute path': { name: 'store', url: '/mnt/store' },
  "a path in somebody's home": { name: 'home', url: '~/store' },
  'the address of a file system': { name: 'files', url: 'file:///mnt/store' },
  'a path of letters that an INI file takes for its own': { name: 'odd', url: "../a, b #c; d=e [f] 'g" },
  'a name with a space': { name: 'my store', url: '../remote' },
  S3: {
    name: 's3',
    url: 's3://bucket/path',
    default: true,
    options: { region: 'eu-central-1', endpointurl: 'https://minio.localhost:9000', use_ssl: 'false', jobs: '4' },
    secrets: { access_key_id: 'AKIA', secret_access_key: 'a/b+c=#d,e' },
  },
  GCS: { name: 'gcs', url: 'gs://bucket/path', options: { credentialpath: 'keys/key.json' }, from: 'a' },
  Azure: {
    name: 'azure',
    url: 'azure://container/path',
    options: { account_name: 'me' },
    secrets: { connection_string: 'DefaultEndpointsProtocol=https;AccountName=me;AccountKey=a+b==;' },
  },
  SSH: {
    name: 'ssh',
    url: 'ssh://me@host:2222/path',
    options: { port: '2222', keyfile: '../key', allow_agent: 'true' },
    secrets: { password: 'a b%c', passphrase: "'a'" },
  },
  HTTP: { name: 'http', url: 'http://host/path', options: { auth: 'basic', user: 'me' }, secrets: { password: '"x"' } },
  HTTPS: { name: 'https', url: 'https://host/path?version=2', options: { ssl_verify: 'false', read_timeout: '2.5' } },
};

describe('adding a remote of DVC', function () {
  this.timeout(5 * 60_000); // the packages may have to be fetched
  let real: RealDvc;
  let parent: string;
  let ours: string;
  let theirs: string;

  before(async () => {
    real = await RealDvc.start();
  });
  after(() => real.stop());
  beforeEach(async () => {
    parent = await temporaryFolder();
    [ours, theirs] = [join(parent, 'ours'), join(parent, 'theirs')];
    for (const folder of [ours, theirs]) {
      await mkdir(join(folder, 'a', 'b'), { recursive: true });
      await git(folder, 'init', '--quiet');
      await real.dvc(folder, 'init', '--quiet');
    }
  });
  afterEach(() => remove(parent));

  const add = (asked: Asked & { force?: boolean }, folder = ours) =>
    addRemote({ default: false, ...asked, folder: join(folder, asked.from ?? '') });
  const textOf = (folder: string, name: string) => readFile(join(folder, '.dvc', name), 'utf8').catch(() => undefined);

  for (const [name, asked] of Object.entries(cases)) {
    it(`writes what DVC writes: ${name}`, async () => {
      const at = join(theirs, asked.from ?? '');
      await real.dvc(at, 'remote', 'add', '--quiet', ...(asked.default ? ['--default'] : []), asked.name, asked.url);
      for (const [key, value] of Object.entries(asked.options ?? {})) {
        await real.dvc(at, 'remote', 'modify', '--quiet', asked.name, key, value);
      }
      for (const [key, value] of Object.entries(asked.secrets ?? {})) {
        await real.dvc(at, 'remote', 'modify', '--quiet', '--local', asked.name, key, value);
      }
      const added = remoteSchema.parse(await add(asked));

      assert.equal(await textOf(ours, 'config'), await textOf(theirs, 'config'));
      assert.equal(await textOf(ours, 'config.local'), await textOf(theirs, 'config.local'));
      assert.deepEqual(added.files, asked.secrets ? ['.dvc/config', '.dvc/config.local'] : ['.dvc/config']);
      const listed = (await real.dvc(ours, 'remote', 'list')).trimEnd().split('\n').map(words);
      const [remote] = listRemotes(await readDvcConfig(join(ours, '.dvc')));
      assert.equal(remote?.name, asked.name.toLowerCase());
      assert.equal(remote.default, asked.default === true);
      const shown = remote.url.replace(/^\/mnt/, asked.url.startsWith('file:') ? 'file:///mnt' : '/mnt');
      assert.deepEqual(listed, [words(`${remote.name} ${shown}${remote.default ? ' (default)' : ''}`)]);
    });
  }

  it('keeps what is in the config, to the comment', async () => {
    const before = [
      '# of the team',
      '[core]',
      '    autostage = true # stage it',
      '    remote = old',
      '',
      '[\'remote "old"\'] ; not a comment'.replace(' ; not a comment', ' # the first'),
      '    # where it was',
      '    url = /old',
      '[cache]',
      '    type = hardlink,copy',
      '',
    ].join('\n');
    await writeFile(join(ours, '.dvc', 'config'), before);
    await add({ name: 'new', url: '/new', default: true });
    assert.equal(
      await textOf(ours, 'config'),
      `${before.replace('remote = old', 'remote = new')}['remote "new"']\n    url = /new\n`,
    );
    assert.match(await real.dvc(ours, 'remote', 'list'), /^old +\/old\nnew +\/new +\(default\)$/m);
  });

  it('does not take the place of one with that name until it is told to, and then leaves nothing of it', async () => {
    await add({ name: 'x', url: 's3://bucket', options: { region: 'a' }, secrets: { secret_access_key: 's' } });
    const before = await textOf(ours, 'config');
    await rejects(add({ name: 'X', url: 'ssh://host/path' }), 'remote-exists');
    assert.equal(await textOf(ours, 'config'), before);
    await add({ name: 'x', url: 'ssh://host/path', force: true });
    assert.equal(await textOf(ours, 'config'), '[\'remote "x"\']\n    url = ssh://host/path\n');
    assert.equal(await textOf(ours, 'config.local'), '');
    assert.match(await real.dvc(ours, 'remote', 'list'), /^x +ssh:\/\/host\/path$/m);
  });

  describe('with credentials', () => {
    const secret: Asked = { name: 's', url: 's3://b/p', secrets: { secret_access_key: 'hush' } };

    it('lets nobody but the owner read them', async () => {
      await writeFile(join(ours, '.dvc', 'config.local'), '[core]\n    analytics = false\n');
      await chmod(join(ours, '.dvc', 'config.local'), 0o644);
      await add(secret);
      assert.equal((await stat(join(ours, '.dvc', 'config.local'))).mode & 0o777, 0o600);
    });

    it('has git ignore them first', async () => {
      for (const text of ['/tmp\n/cache', '']) {
        await writeFile(join(ours, '.dvc', '.gitignore'), text);
        const { files } = await add({ ...secret, name: `s${text.length}` });
        assert.deepEqual(files, ['.dvc/.gitignore', '.dvc/config', '.dvc/config.local']);
        assert.match(await git(ours, 'check-ignore', '.dvc/config.local'), /config\.local/);
        assert.match((await textOf(ours, '.gitignore')) ?? '', /^\/config\.local$/m);
      }
    });

    const exposed: Readonly<Record<string, () => Promise<unknown>>> = {
      'git tracks the file': async () => {
        await writeFile(join(ours, '.dvc', 'config.local'), '');
        await git(ours, 'add', '--force', '.dvc/config.local');
      },
      'another rule takes it back': async () => {
        await mkdir(join(ours, '.dvc', 'tmp'), { recursive: true });
        await writeFile(join(ours, '.dvc', '.gitignore'), '');
        // A `.gitignore` that is a link is one that git does not follow.
        await writeFile(join(ours, 'ignore'), '');
        await git(ours, 'rm', '--quiet', '--force', '--cached', '.dvc/.gitignore');
        await remove(join(ours, '.dvc', '.gitignore'));
        await symlink(join(ours, 'ignore'), join(ours, '.dvc', '.gitignore'));
      },
    };
    for (const [why, make] of Object.entries(exposed)) {
      it(`writes nothing where ${why}`, async () => {
        await make();
        const before = await textOf(ours, 'config');
        await rejects(add(secret), 'remote-secrets-exposed');
        assert.equal(await textOf(ours, 'config'), before);
        assert.doesNotMatch((await textOf(ours, 'config.local')) ?? '', /hush/);
      });
    }

    it('leaves alone a file that is a link', async () => {
      await writeFile(join(parent, 'kept'), '');
      await symlink(join(parent, 'kept'), join(ours, '.dvc', 'config.local'));
      await rejects(add(secret), 'tracking-unwritable');
      assert.equal(await readFile(join(parent, 'kept'), 'utf8'), '');
    });
  });

  const refused: readonly (readonly [what: string, asked: Asked, code: string])[] = [
    ['no name', { name: ' ', url: '/x' }, 'remote-name'],
    ['a name with a quote', { name: "it's", url: '/x' }, 'remote-name'],
    ['a name with a line break', { name: 'a\nb', url: '/x' }, 'remote-name'],
    ['a name in other letters', { name: 'größe', url: '/x' }, 'remote-name'],
    ['a name with a bracket', { name: 'a]b', url: '/x' }, 'remote-name'],
    ['no address', { name: 'x', url: '' }, 'remote-url'],
    ['an address without its slashes', { name: 'x', url: 's3:bucket/path' }, 'remote-url'],
    ['an address without a bucket', { name: 'x', url: 's3://' }, 'remote-url'],
    ['an address without a host', { name: 'x', url: 'https:///path' }, 'remote-url'],
    ['an unknown kind of address', { name: 'x', url: 'magnet://a/b' }, 'remote-url'],
    ['an address with a password', { name: 'x', url: 'https://me:hush@host/path' }, 'remote-url'],
    ['an address with keys', { name: 'x', url: 's3://AKIA:hush@bucket/path' }, 'remote-url'],
    ['an address with a signature', { name: 'x', url: 'azure://container/path?sv=2022&sig=hush' }, 'remote-url'],
    ['an address with a line break', { name: 'x', url: '/a\n[core]\nremote = y' }, 'remote-url'],
    ['a setting of another kind', { name: 'x', url: 's3://b', options: { port: '22' } }, 'remote-setting'],
    ['a setting that is inherited', { name: 'x', url: 's3://b', options: { constructor: 'x' } }, 'remote-setting'],
    ['a secret for everybody', { name: 'x', url: 's3://b', options: { secret_access_key: 'hush' } }, 'remote-setting'],
    ['a number that is none', { name: 'x', url: 'ssh://h/p', options: { port: 'hush' } }, 'remote-setting'],
    ['a flag that is none', { name: 'x', url: 's3://b', options: { use_ssl: 'hush' } }, 'remote-setting'],
    ['a value of two lines', { name: 'x', url: 's3://b', secrets: { session_token: 'hu\nsh' } }, 'remote-setting'],
    ['a value with both quotes', { name: 'x', url: 's3://b', secrets: { session_token: `'hush"` } }, 'remote-setting'],
    [
      'a value that DVC fills in',
      { name: 'x', url: 's3://b', secrets: { session_token: '%(hush)s' } },
      'remote-setting',
    ],
  ];
  for (const [what, asked, code] of refused) {
    it(`refuses ${what}`, async () => {
      await rejects(add(asked), code);
      assert.equal(await textOf(ours, 'config'), '');
      assert.equal(await textOf(ours, 'config.local'), undefined);
    });
  }

  it('says what to do where there is no DVC repository', () =>
    rejects(addRemote({ folder: parent, name: 'x', url: '/x', default: false }), 'dvc-repository-missing'));

  it('shows addresses that somebody else wrote without their credentials', async () => {
    const urls = [
      'https://me:hush@host/path?a=1&api_key=hush',
      's3://AKIA:hu:sh@bucket',
      'ssh://me@host/path',
      '/plain',
    ];
    const text = urls.map((url, index) => `['remote "r${index}"']\n    url = ${url}\n`).join('');
    await writeFile(join(ours, '.dvc', 'config'), text);
    const shown = listRemotes(await readDvcConfig(join(ours, '.dvc'))).map(({ url }) => url);
    assert.deepEqual(shown, ['https://me@host/path?a=1', 's3://AKIA@bucket', 'ssh://me@host/path', '/plain']);
  });
});

/** The columns are as wide as their widest word. */
function words(line: string): string {
  return line.replace(/\s+/g, ' ');
}

async function rejects(adding: Promise<unknown>, code: string): Promise<void> {
  await assert.rejects(adding, (error) => {
    assert.ok(error instanceof MldataError);
    assert.equal(error.code, code, error.message);
    assert.doesNotMatch(error.message, /hush/);
    return true;
  });
}
