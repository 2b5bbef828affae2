/**
 * Whatever is done with secrets, they are in nothing that is written, printed or seen of processes: everything below a
 * home of its own is searched, temporary files included.
 */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { startGuarded, type GuardedServer } from '../host/guardedServer';
import { WebhookServer } from '../host/webhookServer';
import { startCli } from './commandLine';
import { workspaces, type Workspace } from './support';

/** By where they come from. Each has what an address and JSON write otherwise. */
const secrets = {
  header: 'Hdr0/se+cret "one"',
  credential: 'Crd1/se+cret "two"',
  webhook: 'T0Whk2secret/B0/x9x9x9x9',
  database: 'Dbs3/se+cret "four"',
  parameter: 'Par4secret5of6an7address',
  userinfo: 'Usr5secret5in5an5address',
  proxy: 'Prx6secret6of6a6proxy',
  hub: `hf_${'Hub7'.repeat(9)}`,
  store: 'Aws8/se+cret/of/a/store',
  typed: 'Typ9/se+cret "typed"',
};

/** As it is, as an address writes it, as JSON does, and in base64 wherever it may begin in that. */
const forms = Object.entries(secrets).flatMap(([name, value]) => [
  ...[value, encodeURIComponent(value), encodeURI(value), JSON.stringify(value).slice(1, -1)].map((form) => ({
    name,
    form,
  })),
  ...[0, 1, 2].flatMap((before) => {
    const whole = Buffer.from('x'.repeat(before) + value)
      .toString('base64')
      .replace(/=+$/, '');
    // The first and last of these depend on what stands beside it.
    const form = whole.slice(before === 0 ? 0 : before + 1, -2);
    return [form, form.replaceAll('+', '-').replaceAll('/', '_')].map((one) => ({ name, form: one }));
  }),
]);

const found = (text: string): string[] => [
  ...new Set(forms.filter(({ form }) => text.includes(form)).map(({ name, form }) => `${name}: ${form}`)),
];

