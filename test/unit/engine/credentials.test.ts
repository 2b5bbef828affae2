/** Where secrets are found that a config names, and that they are in nothing that is told. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  awsSettings,
  Credentials,
  expiryOf,
  huggingFaceToken,
  redact,
  redacted,
  remember,
  type Keyring,
} from '../../../src/engine/credentials';
import { explain } from '../../../src/engine/trouble';
import { MldataError, type Finding } from '../../../src/protocol';

/** Keeps what it is given in memory. */
function keyringOf(entries: Readonly<Record<string, string>>): Keyring {
  const kept = new Map(Object.entries(entries));
  return {
    read: (name) => Promise.resolve(kept.get(name)),
    write: (name, value) => Promise.resolve(void kept.set(name, value)),
    remove: (name) => Promise.resolve(kept.delete(name)),
  };
}

const locked: Keyring = {
  read: () => Promise.reject(new MldataError('authentication', 'keyring-unavailable', 'The keyring is locked.')),
  write: () => Promise.reject(new Error('Nobody writes here')),
  remove: () => Promise.reject(new Error('Nobody removes here')),
};

describe('credentials', () => {
  const environment = { PASSWORD: 'p/w d', EMPTY: '', MLDATA_CREDENTIAL_IN_CI: 'from-ci' };
  const credentials = new Credentials({
    environment,
    handed: { store: 'from-editor', 'in-ci': 'hidden-by-ci' },
    keyring: keyringOf({ vault: 'from-keyring', store: 'hidden-by-editor' }),
  });

  const resolved: readonly [text: string, value: string][] = [
    ['no reference', 'no reference'],
    ['${env:PASSWORD}', 'p/w d'],
    ['postgres://u:${env:PASSWORD}@h/d', 'postgres://u:p%2Fw%20d@h/d'],
    ['${credential:store}', 'from-editor'],
    ['${credential:vault}', 'from-keyring'],
    ['${credential:in-ci}', 'from-ci'],
    ['x?a=${env:PASSWORD}&b=${credential:vault}&c=${env:PASSWORD}', 'x?a=p%2Fw%20d&b=from-keyring&c=p%2Fw%20d'],
    ['${other:NAME} ${env:} $env:PASSWORD', '${other:NAME} ${env:} $env:PASSWORD'],
  ];
  for (const [text, value] of resolved) {
    it(`make ${text} into ${value}`, async () => {
      assert.equal(await credentials.resolveAddress(text), value);
    });
  }

  const missing: readonly [text: string, says: RegExp][] = [
    ['${env:EMPTY}', /The environment variable EMPTY, .* is not set/],
    ['${env:constructor}', /constructor/],
    ['${credential:nowhere}', /`mldata auth login nowhere`.*MLDATA_CREDENTIAL_NOWHERE/],
    ['${credential:constructor}', /constructor/],
  ];
  for (const [text, says] of missing) {
    it(`say of ${text} that it is missing, and how it is set`, async () => {
      await assert.rejects(credentials.resolve(text), (error: MldataError) => {
        assert.equal(error.code, 'secret-missing');
        assert.equal(error.kind, 'authentication');
        assert.match(error.message, says);
        return true;
      });
    });
  }

  it('need no keyring where the environment has them, and say that there is none where it has not', async () => {
    const without = new Credentials({ environment, keyring: locked });
    assert.equal(await without.resolve('${env:PASSWORD} ${credential:in-ci}'), 'p/w d from-ci');
    await assert.rejects(without.resolve('${credential:vault}'), /MLDATA_CREDENTIAL_VAULT. The keyring is locked/);
  });

  it('forget what the editor gave before when it gives anew', async () => {
    const own = new Credentials({ environment: {}, keyring: keyringOf({}), handed: { old: 'one' } });
    own.hand({ new: 'two' });
    assert.deepEqual(own.handedFor('${credential:new} ${credential:old} ${env:new}'), { new: 'two' });
    assert.deepEqual(own.handedFor('nothing'), {});
    await assert.rejects(own.resolve('${credential:old}'), { code: 'secret-missing' });
  });
});

describe('what is told', () => {
  it('has no secret that was looked up, however it is written', async () => {
    const secret = 'pa"ss wörd/1';
    const own = new Credentials({ environment: { SECRET: secret }, keyring: locked });
    await own.resolve('${env:SECRET}');
    const told = redact(`${secret} ${encodeURIComponent(secret)} ${JSON.stringify({ secret })}`);
    assert.equal(told, '••• ••• {"secret":"•••"}');
  });

  it('keeps its words where a secret is a short one, which is hidden by itself only', () => {
    ['e', 'pw1', '$^1'].forEach(remember);
    assert.equal(
      redact('there are pw12 files; postgres://me:pw1@host, e, "$^1" and a$^1b'),
      'there are pw12 files; postgres://me:•••@host, e, "•••" and a$^1b',
    );
  });

  it('has none in errors and their findings, which stay as they are otherwise', () => {
    remember('findme');
    const finding: Finding = {
      code: 'x',
      severity: 'error',
      message: 'findme',
      suggestion: 'findme',
      samples: ['a', 'findme'],
      locations: [{ file: 'f', row: 1, text: 'findme' }],
    };
    const told = redacted(new MldataError('network', 'x', 'at findme', [finding]));
    assert.doesNotMatch(JSON.stringify(told.toData()), /findme/);
    assert.match(JSON.stringify(told.toData()), /"row":1/);
    const clean = new MldataError('network', 'x', 'fine');
    assert.equal(redacted(clean), clean);
    assert.doesNotMatch(explain(new Error('lost findme'), 'a').message, /findme/);
  });
});

