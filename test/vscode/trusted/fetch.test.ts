import assert from 'node:assert/strict';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { networkSettings } from '../../../src/extension/network';
import type { ExtensionApi } from '../../../src/extension/main';
import { answering, cancelling } from '../support/answers';
import { FetchBar } from '../../../src/extension/fetching/fetchBar';
import { drawTree, eventually, extension, folder, makeFolder, write } from '../support/extension';

/** Nobody knows this host: what comes of it came through the proxy that VS Code's settings name. */
const ORIGIN = 'http://data.mldata-tests.example';
const config = `version: 1
datasets:
  towns:
    source: ${ORIGIN}/towns.csv
  large:
    source: ${ORIGIN}/large.csv
  people:
    source: people.csv
`;

describe('fetching what lies elsewhere', () => {
  let api: ExtensionApi;
  let home: vscode.Uri;
  let server: Server;
  let towns = 'name,people\nOslo,7\nRome,9\n';
  const large = `a,b\n${'1,2\n'.repeat(500_000)}`;
  const asked: string[] = [];
  const at = (...names: string[]) => vscode.Uri.joinPath(home, ...names);
  const dataset = (name: string) => ({ config: at('.mldata.yaml'), name });
  const fetched = (name: string) =>
    api.store.find(at('.mldata.yaml'), name)?.remote?.map((each) => each.fetched?.bytes);
  const run = (command: string, name: string, press: readonly string[] = []) =>
    answering({}, press, () => vscode.commands.executeCommand(`mldata.${command}`, dataset(name)));
  const http = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration('http').update(key, value, vscode.ConfigurationTarget.Global);

  before(async () => {
    api = await extension();
    server = createServer((request, response) => {
      asked.push(`${request.headers.range ?? 'whole'} ${new URL(request.url ?? '').pathname}`);
      if (request.url?.endsWith('large.csv')) serveSlowly(response, large, request.headers.range);
      else response.writeHead(200, { etag: `"${towns.length}"` }).end(towns);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    await http('proxy', `127.0.0.1:${(server.address() as AddressInfo).port}`);
    home = vscode.Uri.joinPath(folder(), 'fetching');
    await makeFolder(home);
    await write(at('people.csv'), 'name\nAda\n');
    await write(at('.mldata.yaml'), config);
    await api.store.refresh();
  });
  after(async () => {
    await http('proxy', undefined);
    server.close();
    server.closeAllConnections();
    await vscode.workspace.fs.delete(home, { recursive: true });
    await api.store.refresh();
  });
  beforeEach(() => asked.splice(0));

  it('says in the tree what is not here yet, and where it is', () => {
    const lines = drawTree(api).join('\n');
    assert.match(
      lines,
      /towns \| never built · not fetched\n\s+Sources \| 1\n\s+towns\.csv \| not fetched · data\.mldata/,
    );
    assert.match(lines, /people \| never built(?! · not fetched)/);
  });

  it("fetches it through the editor's proxy, and says what came and what is next", async () => {
    const said = await run('fetch', 'towns');
    await eventually('the end', () => (said.length > 0 ? true : undefined));
    assert.deepEqual(said, ['Fetched towns: 1 source, 26 B.']);
    assert.deepEqual([fetched('towns'), asked], [[26], ['whole /towns.csv']]);
    assert.match(
      drawTree(api).join('\n'),
      /towns \| never built\n\s+Sources \| 1\n\s+towns\.csv \| fetched just now · 26 B/,
    );
  });

  it('asks nobody again, unless that is wanted', async () => {
    const said = await run('fetch', 'towns');
    assert.deepEqual([said, asked], [['towns: everything was fetched before.'], []]);
    const again = await run('fetchNewer', 'towns');
    assert.deepEqual([again, asked.length], [['Nothing of towns has changed where it comes from.'], 1]);
    towns += 'Bern,1\n';
    assert.deepEqual(await run('fetchNewer', 'towns'), ['Fetched towns: 1 source, 33 B.']);
  });

  it('builds from what was fetched, and from the newest where that is asked for', async () => {
    await run('buildDataset', 'towns');
    assert.deepEqual([api.store.find(at('.mldata.yaml'), 'towns')?.manifest?.rows, asked], [3, []]);
    towns += 'Kyiv,3\n';
    await run('buildFromNewest', 'towns');
    assert.equal(api.store.find(at('.mldata.yaml'), 'towns')?.manifest?.rows, 4);
    assert.equal(asked.length, 1);
  });

  it('says what is unpacked, which has come, and never goes back', () => {
    const told: (readonly [message: string, increment: number])[] = [];
    const bar = new FetchBar(2, (message, increment) => told.push([message, increment]));
    const origin = 'https://data.mldata.test/trips.zip';
    bar.show({ origin, bytes: 1 << 19, fraction: 0.5 });
    bar.show({ origin, bytes: 1 << 20, unpacking: true });
    bar.show({ origin, bytes: 1 << 20, fraction: 0.9 });
    assert.deepEqual(told, [
      ['trips.zip · 50 % · 512 KiB', 25],
      ['trips.zip · unpacking · 1 MiB', 25],
      ['trips.zip · 90 % · 1 MiB', 0],
    ]);
  });

  it('keeps what came when it is stopped, and goes on from there', async () => {
    const said = await answering({}, [], () =>
      cancelling(async () => vscode.commands.executeCommand('mldata.fetch', dataset('large'))),
    );
    assert.match(said.join('\n'), /^Stopped fetching large\. What came of files is kept/);
    assert.deepEqual(fetched('large'), [undefined]);
    assert.deepEqual(await run('fetch', 'large'), ['Fetched large: 1 source, 1.91 MiB.']);
    assert.match(asked.join('\n'), /^whole \/large\.csv\nbytes=[1-9]\d*- \/large\.csv$/);
  });

  it('has nothing to do with a dataset whose files are here', async () => {
    assert.deepEqual(await run('fetch', 'people'), ['No source has an address, so there is nothing to fetch.']);
  });

  it('leaves an address of this machine alone, and leads to the setting that decides about it', async () => {
    const { port } = server.address() as AddressInfo;
    await write(at('.mldata.yaml'), `${config}  inner:\n    source: http://127.0.0.1:${port}/towns.csv\n`);
    await api.store.refresh();
    const said = await run('fetch', 'inner', ['Open Settings']);
    assert.match(said.join('\n'), /127\.0\.0\.1 is an address of this machine.*mldata\.allowPrivateAddresses/);
    assert.deepEqual(asked, []);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  it('tells the engine what the settings say of the network', async () => {
    const { port } = server.address() as AddressInfo;
    const plain = { proxy: `http://127.0.0.1:${port}`, systemCertificates: true };
    assert.deepEqual(networkSettings(), plain);
    const cases: readonly (readonly [key: string, value: unknown, told: object])[] = [
      ['noProxy', ['a.example', '*.b.example'], { ...plain, noProxy: 'a.example,*.b.example' }],
      ['proxySupport', 'off', { ...plain, proxy: '' }],
      ['proxyAuthorization', 'Basic abc', { ...plain, proxyAuthorization: 'Basic abc' }],
      ['proxyStrictSSL', false, { ...plain, strictSSL: false }],
      ['systemCertificates', false, { ...plain, systemCertificates: false }],
    ];
    for (const [key, value, told] of cases) {
      await http(key, value);
      assert.deepEqual(networkSettings(), told, key);
      await http(key, undefined);
    }
  });
});

/** Ten pieces, so that there is something to stop. */
function serveSlowly(response: ServerResponse, text: string, range = 'bytes=0-'): void {
  const from = Number(/^bytes=(\d+)-/.exec(range)?.[1] ?? 0);
  const content = Buffer.from(text);
  response.writeHead(from === 0 ? 200 : 206, {
    etag: '"large"',
    'accept-ranges': 'bytes',
    'content-length': content.length - from,
    ...(from > 0 && { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }),
  });
  let sent = from;
  const timer = setInterval(() => {
    const next = Math.min(sent + Math.ceil(content.length / 10), content.length);
    response.write(content.subarray(sent, next));
    sent = next;
    if (sent < content.length) return;
    clearInterval(timer);
    response.end();
  }, 100);
  response.on('close', () => clearInterval(timer));
}
