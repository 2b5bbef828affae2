/** Secrets in texts are told by their shape, found in configs, and moved out of them. */
import assert from 'node:assert/strict';
import { credentialNamesIn, literalSecrets, parseConfig, withoutSecrets, writtenAddresses } from '../../../src/config';
import { moveSecret } from '../../../src/config/language';

/** Put together here, so that whoever looks for secrets in repositories finds none. */
const made = {
  huggingFace: ['hf_', 'aB3'.repeat(12)].join(''),
  github: ['ghp_', 'aB3x'.repeat(9)].join(''),
  aws: ['AK', 'IA', 'ABCD'.repeat(4)].join(''),
  jwt: ['eyJhbGciOiJIUzI1NiJ9', 'eyJzdWIiOiIxMjM0In0', 'c2lnbmF0dXJlMTIz'].join('.'),
  slack: ['https://hooks.slack.com/services', 'T0000', 'B0000', 'XXXXXXXX'].join('/'),
  mattermost: ['http://chat.intra:8065/hooks', 'xy7'.repeat(8) + 'ab'].join('/'),
  discord: ['https://canary.discord.com/api/webhooks', '123', 'aB3_x'].join('/'),
  key: ['-----BEGIN', 'PRIVATE KEY-----\nabc\n-----END PRIVATE KEY-----'].join(' '),
};

describe('config: credentials', () => {
  const text = (first: string, second: string): string =>
    `version: 1\ndatasets:\n  d:\n    source:\n      - { uri: "postgres://me:\${${first}}@h/d", table: t }\n      - { uri: "postgres://me:\${${second}}@h/d", table: u }\n`;

  it('that one environment variable would set are not told apart, and the second is refused', () => {
    const { findings } = parseConfig(text('credential:a-b', 'credential:A_b'), '.mldata.yaml');
    assert.deepEqual(
      findings.map(({ code, severity, configPath }) => [code, severity, configPath]),
      [['invalid-value', 'error', ['datasets', 'd', 'source', 1, 'uri']]],
    );
    assert.match(findings[0]?.message ?? '', /MLDATA_CREDENTIAL_A_B would set both/);
  });

  for (const [first, second] of [
    ['credential:a-b', 'credential:a-b'],
    ['credential:a-b', 'credential:ab'],
    ['credential:a-b', 'env:a_b'],
  ] as const) {
    it(`${first} and ${second} may stand in one config`, () => {
      assert.deepEqual(parseConfig(text(first, second), '.mldata.yaml').findings, []);
    });
  }
});

describe('config: secrets in texts', () => {
  const cases: readonly [text: string, hidden: string, value?: string][] = [
    ['postgres://me:pa55@host/db', 'postgres://me:•••@host/db', 'pa55'],
    ['postgres://me:p%40ss@host/db', 'postgres://me:•••@host/db', 'p@ss'],
    ['postgres://me:p@ss@host/db', 'postgres://me:•••@host/db', 'p@ss'],
    ['mysql://:only@host/db', 'mysql://:•••@host/db', 'only'],
    ['https://me:100%@host', 'https://me:•••@host', '100%'],
    ['see https://a/b?token=abc&x=1 there', 'see https://a/b?token=•••&x=1 there', 'abc'],
    [
      'https://b.s3.amazonaws.com/k?a=1&X-Amz-Signature=0f0f',
      'https://b.s3.amazonaws.com/k?a=1&X-Amz-Signature=•••',
      '0f0f',
    ],
    [`with ${made.huggingFace}.`, 'with •••.', made.huggingFace],
    [made.github, '•••', made.github],
    [made.aws, '•••', made.aws],
    [made.jwt, '•••', made.jwt],
    [made.slack, '•••', made.slack],
    [made.mattermost, '•••', made.mattermost],
    [made.discord, '•••', made.discord],
    [made.key, '•••', made.key],
    [`Authorization: Bearer ${'abcd'.repeat(5)}`, 'Authorization: Bearer •••', 'abcd'.repeat(5)],
  ];
  for (const [text, hidden, value] of cases) {
    it(`are hidden in ${hidden}`, () => {
      assert.equal(withoutSecrets(text), hidden);
      assert.deepEqual(
        literalSecrets(text).map((secret) => secret.value),
        [value],
      );
    });
  }

  for (const text of [
    'raw/*.csv',
    'postgres://me:${env:PASSWORD}@host:5432/db',
    'postgres://${env:USER}:${credential:warehouse}@host/db',
    'postgres://me@host/db',
    'https://host:8080/a@b',
    'https://host/x?token=${credential:api}',
    'token=abc, which is in no address',
    'AKIA is a prefix, hf_short too',
    'one sk-learn-tutorial-for-beginners',
    'a: b@c',
    'https://host/hooks/readme and https://host/hooks/that-is-no-secret-however-long-it-is',
  ]) {
    it(`are not in ${text}`, () => {
      assert.equal(withoutSecrets(text), text);
    });
  }

  for (const [what, text] of [
    ['references that never end', `a://${'${'.repeat(200_000)}`],
    ['addresses with references that never end', 'a://${'.repeat(200_000)],
    ['references without a password', `a://${'${x:y}'.repeat(100_000)}`],
    ['colons', 'a://' + ':'.repeat(500_000)],
    ['schemes', 'a.'.repeat(500_000)],
    ['parameters', '?token=x'.repeat(50_000)],
    ['the beginnings of tokens', 'eyJ'.repeat(300_000)],
    ['addresses', 'a://b:c'.repeat(100_000)],
  ] as const) {
    it(`take no longer to look for among many ${what}`, () => {
      const start = process.cpuUsage();
      literalSecrets(text);
      assert.ok(process.cpuUsage(start).user < 2_000_000);
    });
  }
});