describe('what tools keep', () => {
  let home: string;
  before(async () => {
    home = await mkdtemp(join(tmpdir(), 'mldata-credentials-'));
    await mkdir(join(home, '.aws'));
    await mkdir(join(home, '.cache', 'huggingface'), { recursive: true });
    await writeFile(join(home, '.cache', 'huggingface', 'token'), 'from-file\n');
    await writeFile(
      join(home, '.aws', 'credentials'),
      '[default]\naws_access_key_id = id\naws_secret_access_key = a+b/c=\n' +
        '[Old]\naws_access_key_id=old\naws_secret_access_key=old-secret\naws_session_token=session-of-old\naws_expiration=2020-01-01T00:00:00Z\n',
    );
    await writeFile(
      join(home, '.aws', 'config'),
      '[default]\nregion = eu-west-1\n[profile Old]\nregion=us-west-2\nendpoint_url=http://minio:9000\n[profile bare]\nregion=x\n',
    );
  });
  after(() => rm(home, { recursive: true }));

  const ofDefault = { accessKeyId: 'id', secretAccessKey: 'a+b/c=', from: 'the profile default' };
  const old = {
    ...{ accessKeyId: 'old', secretAccessKey: 'old-secret', sessionToken: 'session-of-old' },
    ...{ expiresAt: new Date('2020-01-01T00:00:00Z'), from: 'the profile Old' },
  };
  const ofEnvironment = { AWS_ACCESS_KEY_ID: 'e', AWS_SECRET_ACCESS_KEY: 'key-of-env' };
  const profiles: readonly [what: string, environment: Record<string, string>, profile: string | undefined, object][] =
    [
      ['the default profile', {}, undefined, { region: 'eu-west-1', credentials: ofDefault }],
      [
        'the profile that is named',
        {},
        'Old',
        { region: 'us-west-2', endpoint: 'http://minio:9000', credentials: old },
      ],
      [
        'AWS_PROFILE',
        { AWS_PROFILE: 'Old' },
        undefined,
        { region: 'us-west-2', endpoint: 'http://minio:9000', credentials: old },
      ],
      [
        'the environment before the default profile',
        { ...ofEnvironment, AWS_REGION: 'r' },
        undefined,
        { region: 'r', credentials: { accessKeyId: 'e', secretAccessKey: 'key-of-env', from: 'AWS_ACCESS_KEY_ID' } },
      ],
      [
        'a named profile before the environment',
        ofEnvironment,
        'default',
        { region: 'eu-west-1', credentials: ofDefault },
      ],
      ['a profile without keys', {}, 'bare', { region: 'x' }],
      ['no files', { AWS_SHARED_CREDENTIALS_FILE: '/none', AWS_CONFIG_FILE: '/none' }, undefined, {}],
    ];
  for (const [what, environment, profile, settings] of profiles) {
    it(`of AWS: ${what}`, async () => {
      assert.deepEqual(await awsSettings(environment, profile, home), settings);
    });
  }

  it('of AWS: a profile that no file has is named', async () => {
    await assert.rejects(awsSettings({ AWS_PROFILE: 'gone' }, undefined, home), { code: 'aws-profile-missing' });
  });

  const tokens: readonly [
    what: string,
    environment: Record<string, string>,
    kept: Record<string, string>,
    string | undefined,
  ][] = [
    ['HF_TOKEN', { HF_TOKEN: ' of-env ' }, { huggingface: 'kept' }, 'of-env'],
    ['the credential huggingface', {}, { huggingface: 'kept' }, 'kept'],
    ['the file of its tools', {}, {}, 'from-file'],
    ['no file', { HF_HOME: '/none' }, {}, undefined],
  ];
  for (const [what, environment, kept, value] of tokens) {
    it(`of Hugging Face: ${what}`, async () => {
      const credentials = new Credentials({ environment, keyring: keyringOf(kept) });
      assert.equal((await huggingFaceToken(credentials, home))?.value, value);
    });
  }

  it('of Hugging Face: the file too where the keyring is locked', async () => {
    const credentials = new Credentials({ environment: {}, keyring: locked });
    assert.equal((await huggingFaceToken(credentials, home))?.value, 'from-file');
  });
});

describe('the end of a token', () => {
  const jwt = (claims: object): string =>
    ['{"alg":"none"}', JSON.stringify(claims), 'signature']
      .map((part) => Buffer.from(part).toString('base64url'))
      .join('.');
  for (const [what, token, expiry] of [
    ['is in it', jwt({ exp: 1_600_000_000 }), '2020-09-13T12:26:40.000Z'],
    ['is not in one without it', jwt({ sub: 'x' }), undefined],
    ['is not in other texts', 'a.b.c', undefined],
    ['is not in a word', 'secret', undefined],
  ] as const) {
    it(what, () => {
      assert.equal(expiryOf(token)?.toISOString(), expiry);
    });
  }
});
