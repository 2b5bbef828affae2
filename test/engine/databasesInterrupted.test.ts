/** Fetches from servers of databases that end before their time, and what is left then, here and there. */
import assert from 'node:assert/strict';
import net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { readSnapshot } from '../../src/engine/databases';
import { password } from '../host/databaseServers';
import { startCli } from './commandLine';
import { testServers, type TestServer } from './databaseClients';
import { Snapshots } from './fetched';
import { workspaces } from './support';

/** Less than any of the queries takes by itself, on a machine that is busy with other tests. */
const PROMPT_MS = 20_000;

for (const name of ['PostgreSQL', 'MariaDB'] as const) {
  describe(`a fetch from a ${name} that is interrupted`, function () {
    this.timeout(120_000);
    let server: TestServer;
    let snapshots: Snapshots;
    const workspace = workspaces();
    before(async () => {
      server = await testServers[name]();
    });
    after(() => server.end());
    beforeEach(async () => {
      snapshots = await Snapshots.create();
    });
    afterEach(() => snapshots.remove());

    const runs = async (query: string, wanted: boolean): Promise<void> => {
      while ((await server.running(query)) > 0 !== wanted) await sleep(20);
    };
    const endless = () => server.many(50_000_000);

    it('stops a query that takes longer than its timeout', async () => {
      const source = { uri: server.url(), rows: { query: endless() }, timeoutMs: 300 };
      await assert.rejects(snapshots.fetch(source), { code: 'query-timeout' });
      await runs(endless(), false);
    });

    for (const { what, query } of [
      { what: 'before the first row', query: () => server.slow },
      { what: 'among the rows', query: endless },
    ]) {
      it(`stops at once ${what} when it is cancelled, at the server too`, async () => {
        const stop = new AbortController();
        const fetched = snapshots.fetch({ uri: server.url(), rows: { query: query() } }, { signal: stop.signal });
        fetched.catch(() => undefined);
        await runs(query(), true);
        await sleep(300);
        const start = performance.now();
        stop.abort();
        await assert.rejects(fetched, { code: 'cancelled' });
        await runs(query(), false);
        assert.ok(performance.now() - start < PROMPT_MS, `It took ${performance.now() - start} ms`);
        assert.deepEqual(await snapshots.files(), []);
      });
    }

    it('stops at the server when somebody presses Ctrl+C', async () => {
      const uri = server.url('${env:SECRET}');
      const space = await workspace({
        '.mldata.yaml': `version: 1\ndatasets:\n  a: { source: { uri: "${uri}", query: "${server.slow}" } }\n`,
        'own/mldata/config.yaml': 'version: 1\nnetwork: { allowPrivateAddresses: true }\n',
      });
      const env = { ...process.env, SECRET: password, XDG_CONFIG_HOME: space.path('own') };
      const watched = startCli(space, ['pull', 'a'], { env });
      await runs(server.slow, true);
      watched.signalGroup('SIGINT');
      const start = performance.now();
      await watched.ended();
      await runs(server.slow, false);
      assert.ok(performance.now() - start < PROMPT_MS, `It took ${performance.now() - start} ms`);
      assert.doesNotMatch(watched.stdout + watched.stderr, /pa55/);
    });

    it('keeps the snapshot as it was when the server dies among the rows', async () => {
      const mortal = await testServers[name]();
      try {
        const { record } = await snapshots.fetch({ uri: mortal.url(), rows: { query: 'SELECT 1 AS a' } });
        await assert.rejects(
          fetchUntilRows(mortal.url(), () => process.kill(name === 'PostgreSQL' ? -mortal.pid : mortal.pid, 'SIGKILL')),
          { code: 'database-lost' },
        );
        assert.deepEqual(await readSnapshot(snapshots.target()), record);
        assert.deepEqual(await snapshots.files(), [record.file, 'snapshot.json']);
      } finally {
        await mortal.end();
      }
    });

    it('keeps the snapshot as it was when the line is cut among the rows', async () => {
      const line = await Line.to(server);
      const { record } = await snapshots.fetch({ uri: line.url, rows: { query: 'SELECT 1 AS a' } });
      await assert.rejects(
        fetchUntilRows(line.url, () => line.cut()),
        { code: 'database-lost' },
      );
      assert.deepEqual(await snapshots.files(), [record.file, 'snapshot.json']);
      await runs(endless(), false);
      await line.end();
    });

    it('gives up a server from which nothing comes any more, and can be cancelled meanwhile', async () => {
      const line = await Line.to(server);
      const fetched = fetchUntilRows(line.url, () => line.hush(), { timeoutMs: 5000 });
      // What the server said before may still come.
      await assert.rejects(fetched, { code: /^(database-lost|query-timeout)$/ });
      const stop = new AbortController();
      const other = fetchUntilRows(
        line.url,
        () => {
          line.hush();
          stop.abort();
        },
        { signal: stop.signal },
      );
      await assert.rejects(other, { code: 'cancelled' });
      assert.deepEqual(await snapshots.files(), []);
      await line.end();
    });

    /** What befalls the connection when the first rows have come. */
    async function fetchUntilRows(
      uri: string,
      befall: () => void,
      { timeoutMs, signal }: { timeoutMs?: number; signal?: AbortSignal } = {},
    ): Promise<void> {
      let fallen = false;
      const onProgress = (rows: number) => {
        if (rows < 1000 || fallen) return;
        fallen = true;
        befall();
      };
      const source = { uri, rows: { query: endless() }, ...(timeoutMs !== undefined && { timeoutMs }) };
      await snapshots.fetch(source, { onProgress, ...(signal && { signal }) });
    }
  });
}

/** A connection that can be cut, and one that falls silent. */
class Line {
  private readonly sockets = new Set<net.Socket>();

  private constructor(
    private readonly listener: net.Server,
    private readonly target: TestServer,
  ) {
    listener.on('connection', (near) => {
      const far = net.connect(target.port, '127.0.0.1');
      for (const [from, to] of [
        [near, far],
        [far, near],
      ] as const) {
        this.sockets.add(from);
        from.on('error', () => undefined).on('close', () => to.destroy());
        from.pipe(to);
      }
    });
  }

  static async to(target: TestServer): Promise<Line> {
    const listener = net.createServer();
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    return new Line(listener, target);
  }

  get url(): string {
    return this.target
      .url()
      .replace(String(this.target.port), String((this.listener.address() as net.AddressInfo).port));
  }

  cut(): void {
    for (const socket of this.sockets) socket.resetAndDestroy();
    this.sockets.clear();
  }

  hush(): void {
    for (const socket of this.sockets) socket.unpipe().pause();
  }

  async end(): Promise<void> {
    this.cut();
    await new Promise((resolve) => this.listener.close(resolve));
  }
}
