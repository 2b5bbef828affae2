/** Tracking as people see it: asked first, shown first, and in the tree afterwards; with a repository of its own made by git. */
import assert from 'node:assert/strict';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { exists } from '../host/cache';
import { expandRow } from '../host/pointer';
import { run } from '../host/processes';
import { dvcProgram } from '../host/trackingPython';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, repository, temporaryFolder } from '../host/workspace';

const sample = path.join(repository, 'test', 'vscode', 'workspace');

/** What is looked at, and done over and over. */
class Screen {
  constructor(readonly workbench: Workbench) {}

  file(...names: string[]): string {
    return path.join(this.workbench.folder!, ...names);
  }
  read(...names: string[]): Promise<string> {
    return readFile(this.file(...names), 'utf8');
  }
  row(label: string): Locator {
    return this.workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: label }).first();
  }
  toast(text: string): Locator {
    return this.workbench.page.locator('.notification-toast').filter({ hasText: text });
  }
  dialog(): Locator {
    return this.workbench.page.locator('.monaco-dialog-box');
  }
  async expand(label: string): Promise<void> {
    await expandRow(this.row(label));
  }
  /** What the tree says of the data of the dataset. Where several windows watch at once, systems lose events: then it is refreshed. */
  async state(words: string): Promise<void> {
    const said = this.row('· DVC').filter({ hasText: words });
    const isSaid = await said.waitFor({ timeout: 30_000 }).then(
      () => true,
      () => false,
    );
    if (isSaid) return;
    await this.workbench.command('ML Data: Refresh Datasets');
    await said.waitFor({ timeout: 60_000 });
  }
  async buildAndShow(): Promise<void> {
    await this.workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
    await this.workbench.command('ML Data: Build All Datasets');
    await this.toast('Built people').waitFor({ timeout: 60_000 });
    await this.workbench.command('Notifications: Clear All Notifications');
    await this.expand('people');
  }
}