describe('secrets', function () {
  this.timeout(300_000);
  const workspace = workspaces();
  let server: GuardedServer;
  let hook: WebhookServer;
  let proxy: WebhookServer;
  before(async () => {
    server = await startGuarded(secrets.header);
    [hook, proxy] = [await WebhookServer.start(), await WebhookServer.start()];
  });
  after(() => {
    for (const one of [server, hook, proxy]) one.stop();
  });

  const rows = (shift: number): string =>
    `x\n${Array.from({ length: 400 }, (_, row) => `${((row * 37) % 100) + shift}\n`).join('')}`;

  /** What the config may name, what it must not, and data that drifted. */
  const made = (): Promise<Workspace> => {
    const guarded = (reference: string, path: string): string =>
      `{ uri: "${server.origin}/${path}", format: csv, headers: { authorization: "Bearer ${reference}" } }`;
    const drift = 'drift: { baseline: base.csv, alerts: { log: a.jsonl, webhooks: "${env:HOOK}" } }';
    return workspace({
      '.mldata.yaml': `version: 1
datasets:
  good: { source: ${guarded('${env:HEADER}', 'x')} }
  bad: { source: ${guarded('${credential:api}', 'y')} }
  rows: { source: { uri: "postgres://me:\${env:DATABASE}@127.0.0.1:1/db", table: t } }
  more: { source: { uri: "mysql://me:\${env:DATABASE}@127.0.0.1:1/db", query: SELECT 1 } }
  away: { source: "http://away.example.org/x.csv" }
  hub: { source: "hf://datasets/owner/name" }
  store: { source: "s3://some-bucket/key" }
  drifted: { source: d.csv, ${drift} }
`,
      'refused/.mldata.yaml': `version: 1
datasets:
  a: { source: { uri: "postgres://me:${encodeURIComponent(secrets.database)}@127.0.0.1:1/db", table: t } }
  b: { source: "${server.origin}/x?token=${secrets.parameter}" }
  c: { source: "http://me:${secrets.userinfo}@127.0.0.1:1/x" }
  d: { source: { uri: "${server.origin}/x", headers: { authorization: ${JSON.stringify(secrets.header)} } } }
  e: { source: x.csv, drift: { baseline: x.csv, alerts: { webhooks: "https://hooks.slack.com/services/${secrets.webhook}" } } }
  f: { source: "${server.origin}/steal/\${env:HEADER}" }
`,
      'd.csv': rows(500),
      'base.csv': rows(0),
      'home/.aws/credentials': `[default]\naws_access_key_id=a\naws_secret_access_key=${secrets.store}\n`,
      'home/.config/mldata/config.yaml': 'version: 1\nnetwork: { allowPrivateAddresses: true }\n',
      'tmp/.keep': '',
    });
  };

  const environment = (space: Workspace): Record<string, string> => ({
    HOME: space.path('home'),
    XDG_CONFIG_HOME: space.path('home/.config'),
    XDG_CACHE_HOME: space.path('home/.cache'),
    TMPDIR: space.path('tmp'),
    DBUS_SESSION_BUS_ADDRESS: 'unix:path=/none',
    HEADER: secrets.header,
    MLDATA_CREDENTIAL_API: secrets.credential,
    HOOK: `${hook.origin}/services/${secrets.webhook}`,
    DATABASE: secrets.database,
    HF_TOKEN: secrets.hub,
    HF_ENDPOINT: server.origin,
    AWS_ENDPOINT_URL_S3: server.origin,
    HTTP_PROXY: proxy.origin.replace('//', `//me:${secrets.proxy}@`),
    HTTPS_PROXY: `http://me:${secrets.proxy}@127.0.0.1:1`,
    NO_PROXY: '127.0.0.1',
  });

  /** Runs a command; what it and its children print and are seen as. */
  async function run(
    space: Workspace,
    args: readonly string[],
    input = '',
  ): Promise<{ code: number | string; told: string }> {
    const env = { ...process.env, ...environment(space) };
    const cli = startCli(space, args, { env, stdio: ['pipe', 'pipe', 'pipe'] });
    cli.child.stdin?.end(input);
    const over = new AbortController();
    const ending = cli.ended().finally(() => over.abort());
    let seen = '';
    while (!over.signal.aborted) {
      // What somebody typed is theirs; what is started with it is ours.
      for (const pid of await childrenOf(cli.pid))
        seen += await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      await new Promise((next) => setTimeout(next, 20));
    }
    const code = await ending;
    const told = cli.stdout + cli.stderr;
    assert.ok(told !== '', args.join(' '));
    return { code, told: `${told}\n${seen}` };
  }

  const privately = '--allow-private-addresses';
  const refused = ['--config', 'refused/.mldata.yaml'];
  const commands: readonly (readonly [args: readonly string[], code: number, input?: string])[] = [
    [['pull', 'good', '--verbose'], 0],
    [['pull', 'good', '--update', '--json'], 0],
    [['pull', 'bad', '--verbose', '--json'], 4],
    [['pull', 'rows', '--verbose'], 5],
    [['pull', 'more', '--json'], 5],
    [['pull', 'away', '--verbose'], 0],
    [['pull', `ORIGIN/gone?token=${secrets.parameter}`, '--verbose'], 5],
    [['pull', `http://me:${secrets.userinfo}@127.0.0.1:1/x`, '--json'], 3],
    [['build', 'good', '--verbose'], 0],
    [['build', 'bad', '--json'], 4],
    [['build', 'drifted', '--verbose'], 0],
    [['build', 'drifted', '--force', '--json'], 0],
    [['build', ...refused, '--json'], 3],
    [['validate', 'a', ...refused, '--report', 'report.html'], 3],
    [['validate', 'good', '--report', 'report.json'], 0],
    [['drift', 'drifted', '--report', 'drift.html'], 0],
    [['profile', 'good', '--report', 'profile.html'], 0],
    [['alerts', 'test', 'drifted', privately, '--json'], 1],
    [['alerts', 'list'], 0],
    [['doctor', privately], 2],
    [['doctor', privately, '--json', '--verbose'], 2],
    [['doctor', privately, ...refused], 2],
    [['auth', 'status', privately, '--verbose'], 4],
    [['auth', 'status', privately, ...refused, '--json'], 0],
    [['auth', 'login', 'bad', privately], 4, `${secrets.typed}\n`],
    [['auth', 'logout', 'bad', '--json'], 4],
    [['config', 'get', 'datasets.good.source'], 0],
  ];

  it('are in no file, output or argument of a process, whatever is done with them', async () => {
    const space = await made();
    const wrong: string[] = [];
    for (const [args, code, input] of commands) {
      const typed = args.map((arg) => arg.replace('ORIGIN', server.origin));
      // The webhook fails once and echoes what it was asked for.
      if (args[1] === 'drifted')
        hook.answers.push({ status: 400, body: `no ${secrets.webhook}`, headers: { location: `/${secrets.webhook}` } });
      const ran = await run(space, typed, input);
      const leaks = found(ran.told);
      if (ran.code !== code || leaks.length > 0)
        wrong.push(`${args.join(' ')}: ${ran.code}\n${leaks.join('\n')}\n${ran.told.slice(0, 400)}`);
    }
    assert.deepEqual(wrong, []);
    // They were really used.
    assert.ok(server.asked.some((line) => line.endsWith(` ${secrets.header}`)));
    assert.ok(server.asked.some((line) => line.endsWith(` ${secrets.credential}`)));
    assert.ok(server.asked.some((line) => line.endsWith(` ${secrets.hub}`)));
    assert.ok(hook.messages.some(({ path }) => path.includes(secrets.webhook)));
    assert.ok(proxy.messages.some(({ path }) => path === 'http://away.example.org/x.csv'));
    assert.deepEqual(
      server.asked.filter((line) => line.startsWith('/steal')),
      [],
    );
    assert.deepEqual(found([...hook.messages, ...proxy.messages].map(({ body }) => body).join('\n')), []);
    const holding: string[] = [];
    for (const file of await readdir(space.folder, { recursive: true })) {
      const bytes = await readFile(space.path(file)).catch(() => undefined);
      if (bytes && (found(bytes.toString('latin1')).length > 0 || found(bytes.toString()).length > 0))
        holding.push(file);
      if (found(file).length > 0) holding.push(file);
    }
    // What we wrote there ourselves.
    assert.deepEqual(holding.sort(), ['home/.aws/credentials', 'refused/.mldata.yaml']);
  });
});

/** The processes that one started, and those that they did. */
async function childrenOf(pid: number): Promise<number[]> {
  const own = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  const children = own.split(' ').filter(Boolean).map(Number);
  return [...children, ...(await Promise.all(children.map(childrenOf))).flat()];
}
