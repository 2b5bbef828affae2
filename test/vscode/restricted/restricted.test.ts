import assert from 'node:assert/strict';
import { stat, utimes } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as vscode from 'vscode';
import { runOptions } from '../../../src/extension/settings';
import { dvcOptions } from '../../../src/extension/dvcProgram';
import { answering } from '../support/answers';
import { drawTree, eventually, extension, folder, problems, write } from '../support/extension';

describe('Restricted Mode', () => {
  it('shows datasets from their configs', async () => {
    assert.match(drawTree(await extension()).join('\n'), /people \| never built\n.*Columns \| 3/);
  });

  it('checks the config while typing', async () => {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.joinPath(folder(), '.mldata.yaml'));
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'surprise: 1\n');
    await vscode.workspace.applyEdit(edit);
    await eventually('the problem', () => problems(document.uri).find((each) => each === '1:1-1:9 unknown-key'));
  });

  it('looks into no data while a config is typed', async () => {
    const { engine } = await extension();
    const home = vscode.Uri.joinPath(folder(), 'unread');
    const config = vscode.Uri.joinPath(home, '.mldata.yaml');
    await write(config, 'version: 1\ndatasets:\n  a:\n    source: none.csv\n    schema: { columns: { b: strin } }\n');
    const document = await vscode.workspace.openTextDocument(config);
    await vscode.window.showTextDocument(document);
    await eventually('the problem of the text', () => problems(config)[0]);
    // As long as a look would wait, and longer.
    await new Promise((resolve) => setTimeout(resolve, 1000));
    assert.deepEqual([problems(config), engine.pid], [['5:29-5:34 invalid-value'], undefined]);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    await vscode.workspace.fs.delete(home, { recursive: true });
  });

  for (const command of [
    'mldata.buildAll',
    'mldata.buildDataset',
    'mldata.createConfig',
    'mldata.addDataset',
    'mldata.trackDvc',
    'mldata.trackGitLfs',
    'mldata.dvcPush',
    'mldata.addRemote',
    'mldata.setCredential',
    'mldata.removeCredential',
    'mldata.runDoctor',
    'mldata.copyDoctorJson',
    'mldata.fetch',
    'mldata.fetchNewer',
    'mldata.buildFromNewest',
    'mldata.export',
    'mldata.exportPytorch',
    'mldata.copySnippet',
    'mldata.insertSnippet',
  ]) {
    it(`starts no engine for ${command}, even when it is called`, async () => {
      const { engine } = await extension();
      const file = vscode.Uri.joinPath(folder(), 'raw', 'people.csv');
      await vscode.commands.executeCommand(command, ...(command === 'mldata.createConfig' ? [file, [file]] : []));
      assert.equal(engine.pid, undefined);
    });
  }

  it('fetches nothing and asks no database, whatever the config names, and says why', async () => {
    const { engine, store } = await extension();
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url ?? '');
      response.end('a\n1\n');
    });
    server.on('connection', () => asked.push('connection'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    const home = vscode.Uri.joinPath(folder(), 'elsewhere');
    const config = vscode.Uri.joinPath(home, '.mldata.yaml');
    const text = `version: 1
datasets:
  file: { source: 'http://127.0.0.1:${port}/a.csv' }
  rows: { source: { uri: 'postgres://me@127.0.0.1:${port}/db', table: t } }
`;
    await write(config, text);
    await store.refresh();
    for (const name of ['file', 'rows']) {
      assert.equal(store.find(config, name)?.remote?.length, 1);
      for (const command of ['fetch', 'fetchNewer', 'buildDataset', 'buildFromNewest', 'showData', 'showProfile']) {
        const said = await answering({}, [], async () =>
          vscode.commands.executeCommand(`mldata.${command}`, { config, name }),
        );
        assert.match(said.join('\n'), /Restricted Mode/, command);
      }
    }
    assert.deepEqual([engine.pid, asked], [undefined, []]);
    server.close();
    await vscode.workspace.fs.delete(home, { recursive: true });
    await store.refresh();
  });

  it('says why nothing is exported, before it asks anything', async () => {
    const people = { config: vscode.Uri.joinPath(folder(), '.mldata.yaml'), name: 'people' };
    for (const argument of [people, vscode.Uri.joinPath(folder(), 'raw', 'people.csv')]) {
      const said = await answering({}, [], async () => vscode.commands.executeCommand('mldata.export', argument));
      assert.match(said.join('\n'), /^This workspace is in Restricted Mode, so no data is read\..*$/);
    }
  });

  it('shows an existing build by names, sizes and dates of its inputs, and opens none of them', async () => {
    const { store } = await extension();
    const home = vscode.Uri.joinPath(folder(), 'built');
    const config = vscode.Uri.joinPath(home, '.mldata.yaml');
    const input = vscode.Uri.joinPath(home, 'raw', 'a.csv');
    const look = async () => {
      await vscode.commands.executeCommand('mldata.refresh');
      const dataset = store.find(config, 'towns');
      return { status: dataset?.status, because: dataset?.staleBecause, unchecked: dataset?.unchecked };
    };
    await write(config, JSON.stringify({ version: 1, datasets: { towns: { source: 'raw/*.csv' } } }));
    await write(input, 'name\nOslo\n');
    // Where reading changes the date of the last access at all, it does so when that lies more than a day back.
    const longAgo = new Date('2003-01-01');
    await utimes(input.fsPath, longAgo, new Date('2002-01-01'));
    const { parsed } = await eventually('the config', () =>
      store.configs.find(({ uri }) => uri.toString() === config.toString()),
    );
    const manifest = manifestOf(parsed.datasets[0], '2001-01-01T00:00:00.000Z');
    await write(vscode.Uri.joinPath(home, 'datasets', 'towns', 'manifest.yaml'), JSON.stringify(manifest));

    assert.deepEqual(await look(), { status: 'built', because: [], unchecked: ['raw/a.csv'] });
    assert.deepEqual((await stat(input.fsPath)).atime, longAgo);
    await write(vscode.Uri.joinPath(home, 'raw', 'b.csv'), 'name\nRome\n');
    assert.deepEqual((await look()).because, ['raw/b.csv is new.']);
    await vscode.workspace.fs.delete(home, { recursive: true });
  });
});