describe('config: a secret that is written out', () => {
  const configs: readonly [what: string, body: string, path: readonly (string | number)[]][] = [
    ['in an address', 'a: { source: "postgres://me:hunter2x@host/db" }', ['datasets', 'a', 'source']],
    ['in a list', 'a: { source: [x.csv, "postgres://me:hunter2x@host/db"] }', ['datasets', 'a', 'source', 1]],
    [
      'in a description',
      'a: { source: x.csv, description: "https://me:hunter2x@host" }',
      ['datasets', 'a', 'description'],
    ],
    [
      'where no key belongs',
      'a: { source: x.csv, other: { deep: ["mysql://u:hunter2x@h/d"] } }',
      ['datasets', 'a', 'other', 'deep', 0],
    ],
  ];
  for (const [what, body, path] of configs) {
    it(`${what} is an error, and in no word that is said of it`, () => {
      const { findings } = parseConfig(`version: 1\ndatasets:\n  ${body}\n`, '.mldata.yaml');
      const written = findings.filter(({ code }) => code === 'literal-secret');
      assert.deepEqual(
        written.map(({ severity, configPath }) => [severity, configPath]),
        [['error', path]],
      );
      assert.doesNotMatch(JSON.stringify(findings), /hunter2x/);
    });
  }

  it('is in no message about what else is wrong, however long the text is', () => {
    const address = `mysql://me:${'hunter2x'.repeat(20)}@host/db`;
    const body = `a: { source: { path: x.csv, format: "${address}" } }`;
    const { findings } = parseConfig(`version: 1\ndatasets:\n  ${body}\n`, '.mldata.yaml');
    assert.deepEqual(findings.map(({ code }) => code).sort(), ['invalid-value', 'literal-secret']);
    assert.doesNotMatch(JSON.stringify(findings), /hunter2x/);
  });

  const moves: readonly [what: string, line: string, name: string, value: string, after: string][] = [
    [
      'a password',
      '    source: postgres://me:p%40ss@host/db # mine',
      'sales-password',
      'p@ss',
      '    source: "postgres://me:${credential:sales-password}@host/db" # mine',
    ],
    [
      'a token in quotes',
      `    source: "https://host/x?token=abc"`,
      'sales-token',
      'abc',
      '    source: "https://host/x?token=${credential:sales-token}"',
    ],
  ];
  it('becomes a credential: the value of a header, behind the word for its kind', () => {
    const text = `version: 1\ndatasets:\n  d:\n    source: { uri: "https://h/x", headers: { Authorization: "Bearer hunter2" } }\n`;
    const { findings } = parseConfig(text, '.mldata.yaml');
    const at = findings.find(({ code }) => code === 'literal-secret')?.configPath ?? [];
    assert.deepEqual(moveSecret(text, at), {
      name: 'd-token',
      value: 'hunter2',
      text: text.replace('hunter2', '${credential:d-token}'),
    });
  });

  it('becomes a credential: the address of a webhook', () => {
    const text = `version: 1\ndatasets:\n  sales:\n    source: x.csv\n    drift: { alerts: { webhooks: ${made.slack} } }\n`;
    const { findings } = parseConfig(text, '.mldata.yaml');
    const at = findings.find(({ code }) => code === 'literal-secret')?.configPath ?? [];
    assert.deepEqual(moveSecret(text, at), {
      name: 'sales-webhook',
      value: made.slack,
      text: text.replace(made.slack, '"${credential:sales-webhook}"'),
    });
  });

  for (const [what, line, name, value, after] of moves) {
    it(`becomes a credential: ${what}, and everything else stays`, () => {
      const text = `version: 1\ndatasets:\n  sales:\n${line}\n`;
      const moved = moveSecret(text, ['datasets', 'sales', 'source']);
      assert.deepEqual(moved, { name, value, text: text.replace(line, after) });
    });
  }

  it('gets a name of its own where one is taken', () => {
    const source = '["https://h/x?token=${credential:a-token}", "https://h/y?token=abc"]';
    const moved = moveSecret(`version: 1\ndatasets:\n  a: { source: ${source} }\n`, ['datasets', 'a', 'source', 1]);
    assert.equal(moved?.name, 'a-token-2');
  });
});

describe('config: addresses and credentials', () => {
  it('are found wherever they are written, in the order of the config', () => {
    const data = {
      defaults: { source: 'shared.csv' },
      datasets: {
        a: { source: ['x.csv', { uri: 'postgres://u:${credential:one}@h/d', table: 't' }, { path: 'y/' }] },
        b: { source: 3 },
        c: { drift: { alerts: { webhook: '${credential:two}', again: '${credential:one} ${env:THREE}' } } },
      },
    };
    assert.deepEqual(
      writtenAddresses(data).map(({ dataset, text }) => [dataset, text]),
      [
        [undefined, 'shared.csv'],
        ['a', 'x.csv'],
        ['a', 'postgres://u:${credential:one}@h/d'],
        ['a', 'y/'],
      ],
    );
    assert.deepEqual(credentialNamesIn(data), ['one', 'two']);
  });
});
