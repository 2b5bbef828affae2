import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import pLimit from 'p-limit';
import { Credentials, type Environment } from '../../src/engine/credentials';
import { directClient, Downloader } from '../../src/engine/fetch';
import { s3Listing, type S3Options } from '../../src/engine/stores';
import { MldataError } from '../../src/protocol';
import { S3Server, type Keys } from '../host/s3Server';
import { temporaryFolder } from '../host/workspace';
import { HURRIED } from './fetchSchedules';

const MANY = 1_050;
const HOSTILE = [
  'odd/ spaced  name.csv',
  'odd/%2F.csv',
  'odd/a+b&c=d?#.csv',
  'odd/größe 数据 😀.csv',
  "odd/it's(1)*!.csv",
];
/** Keys as the environment has them. */
type Options = S3Options & { readonly keys?: Keys & { readonly sessionToken?: string } };
const variablesOf = ({ accessKeyId, secretAccessKey, sessionToken = '' }: NonNullable<Options['keys']>) => ({
  AWS_ACCESS_KEY_ID: accessKeyId,
  AWS_SECRET_ACCESS_KEY: secretAccessKey,
  AWS_SESSION_TOKEN: sessionToken,
});
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

describe('buckets of S3', () => {
  let server: S3Server;
  let keys: Keys;
  let stranger: Keys;
  let folder: string;
  let log: string[];
  /** Headers of each request. */
  let sent: Readonly<Record<string, string>>[];

  before(async function () {
    this.timeout(300_000);
    server = await S3Server.start();
    await server.makeBucket('data');
    await server.makeBucket('versions');
    await server.keepVersions('versions');
    const atOnce = pLimit(8);
    const many = Array.from({ length: MANY }, (_, index) => `many/part-${String(index).padStart(5, '0')}.csv`);
    const all = [
      'train/a.csv',
      'train/b.csv',
      'train/deep/c.csv',
      'train/notes.txt',
      'train/',
      'empty.csv',
      ...HOSTILE,
      ...many,
    ];
    await Promise.all(all.map((key) => atOnce(() => server.put('data', key, bytesOf(key)))));
    keys = await server.makeUser('reader', 's3:*');
    stranger = await server.makeUser('stranger', 'iam:ListUsers');
  });
  after(() => server.stop());
  beforeEach(async () => {
    folder = await temporaryFolder();
    [log, sent] = [[], []];
  });

  const bytesOf = (key: string) => (key.endsWith('/') || key === 'empty.csv' ? '' : `name\n${key}\n`);
  const downloader = () => {
    const client = directClient({ allowInner: true, connectMs: 30_000 });
    return new Downloader({
      allowInner: true,
      timing: { ...HURRIED, headersMs: 30_000, idleMs: 30_000 },
      client: (url, headers, signal) => {
        sent.push(headers);
        return client(url, headers, signal);
      },
    });
  };
  const watch = () => ({
    log: (line: string) => log.push(line),
    signal: new AbortController().signal,
    onProgress: () => undefined,
  });
  const list = (uri: string, options: Options = {}, environment: Environment = {}) => {
    const { keys: own, ...rest } = options;
    const credentials = new Credentials({
      environment: { HOME: folder, ...(own && variablesOf(own)), ...environment },
    });
    return s3Listing(
      uri,
      { endpoint: server.endpoint, ...rest },
      { downloader: downloader(), credentials, watch: watch() },
    );
  };
  const names = async (uri: string) => (await list(uri, { keys })).listing.files.map(({ name }) => name);
  const fails = async (listing: Promise<unknown>, code: string, text: RegExp): Promise<MldataError> => {
    const error = await listing.then(
      () => assert.fail('it was listed'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof MldataError, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, text);
    return error;
  };

  describe('whose signatures are checked', () => {
    before(() => server.checkSignatures(true));
    after(() => server.checkSignatures(false));

    const asked = [
      { uri: 's3://data/train/a.csv', means: ['train/a.csv'], as: 'one object' },
      {
        uri: 's3://data/train/',
        means: ['train/a.csv', 'train/b.csv', 'train/deep/c.csv', 'train/notes.txt'],
        as: 'a folder',
      },
      { uri: 's3://data/train/*.csv', means: ['train/a.csv', 'train/b.csv'], as: 'a pattern' },
      {
        uri: 's3://data/train/**/*.csv',
        means: ['train/a.csv', 'train/b.csv', 'train/deep/c.csv'],
        as: 'a deep pattern',
      },
      { uri: 's3://data/tr*/{a,c}.csv', means: ['train/a.csv'], as: 'a choice' },
      { uri: 's3://data/odd/', means: [...HOSTILE].sort(), as: 'hostile keys' },
    ];
    for (const { uri, means, as } of asked) {
      it(`${as}: ${uri}`, async () => assert.deepEqual(await names(uri), means));
    }

    it('lists beyond the thousand keys of a page, and keeps their order', async () => {
      const found = await names('s3://data/many/part-*.csv');
      assert.equal(found.length, MANY);
      assert.deepEqual(found, [...found].sort());
      assert.equal(found.at(-1), `many/part-0${MANY - 1}.csv`);
    });

    it('fetches what it listed, hostile keys too, and each by its own signature', async () => {
      for (const name of [...HOSTILE, 'empty.csv']) {
        const { listing, credentials } = await list(name === 'empty.csv' ? `s3://data/${name}` : 's3://data/odd/', {
          keys,
        });
        const file = listing.files.find((each) => each.name === name);
        assert.ok(file, name);
        const target = join(folder, md5(name));
        const { receipt } = await downloader().fetch({ url: new URL(file.url), target, credentials }, watch());
        assert.equal(await readFile(target, 'utf8'), bytesOf(name));
        assert.equal(receipt.bytes, file.bytes);
        if (file.etag !== undefined) assert.equal(receipt.etag, file.etag);
      }
    });

    const withKeys = [
      {
        as: 'the environment',
        place: () => ({ AWS_ACCESS_KEY_ID: keys.accessKeyId, AWS_SECRET_ACCESS_KEY: keys.secretAccessKey }),
        options: {},
      },
      {
        as: 'the default profile',
        place: () => ({ AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials') }),
        options: {},
      },
      {
        as: 'a named profile',
        place: () => ({ AWS_CONFIG_FILE: join(folder, 'config') }),
        options: { profile: 'team-a' },
      },
      {
        as: 'the profile the environment names',
        place: () => ({ AWS_CONFIG_FILE: join(folder, 'config'), AWS_PROFILE: 'team-a' }),
        options: {},
      },
    ];
    for (const { as, place, options } of withKeys) {
      it(`takes the keys of ${as}`, async () => {
        const { accessKeyId, secretAccessKey } = keys;
        const lines = `aws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\ns3 =\n  max_queue_size = 9\n`;
        await writeFile(join(folder, 'credentials'), `[default]\n${lines}`);
        await writeFile(join(folder, 'config'), `[profile team-a]\n${lines}region = eu-central-1\n`);
        assert.equal((await list('s3://data/train/', options, place())).listing.files.length, 4);
      });
    }

    const refused = [
      {
        as: 'a wrong secret',
        keys: () => ({ ...keys, secretAccessKey: 'wr0ng-secret' }),
        says: /403 SignatureDoesNotMatch\): the secret key does not belong/,
      },
      {
        as: 'an unknown key',
        keys: () => ({ accessKeyId: 'AKIANOBODYATALL00000', secretAccessKey: 'anothers-secret' }),
        says: /InvalidAccessKeyId\): it does not know the access key/,
      },
      {
        as: 'an account without the right',
        keys: () => stranger,
        says: /AccessDenied\): this account may not read it/,
      },
    ];
    for (const { as, keys: chosen, says } of refused) {
      it(`refuses ${as}, and shows no key`, async () => {
        const error = await fails(list('s3://data/train/', { keys: chosen() }), 'store-refused', says);
        assert.equal(error.kind, 'authentication');
        const told = JSON.stringify([error.toData(), log]);
        for (const secret of [chosen().accessKeyId, chosen().secretAccessKey])
          if (secret.length > 1) assert.ok(!told.includes(secret), told);
      });
    }
  });

  it('asks without keys where there are none, and where the config says so', async () => {
    await server.put('data', 'open.csv', 'for all', 'public-read');
    assert.equal((await list('s3://data/open.csv')).listing.files.length, 1);
    const own = { AWS_ACCESS_KEY_ID: 'AKIA', AWS_SECRET_ACCESS_KEY: 'own-secret-key' };
    assert.equal((await list('s3://data/open.csv', { anonymous: true }, own)).listing.files.length, 1);
    assert.ok(sent.length >= 2);
    assert.ok(sent.every((headers) => !('authorization' in headers)));
    await fails(
      list('s3://data/train/a.csv'),
      'store-refused',
      /it is not public; no keys were found, .* Set the keys/,
    );
  });

  it('names the version of an object where the bucket keeps them, and fetches that one', async () => {
    await server.put('versions', 'x.csv', 'first');
    const { listing, credentials } = await list('s3://versions/x.csv', { keys });
    await server.put('versions', 'x.csv', 'second');
    const [file] = listing.files;
    assert.match(file?.url ?? '', /\?versionId=./);
    const target = join(folder, 'x.csv');
    await downloader().fetch({ url: new URL(file?.url ?? ''), target, credentials }, watch());
    assert.equal(await readFile(target, 'utf8'), 'first');
  });

  it('tells by the tag of an object that it changed', async () => {
    await server.put('data', 'changing.csv', 'first');
    const before = (await list('s3://data/changing.csv', { keys })).listing.files;
    await server.put('data', 'changing.csv', 'other');
    const after = (await list('s3://data/changing.csv', { keys })).listing.files;
    assert.equal(before[0]?.etag, `"${md5('first')}"`);
    assert.equal(after[0]?.etag, `"${md5('other')}"`);
  });

  it('says what is not there', async () => {
    await fails(
      list('s3://data/nothing.csv', { keys }),
      'store-missing',
      /s3:\/\/data\/nothing\.csv is not there: there is no such object/,
    );
    await fails(list('s3://no-such-bucket/x.csv', { keys }), 'store-missing', /there is no such bucket/);
    await fails(list('s3://data/none/*.csv', { keys }), 'store-empty', /names no file/);
  });

  const wrong = [
    's3://',
    's3:///key',
    's3://evil.example#@/x',
    's3://a..b/x',
    's3://user:pass@host/x',
    's3://data/\ud800',
  ];
  for (const uri of wrong) {
    it(`takes ${JSON.stringify(uri)} for no address`, () =>
      fails(list(uri, { keys }), 'store-address', /no address of a store/));
  }

  it('does not ask for keys that no address can carry', async () => {
    await fails(list('s3://data/a/../secret.csv', { keys }), 'store-address', /"\." or "\.\."/);
    assert.equal(sent.length, 0);
  });

  it('says which profile is missing, and which has keys of another kind', async () => {
    await writeFile(join(folder, 'config'), '[profile web]\nsso_session = mine\n');
    const environment = { AWS_CONFIG_FILE: join(folder, 'config') };
    await fails(list('s3://data/x', { profile: 'gone' }, environment), 'aws-profile-missing', /no profile gone/);
    await fails(
      list('s3://data/x', { profile: 'web' }, environment),
      'store-profile',
      /export-credentials --profile web/,
    );
    await fails(
      list('s3://data/x', { profile: '__proto__' }, environment),
      'aws-profile-missing',
      /no profile __proto__/,
    );
  });

  describe('of a server that answers as it likes', () => {
    let strange: Server;
    let answer: (path: string) => { status: number; body: string; headers?: Readonly<Record<string, string>> };
    let paths: string[];
    const secret = 'AKIAVERYSECRET';

    before(async () => {
      strange = createServer((request, response) => {
        paths.push(request.url ?? '');
        const { status, body, headers } = answer(request.url ?? '');
        response.writeHead(status, { 'content-type': 'application/xml', ...headers }).end(body);
      });
      await new Promise<void>((resolve) => strange.listen(0, '127.0.0.1', resolve));
    });
    after(() => strange.close());
    beforeEach(() => {
      paths = [];
    });
    const ask = (uri: string) =>
      list(uri, {
        endpoint: `http://127.0.0.1:${(strange.address() as AddressInfo).port}`,
        keys: { accessKeyId: secret, secretAccessKey: 'strange-secret', sessionToken: 'SESSION' },
      });
    const error = (code: string, more = '') =>
      `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${secret} SESSION</Message>${more}</Error>`;
    const page = (entries: string, more = '') =>
      `<?xml version="1.0"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${entries}${more}</ListBucketResult>`;
    const entry = (key: string) => `<Contents><Key>${key}</Key><ETag>"e"</ETag><Size>1</Size></Contents>`;

    const refusals = [
      { code: 'ExpiredToken', status: 400, says: /400 ExpiredToken\): the session has expired\. Sign in again/ },
      { code: 'RequestTimeTooSkewed', status: 403, says: /clock is wrong/ },
      { code: 'AccessDenied', status: 403, says: /may not read it/ },
      { code: '', status: 403, says: /\(403\)/ },
    ];
    for (const { code, status, says } of refusals) {
      it(`${status} ${code || 'without a word'}: refused, and its words, which may hold keys, are not repeated`, async () => {
        answer = () => ({ status, body: code === '' ? '' : error(code) });
        const failure = await fails(ask('s3://bucket/x.csv'), 'store-refused', says);
        assert.doesNotMatch(JSON.stringify([failure.toData(), log]), /AKIAVERYSECRET|SESSION/);
      });
    }

    it('goes to the region that the bucket is in, once', async () => {
      answer = () =>
        paths.length === 1
          ? { status: 400, body: error('AuthorizationHeaderMalformed', '<Region>eu-west-3</Region>') }
          : { status: 200, body: page(entry('x/a.csv')) };
      await ask('s3://bucket/x/');
      assert.match(sent[1]?.['authorization'] ?? '', /\/eu-west-3\/s3\/aws4_request/);
      answer = () => ({
        status: 301,
        body: error('PermanentRedirect'),
        headers: { 'x-amz-bucket-region': `r-${paths.length}` },
      });
      await fails(ask('s3://bucket/x/'), 'store-answer', /301 PermanentRedirect/);
    });

    const listings = [
      { as: 'what is no listing', body: () => '<html><body>Sign in</body></html>', says: /sent no listing/ },
      { as: 'what is no XML', body: () => page('<Contents>'), says: /sent no listing/ },
      {
        as: 'an entry without a size',
        body: () => page('<Contents><Key>x/a</Key></Contents>'),
        says: /cannot be read/,
      },
      {
        as: 'a broken key',
        body: () => page(entry('x/%ZZ'), '<EncodingType>url</EncodingType>'),
        says: /cannot be read/,
      },
      {
        as: 'no way on',
        body: () => page(entry('x/a'), '<IsTruncated>true</IsTruncated>'),
        says: /does not say how it goes on/,
      },
      {
        as: 'the same page for ever',
        body: () =>
          page(entry('x/a'), '<IsTruncated>true</IsTruncated><NextContinuationToken>t</NextContinuationToken>'),
        says: /the same page again/,
      },
    ];
    for (const { as, body, says } of listings) {
      it(`refuses ${as}`, async () => {
        answer = () => ({ status: 200, body: body() });
        await fails(ask('s3://bucket/x/'), 'store-answer', says);
      });
    }

    it('refuses keys of a listing that lead elsewhere on their way', async () => {
      answer = () => ({ status: 200, body: page(entry('x/../../other/secret')) });
      await fails(ask('s3://bucket/x/'), 'store-address', /"\." or "\.\."/);
    });

    it('shows its keys to no other host that it is led to', async () => {
      const other = createServer((_, response) =>
        response.writeHead(206, { 'content-range': 'bytes 0-0/1', etag: '"e"' }).end('x'),
      );
      await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
      const { port } = other.address() as AddressInfo;
      answer = () => ({
        status: 307,
        body: '',
        headers: { location: `http://localhost:${port}/signed?X-Amz-Signature=s` },
      });
      await ask('s3://bucket/x.csv');
      other.close();
      assert.equal(sent.length, 2);
      assert.ok('authorization' in (sent[0] ?? {}));
      assert.deepEqual(Object.keys(sent[1] ?? {}).sort(), ['accept-encoding', 'range']);
    });
  });
});