describe('what a stranger wrote, in Restricted Mode,', () => {
  const home = vscode.Uri.joinPath(folder(), 'strange');
  const config = vscode.Uri.joinPath(home, '.mldata.yaml');
  const shown = async (manifest: vscode.Uri, text: string, path: string) => {
    const { store } = await extension();
    await write(config, JSON.stringify({ version: 1, datasets: { towns: { source: 'a.csv', output: { path } } } }));
    await write(manifest, text);
    for (let turn = 0; turn < 10; turn += 1) await vscode.commands.executeCommand('mldata.refresh');
    return store.find(config, 'towns');
  };
  after(async () => vscode.workspace.fs.delete(home, { recursive: true }));

  it('does not end the extension by a manifest that the YAML parser would not survive', async () => {
    const dataset = await shown(vscode.Uri.joinPath(home, 'built', 'manifest.yaml'), '- '.repeat(500_000), 'built');
    assert.equal(dataset?.status, 'never');
    assert.equal(dataset.manifestProblem, 'The manifest could not be read: it nests too deeply');
  });

  const elsewhere = vscode.Uri.joinPath(folder(), '..', 'elsewhere');
  for (const path of ['../../elsewhere', elsewhere.fsPath, `${home.fsPath}/../../elsewhere`]) {
    it(`reads no manifest outside the folder: ${path.replace(folder().fsPath, '…')}`, async () => {
      const dataset = await shown(vscode.Uri.joinPath(elsewhere, 'manifest.yaml'), 'no: manifest', path);
      assert.deepEqual([dataset?.status, dataset?.manifestProblem], ['never', undefined]);
      await vscode.workspace.fs.delete(elsewhere, { recursive: true });
    });
  }

  it('turns no setting on that names files or limits', async () => {
    const settings = vscode.Uri.joinPath(folder(), '.vscode', 'settings.json');
    const own = {
      ...{ allowOutsidePaths: true, allowPrivateAddresses: true },
      'engine.threads': 7,
      'engine.memoryLimit': '1TB',
      'dvc.path': './evil',
    };
    const entries = Object.entries(own).map(([name, value]) => [`mldata.${name}`, value] as const);
    await write(settings, JSON.stringify({ 'editor.tabSize': 7, ...Object.fromEntries(entries) }));
    await eventually('the settings of the folder', () =>
      vscode.workspace.getConfiguration('editor', config).get('tabSize') === 7 ? true : undefined,
    );
    assert.deepEqual(runOptions(config), { allowOutsidePaths: false });
    assert.deepEqual(await dvcOptions(config), { mode: 'auto', executables: [] });
    await vscode.workspace.fs.delete(vscode.Uri.joinPath(settings, '..'), { recursive: true });
  });
});

function manifestOf(config: unknown, createdAt: string): unknown {
  const hashes = { sha256: 'a'.repeat(64), md5: 'b'.repeat(32) };
  return {
    ...{ kind: 'mldata/manifest', version: 1, createdAt, dataset: 'towns', rows: 1, config },
    tool: { name: 'mldata', version: '0.1.0' },
    engine: { duckdb: 'v1', node: 'v20', platform: 'any' },
    inputs: [{ path: 'raw/a.csv', bytes: 10, sha256: hashes.sha256, format: 'csv', rows: 1, rejected: 0 }],
    columns: [{ name: 'name', type: 'string', physicalType: 'VARCHAR' }],
    splits: [],
    artifacts: [{ path: 'data.parquet', bytes: 9, ...hashes, kind: 'data', format: 'parquet', rows: 1 }],
    findings: [],
  };
}
