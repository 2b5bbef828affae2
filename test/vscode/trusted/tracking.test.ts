/** Tracking by commands, in a folder that is no repository until somebody says so. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import { dvcOptions, findDvc } from '../../../src/extension/dvcProgram';
import type { ExtensionApi } from '../../../src/extension/main';
import { drawTree, eventually, extension, folder, makeFolder, write } from '../support/extension';

const CONFIG = `version: 1
datasets:
  towns:
    source: towns.csv
    tracking: { gitLfs: { threshold: 0.1KB } }
    output: { formats: [parquet] }
  plain: { source: towns.csv, output: { formats: [parquet] } }
`;

/** What somebody would press in every question, and what the questions and messages were. */
async function pressing(item: string | undefined, work: () => Promise<unknown>): Promise<string[]> {
  const { showWarningMessage, showInformationMessage, showErrorMessage } = vscode.window;
  const said: string[] = [];
  const press = (message: string, ...items: unknown[]): Promise<unknown> => {
    said.push(message);
    return Promise.resolve(items.find((each) => each === item));
  };
  const replaced = { showWarningMessage: press, showInformationMessage: press, showErrorMessage: press };
  Object.assign(vscode.window, replaced);
  try {
    await work();
  } finally {
    Object.assign(vscode.window, { showWarningMessage, showInformationMessage, showErrorMessage });
  }
  return said;
}

