/** Against a server of ours that answers as the Hub documents; not against the Hub itself. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Credentials, type Environment } from '../../src/engine/credentials';
import { Downloader } from '../../src/engine/fetch';
import { hubListing } from '../../src/engine/stores';
import { MldataError } from '../../src/protocol';
import { HubServer } from '../host/hubServer';
import { temporaryFolder } from '../host/workspace';
import { HURRIED } from './fetchSchedules';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const TOKEN = 'hf_verySecretToken';

describe('datasets of the Hub', () => {
  let server: HubServer;
  let folder: string;
  let log: string[];

  beforeEach(async () => {
    server = await HubServer.start();
    folder = await temporaryFolder();
    log = [];
    server.datasets.set('anna/plain', {
      revisions: {
        main: {
          'README.md': 'hello',
          'dataset_infos.json': '{}',
          'data/train.csv': 'a\n1\n',
          'data/test.csv': 'a\n2\n',
          'data/more/b c%2F#?.csv': 'a\n3\n',
          'data/größe.csv': 'a\n4\n',
          'big.parquet': 'large bytes',
        },
        'feature/x': { 'data/train.csv': 'a\n9\n' },
        'v1.0': { 'old.csv': 'a\n0\n' },
      },
    });
    const converted = {
      'default/train/0000.parquet': 'p0',
      'default/train/0001.parquet': 'p1',
      'default/test/0000.parquet': 'p2',
    };
    server.datasets.set('anna/converted', {
      revisions: { main: { 'x.csv': 'a\n1\n' }, 'refs/convert/parquet': converted },
    });
    server.datasets.set('anna/partial', {
      revisions: { main: { 'x.csv': 'a\n1\n' }, 'refs/convert/parquet': { 'default/partial-train/0000.parquet': 'p' } },
    });
    server.datasets.set('anna/subsets', {
      revisions: {
        main: { 'x.csv': 'a' },
        'refs/convert/parquet': { 'de/train/0000.parquet': 'd', 'en/train/0000.parquet': 'e' },
      },
    });
    server.datasets.set('anna/gated', { revisions: { main: { 'x.csv': 'a\n1\n' } }, token: TOKEN, gated: true });
    server.datasets.set('anna/private', { revisions: { main: { 'x.csv': 'a\n1\n' } }, token: TOKEN });
  });
  afterEach(() => server.stop());

  const downloader = () => new Downloader({ allowInner: true, timing: HURRIED });
  const watch = () => ({
    log: (line: string) => log.push(line),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const noKeyring = {
    read: () => Promise.resolve(undefined),
    write: () => Promise.reject(new Error('there is no keyring')),
    remove: () => Promise.resolve(false),
  };
  const list = (uri: string, environment: Environment = {}, handed: Readonly<Record<string, string>> = {}) => {
    const all = { HF_ENDPOINT: server.endpoint, HOME: folder, ...environment };
    const credentials = new Credentials({ environment: all, keyring: noKeyring, handed });
    return hubListing(uri, { downloader: downloader(), credentials, watch: watch() });
  };
  const fails = async (listing: Promise<unknown>, code: string, text: RegExp): Promise<MldataError> => {
    const error = await listing.then(
      () => assert.fail('it was listed'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof MldataError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, text);
    assert.doesNotMatch(JSON.stringify([error.toData(), log]), /hf_|s3cret/);
    return error;
  };

  const main = ['big.parquet', 'data/größe.csv', 'data/more/b c%2F#?.csv', 'data/test.csv', 'data/train.csv'];
  const asked = [
    { uri: 'hf://datasets/anna/plain', means: main, as: 'its files of data, where there is no conversion' },
    { uri: 'hf://datasets/anna/plain@main', means: main, as: 'those of a branch' },
    { uri: 'hf://datasets/anna/plain/data/train.csv', means: ['data/train.csv'], as: 'one file' },
    { uri: 'hf://datasets/anna/plain/data', means: main.slice(1), as: 'a folder' },
    { uri: 'hf://datasets/anna/plain/data/more/', means: ['data/more/b c%2F#?.csv'], as: 'a folder, by its slash' },
    { uri: 'hf://datasets/anna/plain/data/t*.csv', means: ['data/test.csv', 'data/train.csv'], as: 'a pattern' },
    { uri: 'hf://datasets/anna/plain/**/*.csv', means: main.slice(1), as: 'a deep pattern' },
    { uri: 'hf://datasets/anna/plain@v1.0/old.csv', means: ['old.csv'], as: 'a file of a tag' },
    { uri: 'hf://datasets/anna/plain@feature%2Fx', means: ['data/train.csv'], as: 'a branch with a slash' },
    {
      uri: 'hf://datasets/anna/converted',
      means: ['default/test/0000.parquet', 'default/train/0000.parquet', 'default/train/0001.parquet'],
      as: 'the conversion to Parquet',
    },
    { uri: 'hf://datasets/anna/converted@main', means: ['x.csv'], as: 'what was uploaded, where a revision is named' },
    {
      uri: 'hf://datasets/anna/partial',
      means: ['x.csv'],
      as: 'what was uploaded, where the conversion is a beginning only',
    },
    { uri: 'hf://datasets/anna/subsets@refs/convert/parquet/de', means: ['de/train/0000.parquet'], as: 'one subset' },
  ];
  for (const { uri, means, as } of asked) {
    it(`${uri}: ${as}`, async () => {
      const { listing } = await list(uri);
      assert.deepEqual(
        listing.files.map(({ name }) => name),
        means,
      );
      assert.match(listing.revision ?? '', /^[0-9a-f]{40}$/);
      for (const { url } of listing.files) assert.ok(url.includes(`/resolve/${listing.revision}/`), url);
    });
  }

  it('asks which of several subsets is meant', () =>
    fails(
      list('hf://datasets/anna/subsets'),
      'store-ambiguous',
      /several subsets: de, en\. Name one .*parquet\/de\.$/,
    ));

  it('fetches what it listed: large files from another host, without the token, and by their hash', async () => {
    server.datasets.set('anna/plain', { ...server.datasets.get('anna/plain'), token: TOKEN } as never);
    const { listing, credentials } = await list('hf://datasets/anna/plain', { HF_TOKEN: TOKEN });
    const requests = listing.files.map(({ url, sha256 }, index) => ({
      ...{ url: new URL(url), target: join(folder, String(index)), credentials },
      ...(sha256 !== undefined && { expected: { sha256 } }),
    }));
    await downloader().fetchAll(requests, watch());
    const texts = await Promise.all(requests.map(({ target }) => readFile(target, 'utf8')));
    assert.deepEqual(texts, ['large bytes', 'a\n4\n', 'a\n3\n', 'a\n2\n', 'a\n1\n']);
    assert.equal(listing.files[0]?.sha256, sha256('large bytes'));
    const elsewhere = server.asked.filter(({ host }) => host === 'store');
    assert.equal(elsewhere.length, 1);
    assert.ok(elsewhere.every(({ authorization }) => authorization === undefined));
    assert.doesNotMatch(JSON.stringify([listing, log]), /hf_|s3cret/);
  });

  it('stays at the commit while the branch goes on', async () => {
    const { listing } = await list('hf://datasets/anna/converted@main');
    const converted = server.datasets.get('anna/converted');
    server.datasets.set('anna/converted', { revisions: { ...converted?.revisions, later: { 'x.csv': 'a\n7\n' } } });
    assert.notEqual((await list('hf://datasets/anna/converted@later')).listing.revision, listing.revision);
    const target = join(folder, 'x.csv');
    await downloader().fetch({ url: new URL(listing.files[0]?.url ?? ''), target }, watch());
    assert.equal(await readFile(target, 'utf8'), 'a\n1\n');
  });

  const signedIn = [
    { as: 'the editor', handed: { huggingface: TOKEN }, environment: () => ({}) },
    { as: 'HF_TOKEN', environment: () => ({ HF_TOKEN: TOKEN }) },
    { as: 'the token file', environment: () => ({}), file: '.cache/huggingface/token' },
    {
      as: 'the file of HF_HOME',
      environment: () => ({ HF_HOME: join(folder, 'hub') }),
      file: 'hub/token',
    },
  ];
  for (const { as, handed, environment, file } of signedIn) {
    it(`reads a gated dataset with the token of ${as}`, async () => {
      if (file !== undefined) {
        await mkdir(dirname(join(folder, file)), { recursive: true });
        await writeFile(join(folder, file), `${TOKEN}\n`);
      }
      assert.equal((await list('hf://datasets/anna/gated/x.csv', environment(), handed)).listing.files.length, 1);
    });
  }

  const refused = [
    {
      uri: 'hf://datasets/anna/gated/x.csv',
      token: undefined,
      code: 'store-refused',
      says: /its owner decides.*Ask for access at http.*\/datasets\/anna\/gated, and sign in/,
    },
    {
      uri: 'hf://datasets/anna/gated/x.csv',
      token: 'hf_other',
      code: 'store-refused',
      says: /wait until access is granted/,
    },
    {
      uri: 'hf://datasets/anna/private',
      token: undefined,
      code: 'store-refused',
      says: /\(401\): it is private, or is not there/,
    },
    { uri: 'hf://datasets/anna/private', token: 'hf_other', code: 'store-missing', says: /is not there \(404\)/ },
    {
      uri: 'hf://datasets/anna/plain@v9/x.csv',
      token: undefined,
      code: 'store-missing',
      says: /no branch, tag or commit "v9"/,
    },
    { uri: 'hf://datasets/anna/plain/data/none.csv', token: undefined, code: 'store-empty', says: /names no file/ },
    { uri: 'hf://datasets/anna/plain/none/*.csv', token: undefined, code: 'store-empty', says: /names no file/ },
  ];
  for (const { uri, token, code, says } of refused) {
    it(`says why ${uri} is not to be had ${token === undefined ? 'without a token' : 'with a wrong one'}`, () =>
      fails(list(uri, token === undefined ? {} : { HF_TOKEN: token }), code, says));
  }

  for (const uri of [
    ...[
      'hf://models/anna/x',
      'hf://datasets/anna',
      'hf://datasets/../x',
      'hf://datasets/anna/x/../../y',
      'hf://datasets/a b/x',
    ],
    'hf://datasets/anna/x@%ZZ/y',
  ]) {
    it(`takes ${uri} for no address`, () => fails(list(uri), 'store-address', /is no address of a store/));
  }

  it('takes no listing to another server, where its token would go along', async () => {
    server.linkTo = () => 'http://evil.example/next';
    await fails(list('hf://datasets/anna/plain', { HF_TOKEN: TOKEN }), 'store-answer', /goes on elsewhere/);
  });

  it('gives a listing up that goes round in circles', async () => {
    server.linkTo = (next) => {
      next.searchParams.delete('cursor');
      return next.href;
    };
    await fails(list('hf://datasets/anna/plain'), 'store-answer', /same page again/);
  });
});