describe('tracking', function () {
  this.timeout(240_000);
  let screen: Screen;
  let workbench: Workbench;
  const shot = (name: string) => workbench.screenshot(`tracking-${name}`);
  const git = (...args: string[]) => run('git', args, { cwd: workbench.folder! });

  before(async () => {
    const settings = { 'mldata.dvc.mode': 'native' };
    workbench = await openWorkbench({ workspace: sample, settings, dialogs: true, panels: false });
    screen = new Screen(workbench);
    await screen.buildAndShow();
  });
  after(async () => workbench.close());

  it('makes no repository before it was asked for', async () => {
    await workbench.command('ML Data: Track with DVC');
    await screen.dialog().getByText('Make a repository to track people in?').waitFor();
    await shot('initialize');
    await screen.dialog().getByRole('button', { name: 'Cancel' }).click();
    await screen.dialog().waitFor({ state: 'detached' });
    assert.equal(await exists(screen.file('.git')), false);
    assert.equal(await exists(screen.file('.dvc')), false);
  });

  it('shows lines for Git LFS before they are written', async () => {
    await git('init', '--quiet');
    await writeFile(
      screen.file('.mldata.yaml'),
      (await screen.read('.mldata.yaml')).replace(
        /^( {4})source:/m,
        '$1tracking: { gitLfs: { threshold: 0.1KB } }\n$1source:',
      ),
    );
    await writeFile(screen.file('.gitattributes'), '# Ours\n*.md text\n');
    await workbench.command('ML Data: Track with Git LFS');
    const tab = workbench.page.locator('.tab').filter({ hasText: '.gitattributes (Not Written Yet)' });
    await tab.waitFor();
    const diff = workbench.page.locator('.monaco-diff-editor');
    await diff.getByText('filter=lfs').first().waitFor();
    await screen.toast('.gitattributes is written as the editor shows it').waitFor();
    await shot('diff');
    await screen.toast('.gitattributes').getByRole('button', { name: 'Cancel' }).click();
    await tab.waitFor({ state: 'detached' });
    assert.equal(await screen.read('.gitattributes'), '# Ours\n*.md text\n');
  });

  it('writes them from the buttons of the editor, and not when it is closed', async () => {
    const tab = workbench.page.locator('.tab').filter({ hasText: '.gitattributes (Not Written Yet)' });
    await workbench.command('ML Data: Track with Git LFS');
    await tab.waitFor();
    await workbench.command('View: Close All Editors');
    await tab.waitFor({ state: 'detached' });
    assert.equal(await screen.read('.gitattributes'), '# Ours\n*.md text\n');
    await workbench.command('ML Data: Track with Git LFS');
    await tab.waitFor();
    await workbench.page.locator('.editor-actions').getByRole('button', { name: 'Apply Changes' }).click();
    await tab.waitFor({ state: 'detached' });
    await screen.toast('people is tracked with Git LFS now').waitFor();
    assert.match(
      await screen.read('.gitattributes'),
      /^# Ours\n\*\.md text\n[^]*datasets\/people\/data\/.* filter=lfs/,
    );
    await screen.expand('Tracking');
    await screen.row('Git LFS').waitFor();
    await shot('lfs');
  });

  it('has one tool for each path', async () => {
    await workbench.command('ML Data: Track with DVC');
    await screen.dialog().getByRole('button', { name: 'Initialize' }).click();
    await screen.toast('Git LFS').locator('.codicon-error').waitFor();
    await shot('refused');
    await writeFile(screen.file('.gitattributes'), '# Ours\n');
    await workbench.command('Notifications: Clear All Notifications');
  });

  it('tracks with DVC, says what there is now, and stages it', async () => {
    await workbench.command('ML Data: Track with DVC');
    const asks = screen.dialog().getByRole('button', { name: 'Initialize' });
    const said = screen.toast('people is tracked with DVC now: 3 files');
    await asks.or(said).first().waitFor();
    if (await asks.isVisible()) await asks.click();
    await said.waitFor();
    await screen.expand('Tracking');
    await screen.state('not pushed');
    assert.match((await screen.row('· DVC').getAttribute('aria-label')) ?? '', /data, not pushed · DVC/);
    await shot('tracked');
    await said.getByRole('button', { name: 'Stage Changes' }).click();
    await said.waitFor({ state: 'detached' });
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      if ((await git('status', '--short')).includes('A  datasets/people/data.dvc')) break;
      await workbench.page.waitForTimeout(100);
    }
    assert.match(await git('status', '--short'), /^A {2}datasets\/people\/data\.dvc$/m);
  });

  it('opens the file that says so from the tree', async () => {
    await screen.row('· DVC').click();
    await workbench.page.locator('.tab.active').filter({ hasText: 'data.dvc' }).waitFor();
  });

  it('adds a remote, with a way back and credentials apart', async () => {
    const input = workbench.page.locator('.quick-input-widget');
    const text = input.locator('input[type=text], input[type=password]').first();
    /** The next question may be the same input with another prompt. */
    const answer = async (prompt: string, value: string): Promise<void> => {
      await input.getByText(prompt).first().waitFor();
      await text.fill(value);
      await text.press('Enter');
    };
    const choose = (label: string): Promise<void> =>
      input.locator('.monaco-list-row').filter({ hasText: label }).click();
    await workbench.command('ML Data: Add DVC Remote…');
    await input.getByText('Amazon S3').waitFor();
    await shot('remote-kind');
    await choose('Amazon S3');
    await input.getByText('Name of the remote').waitFor();
    await input.getByRole('button', { name: 'Back' }).click();
    await choose('Amazon S3');
    await answer('Name of the remote', 'cloud');
    await answer('Bucket and path', 'bucket');
    await answer('Write it like s3://bucket/path.', 's3://bucket/people');
    await answer('Address of the server', 'https://minio.example.org:9000');
    await choose('With an access key');
    await answer('Access key ID', 'AKIATEST');
    await input.getByText('Secret access key').waitFor();
    assert.equal(await text.getAttribute('type'), 'password');
    await shot('remote-secret');
    await answer('Secret access key', 's3cret');
    await choose('Only where it is named');
    await screen.toast('Added the remote cloud at s3://bucket/people').waitFor();
    const shared = await screen.read('.dvc', 'config');
    assert.match(shared, /cloud[^]*url = s3:\/\/bucket\/people[^]*endpointurl = https:\/\/minio\.example\.org:9000/);
    assert.doesNotMatch(shared, /AKIATEST|s3cret|\[core\]\s+remote/);
    assert.match(await screen.read('.dvc', 'config.local'), /access_key_id = AKIATEST[^]*secret_access_key = s3cret/);
    await workbench.command('Notifications: Clear All Notifications');

    const store = screen.file('..', 'store');
    await workbench.command('ML Data: Add DVC Remote…');
    await choose('Local Folder');
    await answer('Name of the remote', 'store');
    await answer('Path of the folder', store);
    await choose('use it');
    await screen.toast(`Added the remote store at ${store}`).waitFor();
    assert.match(await screen.read('.dvc', 'config'), /\[core\]\s+remote = store/);
    await screen.state('up to date');
    await workbench.command('ML Data: Refresh Datasets');
    await screen.state('not pushed');
  });

  it('follows what becomes of the data', async () => {
    const [first = ''] = await readdir(screen.file('datasets', 'people', 'data'));
    const data = screen.file('datasets', 'people', 'data', first);
    const before = await readFile(data);
    await rm(data); // its bytes may be those of the cache
    await writeFile(data, 'changed');
    await screen.state('modified');
    await screen.row('people').filter({ hasText: 'modified' }).waitFor();
    await shot('modified');
    await writeFile(data, before);
    await screen.state('not pushed');
    const cache = screen.file('.dvc', 'cache', 'files');
    await rm(cache, { recursive: true });
    await workbench.command('ML Data: Refresh Datasets');
    await screen.state('not in cache');
    await rm(screen.file('datasets', 'people', 'data'), { recursive: true });
    await screen.state('missing');
    await shot('missing');
  });

  it('says what is missing to push, and how to get it', async () => {
    await workbench.command('ML Data: Push with DVC');
    const toast = screen.toast('DVC was not found');
    await toast.waitFor({ timeout: 60_000 });
    await toast.getByRole('button', { name: 'Copy Install Command' }).waitFor();
    await shot('no-dvc');
    await toast.getByRole('button', { name: 'Open Settings' }).click();
    await workbench.page.locator('.tab.active').filter({ hasText: 'Settings' }).waitFor();
    await workbench.page.locator('.settings-editor .setting-item').filter({ hasText: 'Path' }).first().waitFor();
    await shot('settings');
  });
});

