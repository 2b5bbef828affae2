/** Webhooks are told of drift once for each build, whatever goes wrong on the way, and by nobody who may not. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { alertOf, postAlerts, trialAlert } from '../../src/engine/alerts';
import { Credentials } from '../../src/engine/credentials';
import { Downloader, USUAL, type Timing } from '../../src/engine/fetch';
import {
  alertDeliverySchema,
  alertListSchema,
  alertMessageSchema,
  type BuildRequest,
  type DatasetBuild,
  type DriftAlert,
} from '../../src/protocol';
import { withoutRecording } from '../host/recording';
import { WebhookServer, type Answer } from '../host/webhookServer';
import { codes, workspaces, type Workspace } from './support';

const SECRET = 'T0SECRET/B0SECRET/x9SecretPathOfThis';
const alert = (name: string): DriftAlert =>
  alertOf(
    { dataset: 'd', build: 'b'.repeat(16), baseline: 'a'.repeat(16) },
    [{ name, status: 'high', by: 'psi', value: 0.5, threshold: 0.25, why: 'new' }],
    '2026-11-22T00:00:00.000Z',
  );

describe('webhooks of alerts', () => {
  withoutRecording();
  const workspace = workspaces();
  let server: WebhookServer;
  let elsewhere: WebhookServer;
  before(async () => {
    [server, elsewhere] = [await WebhookServer.start(), await WebhookServer.start()];
  });
  beforeEach(() => {
    server.clear();
    elsewhere.clear();
    process.env['ALERT_HOOK'] = `${server.origin}/services/${SECRET}`;
  });
  after(() => {
    server.stop();
    elsewhere.stop();
    Reflect.deleteProperty(process.env, 'ALERT_HOOK');
  });

  const textOf = (index = 0): string => {
    const { text } = JSON.parse(server.messages[index]?.body ?? '{}') as { text?: string };
    return text ?? '';
  };

  describe('are posted to', () => {
    /** As fast as a test can wait. */
    const timing: Timing = {
      ...USUAL,
      ...{ connectMs: 500, headersMs: 300, idleMs: 300, tries: 3, retryAfterMs: 2000 },
      backoff: { firstMs: 1, mostMs: 5 },
    };
    const post = (alerts: readonly DriftAlert[], options: { format?: 'slack'; url?: string; inner?: boolean } = {}) => {
      const { format, url = '${env:ALERT_HOOK}', inner = true } = options;
      const downloader = new Downloader({ allowInner: inner, timing });
      const place = { credentials: new Credentials(), downloader, signal: new AbortController().signal };
      return postAlerts(alerts, { url, ...(format && { format }) }, place);
    };

    const failing: Answer = { status: 500, body: 'down' };
    const cases: readonly [what: string, answers: Answer[], tries: number, ok: boolean, says: RegExp][] = [
      ['takes it', [], 1, true, /^\$\{env:ALERT_HOOK\} took it \(200\)$/],
      ['says that there is nothing to say', [{ status: 204 }], 1, true, /took it \(204\)$/],
      ['fails once and twice', [failing, failing], 3, true, /took it/],
      ['drops the connection', ['drop'], 2, true, /took it/],
      ['does not answer at first', ['stall'], 2, true, /took it/],
      ['never answers', ['stall', 'stall', 'stall'], 3, false, /no answer came for 0\.3 s, and 3 tries/],
      ['fails again and again', [failing, failing, failing], 3, false, /the server answered 500, and 3 tries/],
      ['asks for patience', [{ status: 429, headers: { 'retry-after': '1' } }], 2, true, /took it/],
      [
        'asks for too much patience',
        [{ status: 429, headers: { 'retry-after': '3600' } }],
        1,
        false,
        /cannot be told: the server answered 429/,
      ],
      [
        'knows it no more',
        [{ status: 404, body: 'no_service' }],
        1,
        false,
        /^\$\{env:ALERT_HOOK\} refuses it \(404\)$/,
      ],
      ['refuses it', [{ status: 403, body: 'invalid_token' }], 1, false, /refuses it \(403\)$/],
    ];
    for (const [what, answers, tries, ok, says] of cases)
      it(`one that ${what}`, async () => {
        server.answers.push(...answers);
        const started = Date.now();
        const posted = await post([alert('x')]);
        assert.deepEqual([posted.ok, server.messages.length], [ok, tries], posted.message);
        assert.match(posted.message, says);
        assert.doesNotMatch(posted.message, /SECRET|Secret/);
        if (what === 'asks for patience') assert.ok(Date.now() - started >= 1000);
      });

    for (const status of [301, 302, 307, 308])
      it(`one that leads elsewhere (${status}), which is told nothing`, async () => {
        server.answers.push({ status, headers: { location: `${elsewhere.origin}/${SECRET}` } });
        const { ok, message } = await post([alert('x')]);
        assert.deepEqual([ok, server.messages.length, elsewhere.messages.length], [false, 1, 0]);
        assert.equal(
          message,
          `\${env:ALERT_HOOK} leads to ${elsewhere.origin} (${status}), where alerts do not follow`,
        );
      });

    for (const [what, url, says] of [
      ['is not set', '${env:ALERT_NOBODY}', /ALERT_NOBODY, which the config names, is not set/],
      ['is no address', '${env:HOME}', /\$\{env:HOME\} stands for no address of a webhook/],
      ['bears a password', 'http://u:${env:ALERT_HOOK}@host/', /http:\/\/host\/… stands for no address/],
    ] as const)
      it(`none whose address ${what}`, async () => {
        const { ok, message } = await post([alert('x')], { url });
        assert.equal(ok, false);
        assert.match(message, says);
      });

    it('none of this machine unless that is allowed', async () => {
      const { ok, message } = await post([alert('x')], { inner: false });
      assert.deepEqual([ok, server.messages.length], [false, 0]);
      assert.match(message, /127\.0\.0\.1 is an address of this machine/);
    });

    it('as a document that has its schema', async () => {
      await post([alert('x'), alert('y')]);
      const [{ method, type, body } = server.messages[0]!] = server.messages;
      assert.deepEqual([method, type], ['POST', 'application/json; charset=utf-8']);
      assert.deepEqual(alertMessageSchema.parse(JSON.parse(body)).alerts, [alert('x'), alert('y')]);
    });

    it('as a text in which names call nobody, link nowhere and end no line', async () => {
      await post([alert('<!channel> @all & [a](https://evil.example)\n# x')], { format: 'slack' });
      assert.equal(
        textOf(),
        `d: a column drifted from ${'a'.repeat(16)}: &lt;!channel&gt; @\u200ball &amp; [a]\u200b(https:\u200b//evil.example) # x (high).`,
      );
      assert.deepEqual(Object.keys(JSON.parse(server.messages[0]?.body ?? '') as object), ['text']);
    });

    it('as a text that stays as short as chats take it, however much there is to say', async () => {
      const many = Array.from({ length: 60 }, (_, index) => alert(`${'😀'.repeat(300)}${index}`));
      await post(many, { format: 'slack' });
      assert.ok(textOf().length < 2000);
      assert.match(textOf(), /^60 alerts:\n• d: [^\n]*\n[\s\S]*… and \d+ more$/);
      assert.doesNotMatch(textOf(), /[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
    });

    it('of a trial, with the words of the answer and without the secret in them', async () => {
      server.answers.push({ status: 400, body: `no_text for /services/${SECRET}\nmore` });
      const { message } = await post([trialAlert(alert('x'), alert('x').at)]);
      assert.match(message, /refuses it \(400\): no_text for /);
      assert.doesNotMatch(message, /SECRET|Secret|more/);
    });
  });

  const rows = (shift: number): string =>
    `x,y\n${Array.from({ length: 400 }, (_, row) => `${((row * 37) % 100) + shift},${((row * 53) % 100) + shift}\n`).join('')}`;
  const dataset = (name: string, alerts: string) =>
    `  ${name}:\n    source: ${name}.csv\n    drift: { baseline: base.csv, alerts: { ${alerts} } }\n`;
  const drifting = (alerts: string, names = ['d']): Promise<Workspace> =>
    workspace({
      '.mldata.yaml': `version: 1\ndatasets:\n${names.map((name) => dataset(name, alerts)).join('')}`,
      'base.csv': rows(0),
      ...Object.fromEntries(names.map((name) => [`${name}.csv`, rows(500)])),
    });
  const build = async (space: Workspace, options: Partial<BuildRequest> = {}): Promise<readonly DatasetBuild[]> =>
    (await space.build({ trusted: true, allowPrivateAddresses: true, ...options })).datasets;
  const sent = () =>
    server.messages.map(({ body }) => alertMessageSchema.parse(JSON.parse(body)).alerts.map((one) => one.dataset));
  const listed = async (space: Workspace) => {
    const { stdout } = await space.cli(['alerts', 'list', '--json']);
    return alertListSchema.parse(JSON.parse(stdout)).alerts;
  };

  describe('of builds', () => {
    it('are told once of all datasets and columns, and not again of the same', async () => {
      const space = await drifting('webhooks: "${env:ALERT_HOOK}"', ['a', 'b']);
      const builds = await build(space);
      assert.deepEqual(
        sent().map((names) => names.sort()),
        [['a', 'b']],
      );
      assert.ok(!builds.flatMap(codes).includes('alert-not-delivered'));
      await build(space, { force: true });
      await space.write('a.csv', rows(501));
      await build(space);
      assert.equal(server.messages.length, 1);
      assert.deepEqual(
        (await listed(space)).map(({ webhooks }) => webhooks?.map(({ webhook, state }) => [webhook, state])),
        [[['${env:ALERT_HOOK}', 'sent']], [['${env:ALERT_HOOK}', 'sent']]],
      );
      assert.match((await space.cli(['alerts', 'list'])).stderr, /sent to \$\{env:ALERT_HOOK\}/);
    });

    it('that fail are warnings on their lines, fail no build, and are told with the next one', async () => {
      const space = await drifting('webhooks: ["${env:ALERT_HOOK}"], log: a.jsonl');
      server.answers.push(...Array.from({ length: 3 }, () => ({ status: 500 })));
      const [first] = await build(space);
      const finding = first?.findings.find(({ code }) => code === 'alert-not-delivered');
      assert.deepEqual(
        [first?.status, finding?.severity, finding?.configPath],
        ['built', 'warning', ['datasets', 'd', 'drift', 'alerts', 'webhooks', 0]],
      );
      assert.match(
        finding?.message ?? '',
        /An alert did not reach the webhook: .* answered 500.* The next build sends it again\./,
      );
      assert.deepEqual(
        (await listed(space))[0]?.webhooks?.map(({ state }) => state),
        ['waiting'],
      );
      assert.match((await space.cli(['alerts', 'list'])).stderr, /waits for \$\{env:ALERT_HOOK\}: .*500/);
      // Nothing is new, and nothing is built.
      const [second] = await build(space);
      assert.equal(second?.status, 'upToDate');
      assert.ok(!codes(second).includes('alert-not-delivered'));
      assert.deepEqual(sent(), [['d'], ['d'], ['d'], ['d']]);
      assert.equal((await listed(space))[0]?.webhooks?.[0]?.state, 'sent');
      await build(space);
      assert.equal(server.messages.length, 4);
    });

    it('that could not be told for long are told in one message', async () => {
      Reflect.deleteProperty(process.env, 'ALERT_HOOK');
      const space = await drifting('level: low, webhooks: "${env:ALERT_HOOK}"');
      const [first] = await build(space);
      assert.match(
        first?.findings.find(({ code }) => code === 'alert-not-delivered')?.message ?? '',
        /The environment variable ALERT_HOOK, which the config names, is not set/,
      );
      await space.write('d.csv', rows(500).replace('x,y', 'x,z'));
      await build(space, { offline: true });
      process.env['ALERT_HOOK'] = `${server.origin}/hook`;
      await build(space);
      assert.deepEqual(sent(), [['d', 'd']]);
    });

    it('that somebody has acknowledged meanwhile are not told', async () => {
      const space = await drifting('webhooks: "${env:ALERT_HOOK}"');
      await build(space, { offline: true });
      await space.cli(['alerts', 'acknowledge']);
      await build(space);
      assert.equal(server.messages.length, 0);
      assert.equal((await listed(space))[0]?.webhooks?.[0]?.state, 'dropped');
    });

    for (const [what, options, waits] of [
      ['from a workspace that nobody trusts', { trusted: false }, false],
      ['where the network is not to be used', { offline: true }, true],
      ['on this machine unless that is allowed', { allowPrivateAddresses: false }, true],
    ] as const)
      it(`are not told ${what}`, async () => {
        const space = await drifting('webhooks: "${env:ALERT_HOOK}"');
        await build(space, options);
        assert.equal(server.messages.length, 0);
        const posts = await readdir(space.path('.mldata/alerts/outbox')).catch(() => []);
        assert.equal(posts.length, waits ? 1 : 0);
        // What was not even taken up drifts still: it is told once that is possible.
        await space.write('d.csv', rows(502));
        await build(space);
        assert.equal(server.messages.length, 1);
      });

    it('are not told by a look that builds nothing', async () => {
      const space = await drifting('webhooks: "${env:ALERT_HOOK}"');
      await space.cli(['build', '--dry-run']);
      await space.cli(['drift', 'base.csv', 'd.csv']);
      assert.equal(server.messages.length, 0);
    });

    it('are told once by two builds at once', async () => {
      const space = await drifting('webhooks: "${env:ALERT_HOOK}"', ['a', 'b']);
      await build(space, { offline: true });
      await Promise.all([build(space, { names: ['a'] }), build(space, { names: ['b'] })]);
      assert.deepEqual(sent().flat().sort(), ['a', 'b']);
    });

    it('keep nothing of what a webhook stands for, whatever it answers', async () => {
      const space = await drifting('webhooks: "${env:ALERT_HOOK}"');
      const location = `${elsewhere.origin}/${SECRET}`;
      for (const answer of [{ status: 404, body: SECRET }, { status: 302, headers: { location } }, { status: 200 }]) {
        server.answers.push(answer);
        assert.doesNotMatch(JSON.stringify(await build(space)), /SECRET|Secret/);
      }
      for (const file of await space.files())
        assert.ok(!(await readFile(space.path(file), 'latin1')).includes('SECRET'), file);
    });
  });

  describe('on the command line', () => {
    it('are tried, through the proxy that the environment names', async () => {
      const space = await drifting('webhooks: [{ url: "${env:CHAT}", format: slack }, "https://chat.example.org/x"]');
      const env = {
        CHAT: `http://chat.example.org/${SECRET}`,
        HTTP_PROXY: server.origin,
        HTTPS_PROXY: 'http://127.0.0.1:1',
      };
      const { code, stdout } = await space.cli(['alerts', 'test', 'd', '--json'], { env });
      const { deliveries } = alertDeliverySchema.parse(JSON.parse(stdout));
      assert.deepEqual(
        deliveries.map(({ to, index, ok }) => [to, index, ok]),
        [
          ['webhook', 0, true],
          ['webhook', 1, false],
        ],
      );
      assert.equal(code, 1);
      assert.equal(server.messages[0]?.path, `http://chat.example.org/${SECRET}`);
      assert.equal(textOf(), 'd: this is a trial of its alerts. Nothing drifted.');
      assert.deepEqual(deliveries[0]?.message, '${env:CHAT} took it (200): ok');
      assert.match(deliveries[1]?.message ?? '', /^https:\/\/chat\.example\.org\/… cannot be told: /);
      // A trial that did not arrive is not sent again.
      assert.ok(!(await space.files()).some((file) => file.includes('outbox')));
    });
  });
});