describe('tracking', () => {
  let api: ExtensionApi;
  let home: vscode.Uri;
  let config: vscode.Uri;
  const at = (...names: string[]): string => path.join(home.fsPath, ...names);
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', args, { cwd: home.fsPath })).stdout;
  const run = (command: string, name: string): Thenable<unknown> =>
    vscode.commands.executeCommand(`mldata.${command}`, { config, name });
  const states = (name: string): string[] | undefined =>
    api.trackings.of({ config, name })?.paths.map(({ tool, state }) => `${tool ?? ''} ${state}`);
  const shown = (): vscode.Tab[] =>
    vscode.window.tabGroups.all
      .flatMap(({ tabs }) => tabs)
      .filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === 'mldata-tracking');

  before(async () => {
    api = await extension();
    home = vscode.Uri.joinPath(folder(), 'tracked');
    config = vscode.Uri.joinPath(home, '.mldata.yaml');
    await makeFolder(home);
    await write(vscode.Uri.joinPath(home, 'towns.csv'), 'name,people\nOslo,709000\nRome,2800000\n');
    await write(config, CONFIG);
    await vscode.workspace.getConfiguration('mldata', config).update('dvc.mode', 'native');
    await api.store.refresh();
    await vscode.commands.executeCommand('mldata.buildAll', config);
    assert.deepEqual([states('towns'), states('plain')], [undefined, undefined]);
  });
  after(async () => {
    await vscode.workspace.getConfiguration('mldata', config).update('dvc.mode', undefined);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await rm(home.fsPath, { recursive: true, force: true });
  });

  for (const command of ['trackDvc', 'trackDvcPipeline', 'trackGitLfs']) {
    it(`makes no repository for ${command} unless it is wanted`, async () => {
      const said = await pressing(undefined, async () => run(command, 'plain'));
      assert.deepEqual(said, ['Make a repository to track plain in?']);
      assert.deepEqual([existsSync(at('.git')), existsSync(at('.dvc'))], [false, false]);
    });
  }

  it('makes one where it is, and shows what stands there since', async () => {
    const said = await pressing('Initialize', async () => run('trackDvc', 'plain'));
    assert.match(said.join('\n'), /^Make a repository[^]*\nplain is tracked with DVC now: 1 file, /);
    assert.deepEqual(states('plain'), ['dvc missing-remote']);
    assert.match(await readFile(at('datasets', 'plain', 'data.dvc'), 'utf8'), /md5: [0-9a-f]{32}\.dir/);
    assert.match(drawTree(api).join('\n'), / {2}Tracking \| 1\n +data \| not pushed · DVC · /);
  });

  it('says that nothing changed where nothing did', async () => {
    const said = await pressing(undefined, async () => run('trackDvc', 'plain'));
    assert.deepEqual(said, ['plain is tracked with DVC already, as it is.']);
  });

  it('stages what it has written', async () => {
    await rm(at('datasets', 'plain', 'data.dvc'));
    await pressing('Stage Changes', async () => run('trackDvc', 'plain'));
    await eventually(
      'the staged file',
      async () => /^A {2}.*data\.dvc$/m.exec(await git('status', '--short'))?.[0],
      20_000,
    );
  });

  it('sees what happens to the data without being asked', async () => {
    const data = at('datasets', 'plain', 'data', 'data.parquet');
    const bytes = await readFile(data);
    await rm(data);
    await writeFile(data, 'changed');
    await eventually('the change', () => (states('plain')?.[0] === 'dvc modified' ? true : undefined), 30_000);
    await writeFile(data, bytes);
    await eventually('its end', () => (states('plain')?.[0] === 'dvc missing-remote' ? true : undefined), 30_000);
  });

  it('writes nothing for Git LFS before it was shown, nor when the diff is closed', async () => {
    const [tracked] = await Promise.all([
      run('trackGitLfs', 'towns'),
      eventually('the diff', () => shown()[0]).then(async (tab) => {
        const { modified } = tab.input as vscode.TabInputTextDiff;
        const text = (await vscode.workspace.openTextDocument(modified)).getText();
        assert.match(text, /datasets\/towns\/data\/\S+ filter=lfs diff=lfs merge=lfs -text/);
        assert.equal(existsSync(at('.gitattributes')), false);
        await vscode.window.tabGroups.close(tab);
      }),
    ]);
    assert.equal(tracked, undefined);
    assert.equal(existsSync(at('.gitattributes')), false);
    assert.deepEqual(shown(), []);
  });

  it('writes it when it is applied, and closes the diff', async () => {
    await Promise.all([
      run('trackGitLfs', 'towns'),
      eventually('the diff', () => shown()[0]).then(() => vscode.commands.executeCommand('mldata.applyTracking')),
    ]);
    assert.match(await readFile(at('.gitattributes'), 'utf8'), /datasets\/towns\/data\/\S+ filter=lfs/);
    assert.deepEqual(shown(), []);
    assert.match(states('towns')?.join() ?? '', /^git-lfs /);
  });

  it('leaves a path to the tool that has it', async () => {
    const said = await pressing(undefined, async () => run('trackDvc', 'towns'));
    assert.match(said.join(), /Git LFS/);
    assert.equal(existsSync(at('datasets', 'towns', 'data.dvc')), false);
  });

  it('tracks a file of the explorer', async () => {
    const file = vscode.Uri.joinPath(home, 'towns.csv');
    await pressing(undefined, async () => vscode.commands.executeCommand('mldata.trackDvc', file, [file]));
    assert.match(await readFile(at('towns.csv.dvc'), 'utf8'), /path: towns\.csv/);
  });

  it('finds DVC by the setting first, then by the interpreter of the Python extension, then on the PATH', async () => {
    const settings = vscode.workspace.getConfiguration('mldata', config);
    const program = async (name: string, code: number): Promise<string> => {
      await writeFile(at(name), `#!/bin/sh\nexit ${code}\n`);
      await chmod(at(name), 0o755);
      return at(name);
    };
    const python = await program('python', 0);
    const { getExtension } = vscode.extensions;
    const environments = {
      getActiveEnvironmentPath: (resource: vscode.Uri) => ({ path: resource.fsPath }),
      resolveEnvironment: () => Promise.resolve({ executable: { uri: vscode.Uri.file(python) } }),
    };
    Object.assign(vscode.extensions, {
      getExtension: (id: string) =>
        id === 'ms-python.python' ? { activate: () => Promise.resolve({ environments }) } : getExtension(id),
    });
    try {
      await settings.update('dvc.mode', 'auto');
      await settings.update('dvc.path', 'tracked/dvc');
      assert.deepEqual(await dvcOptions(config), { mode: 'auto', executables: [[at('dvc')], [python, '-m', 'dvc']] });
      assert.deepEqual(await findDvc(config), [python, '-m', 'dvc']);
      await program('dvc', 0);
      assert.deepEqual(await findDvc(config), [at('dvc')]);
      await settings.update('dvc.mode', 'native');
      assert.deepEqual(await dvcOptions(config), { mode: 'native', executables: [] });
    } finally {
      Object.assign(vscode.extensions, { getExtension });
      await settings.update('dvc.path', undefined);
    }
  });

  it('is written with completion and hover', async () => {
    const document = await vscode.workspace.openTextDocument(config);
    const line = document
      .getText()
      .split('\n')
      .findIndex((each) => each.includes('tracking:'));
    const inside = new vscode.Position(line, document.lineAt(line).text.indexOf('threshold'));
    const list = await vscode.commands.executeCommand<vscode.CompletionList>(
      'vscode.executeCompletionItemProvider',
      config,
      inside,
    );
    const labels = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    for (const name of ['threshold', 'patterns', 'attributes']) assert.ok(labels.includes(name), labels.join(', '));
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>('vscode.executeHoverProvider', config, inside);
    const text = hovers
      .flatMap(({ contents }) => contents)
      .map((each) => (each instanceof vscode.MarkdownString ? each.value : ''));
    assert.match(text.join('\n'), /bytes|size/i);
  });
});