describe('what DVC tracks', function () {
  this.timeout(300_000);
  let screen: Screen;
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    const [dvc] = await dvcProgram();
    folder = await temporaryFolder();
    const store = path.join(folder, 'store');
    await mkdir(store);
    workbench = await openWorkbench({ workspace: sample, dialogs: true, panels: false });
    screen = new Screen(workbench);
    // A setting of a machine is none of a user whose window is on another one.
    await mkdir(screen.file('.vscode'));
    await writeFile(screen.file('.vscode', 'settings.json'), JSON.stringify({ 'mldata.dvc.path': dvc }));
    await run('git', ['init', '--quiet'], { cwd: workbench.folder! });
    await run(dvc, ['init', '--quiet'], { cwd: workbench.folder! });
    await run(dvc, ['remote', 'add', '--default', 'store', store], { cwd: workbench.folder! });
    await screen.buildAndShow();
    await workbench.command('ML Data: Track with DVC');
    await screen.toast('people is tracked with DVC now').waitFor({ timeout: 60_000 });
    await screen.expand('Tracking');
    await screen.state('up to date');
  });
  after(async () => {
    await workbench.close();
    await remove(folder);
  });

  /** The data, and what the cache has of it. */
  async function forget(...more: readonly string[]): Promise<void> {
    for (const gone of [screen.file('.dvc', 'cache', 'files'), screen.file('datasets', 'people', 'data'), ...more])
      await rm(gone, { recursive: true, force: true });
    // That a change is seen without being asked for is a test of its own; a watcher may lose one of many at once.
    await workbench.command('ML Data: Refresh Datasets');
    await screen.state('missing');
  }

  it('is pushed and pulled in a task that shows what DVC says', async () => {
    await workbench.command('ML Data: Push with DVC');
    await workbench.page.locator('.terminal-wrapper').first().waitFor({ timeout: 60_000 });
    const objects = path.join(folder, 'store', 'files', 'md5');
    const pushed = async () => (await readdir(objects).catch(() => [])).length;
    for (const end = Date.now() + 60_000; Date.now() < end && (await pushed()) < 4;)
      await workbench.page.waitForTimeout(200);
    await workbench.page
      .locator('.notification-toast')
      .filter({ hasText: 'dvc push people' })
      .waitFor({ state: 'detached' });
    await workbench.screenshot('tracking-pushed');
    assert.ok((await pushed()) >= 4);
    await screen.state('up to date');

    const data = screen.file('datasets', 'people', 'data');
    const names = (await readdir(data)).sort();
    await forget();
    await workbench.command('ML Data: Pull with DVC');
    await screen.row('· DVC').filter({ hasText: 'up to date' }).waitFor({ timeout: 90_000 });
    assert.deepEqual((await readdir(data)).sort(), names);
  });

  it('says that a task of DVC failed', async () => {
    await workbench.command('Notifications: Clear All Notifications');
    await forget(path.join(folder, 'store', 'files'));
    await workbench.command('ML Data: Pull with DVC');
    await screen.toast('ended with exit code').waitFor({ timeout: 60_000 });
    await workbench.screenshot('tracking-failed');
  });
});
