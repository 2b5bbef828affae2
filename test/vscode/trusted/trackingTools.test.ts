/** Tracking with the installed DVC: it writes where the settings say so, and its tasks push, pull and check out. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chmod, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import * as path from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';
import type { ExtensionApi } from '../../../src/extension/main';
import { drawTree, eventually, extension, folder, makeFolder, write } from '../support/extension';

const run = promisify(execFile);
const CONFIG = 'version: 1\ndatasets:\n  towns: { source: towns.csv, output: { formats: [csv] } }\n';

describe('tracking with the installed DVC', function () {
  this.timeout(180_000);
  let api: ExtensionApi;
  let home: vscode.Uri;
  let config: vscode.Uri;
  const at = (...names: string[]): string => path.join(home.fsPath, ...names);
  const data = (): string => at('datasets', 'towns', 'data');
  const git = (...args: string[]) => run('git', args, { cwd: home.fsPath });
  const command = (name: string) => vscode.commands.executeCommand(`mldata.${name}`, { config, name: 'towns' });
  const setting = (name: string, value: string | undefined) =>
    vscode.workspace.getConfiguration('mldata', config).update(name, value);
  const states = () =>
    api.trackings
      .of({ config, name: 'towns' })
      ?.paths.map(({ state }) => state)
      .join(' ');
  /** Asked for: that it is seen without asking is for `tracking.test.ts`. */
  const becomes = async (state: string): Promise<void> => {
    const seen = async () => (await api.trackings.refresh(), states() === state ? true : undefined);
    await eventually(state, seen, 60_000).catch((error: unknown) => {
      throw new Error(`${String(error)} It is ${states()}.`);
    });
  };
  /** The real DVC, whose commands are noted; one of them takes its time. */
  const noted = async (): Promise<string[]> => (await readFile(at('noted'), 'utf8')).trim().split('\n');

  before(async () => {
    api = await extension();
    home = vscode.Uri.joinPath(folder(), 'kept');
    config = vscode.Uri.joinPath(home, '.mldata.yaml');
    await makeFolder(home);
    const { MLDATA_TEST_DVC: dvc } = process.env;
    assert.ok(dvc);
    const slow = `if [ "$1" = push ] && [ -e '${at('slow')}' ]; then echo $$ > '${at('pid')}'; exec sleep 120; fi`;
    await writeFile(at('dvc'), `#!/bin/sh\necho "$1" >> '${at('noted')}'\n${slow}\nexec '${dvc}' "$@"\n`);
    await chmod(at('dvc'), 0o755);
    await git('init', '--quiet');
    await mkdir(at('store'));
    await run(dvc, ['init', '--quiet'], { cwd: home.fsPath });
    await run(dvc, ['remote', 'add', '--default', 'store', at('store')], { cwd: home.fsPath });
    await write(vscode.Uri.joinPath(home, 'towns.csv'), 'name,people\nOslo,709000\nRome,2800000\n');
    await write(config, CONFIG);
    await api.store.refresh();
    await vscode.commands.executeCommand('mldata.buildAll', config);
  });
  after(async () => {
    await setting('dvc.mode', undefined);
    await setting('dvc.path', undefined);
    await rm(home.fsPath, { recursive: true, force: true });
  });

  it('is written by it where the mode is cli, the same as without it', async () => {
    await setting('dvc.mode', 'native');
    await command('trackDvc');
    const native = await readFile(`${data()}.dvc`, 'utf8');
    await rm(`${data()}.dvc`);
    await setting('dvc.path', at('dvc'));
    await setting('dvc.mode', 'cli');
    await command('trackDvc');
    assert.ok((await noted()).includes('add'));
    assert.equal(await readFile(`${data()}.dvc`, 'utf8'), native);
    await becomes('up-to-date');
  });

  it('checks out what the cache has', async () => {
    const before = await readFile(path.join(data(), 'data.csv'));
    await rm(data(), { recursive: true });
    await becomes('missing');
    await command('dvcCheckout');
    assert.deepEqual(await readFile(path.join(data(), 'data.csv')), before);
    await becomes('up-to-date');
  });

  it('ends DVC where a push is cancelled, and complains of nothing', async () => {
    await writeFile(at('slow'), '');
    const { withProgress, showErrorMessage } = vscode.window;
    const cancelling = new vscode.CancellationTokenSource();
    const complaints: string[] = [];
    Object.assign(vscode.window, {
      withProgress: (_: unknown, task: (progress: object, token: vscode.CancellationToken) => Promise<unknown>) =>
        task({ report: () => undefined }, cancelling.token),
      showErrorMessage: (message: string) => Promise.resolve(void complaints.push(message)),
    });
    try {
      const pushed = command('dvcPush');
      const pid = await eventually(
        'dvc push',
        async () => Number(await readFile(at('pid'), 'utf8').catch(() => '')) || undefined,
        60_000,
      );
      cancelling.cancel();
      await pushed;
      await eventually('its end', () => (isRunning(pid) ? undefined : true));
    } finally {
      Object.assign(vscode.window, { withProgress, showErrorMessage });
      await rm(at('slow'));
    }
    assert.deepEqual(complaints, []);
    assert.equal(existsSync(at('store', 'files')), false);
    assert.equal(states(), 'missing-remote');
  });

  it('pushes, and pulls what is gone from data and cache', async () => {
    await command('dvcPush');
    await becomes('up-to-date');
    assert.ok(existsSync(at('store', 'files', 'md5')));
    for (const gone of [data(), at('.dvc', 'cache', 'files')]) await rm(gone, { recursive: true });
    await becomes('missing');
    await command('dvcPull');
    await becomes('up-to-date');
  });

  it('tells of a .dvc file that cannot be read', async () => {
    const text = await readFile(`${data()}.dvc`, 'utf8');
    await writeFile(`${data()}.dvc`, 'outs: [');
    await becomes('broken');
    assert.match(drawTree(api).join('\n'), /data \| broken/);
    await writeFile(`${data()}.dvc`, text);
    await becomes('up-to-date');
  });

  it('tells of files in git that Git LFS was to have, and of pointers without their bytes', async () => {
    await rm(`${data()}.dvc`);
    await rm(at('datasets', 'towns', '.gitignore'));
    await git('add', 'datasets');
    await git('-c', 'user.name=T', '-c', 'user.email=t@example.org', 'commit', '--quiet', '--message', 'Data');
    await writeFile(at('.gitattributes'), 'datasets/towns/data/*.csv filter=lfs diff=lfs merge=lfs -text\n');
    await becomes('committed');
    assert.match(drawTree(api).join('\n'), /data\.csv \| in git itself/);
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 42\n`;
    await writeFile(path.join(data(), 'data.csv'), pointer);
    await git('rm', '--cached', '--quiet', '-r', 'datasets/towns/data');
    await becomes('pointer');
    assert.match(drawTree(api).join('\n'), /data\.csv \| pointer only/);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
