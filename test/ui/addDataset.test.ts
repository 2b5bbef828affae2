/** "Add Dataset From…" as people do it: a few questions, the first rows, and an entry that can be undone. */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import path from 'node:path';
import sqlite from 'node-sqlite3-wasm';
import { userConfigPath } from '../../src/config';
import { MisbehavingServer } from '../host/misbehavingServer';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, temporaryFolder } from '../host/workspace';
import { inName, showIn, themes } from './themes';

const CONFIG = `# What we know.
version: 1
datasets:
  known: # stays
    source: raw/known.csv
`;
const ROWS = `id,name,price,when\n${Array.from({ length: 400 }, (_, id) => `${id},"name ${id}, the ${id}th",${(id * 1.37).toFixed(2)},2026-01-${String((id % 28) + 1).padStart(2, '0')}`).join('\n')}\n`;

describe('adding a dataset', function () {
  this.timeout(300_000);
  let server: MisbehavingServer;
  let workbench: Workbench;
  let folder: string;
  let own: string;
  const shot = (name: string) => workbench.screenshot(`add-${name}`);
  const input = () => workbench.page.locator('.quick-input-widget');
  const toast = (text: string) => workbench.page.locator('.notification-toast').filter({ hasText: text });
  const entry = (label: string) =>
    workbench.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first();
  /** Questions reuse one input, so that each is waited for by its own words. */
  const pick = async (question: string, label: string): Promise<void> => {
    await input().getByPlaceholder(question).waitFor({ timeout: 60_000 });
    await entry(label).click();
  };
  const type = async (prompt: string, text?: string): Promise<void> => {
    await input().getByText(prompt).waitFor({ timeout: 60_000 });
    const box = input().locator('input.input').first();
    if (text !== undefined) await box.fill(text);
    await box.press('Enter');
  };
  const configNow = () => readFile(path.join(workbench.folder ?? '', '.mldata.yaml'), 'utf8');

  before(async () => {
    server = await MisbehavingServer.start();
    folder = await temporaryFolder();
    const workspace = path.join(folder, 'work space');
    await mkdir(path.join(workspace, 'raw'), { recursive: true });
    await writeFile(path.join(workspace, '.mldata.yaml'), CONFIG);
    await writeFile(path.join(workspace, 'raw', 'known.csv'), 'a\n1\n');
    await writeFile(path.join(workspace, 'raw', 'other.csv'), 'b\n1\n');
    const database = new sqlite.Database(path.join(workspace, 'raw', 'some.db'));
    database.exec("CREATE TABLE people (id int, name text); INSERT INTO people VALUES (1, 'Ada'), (2, NULL)");
    database.close();
    // A setting of the machine, which the editor does not take from those of its user.
    own = userConfigPath(process.env, process.platform, homedir());
    await mkdir(path.dirname(own), { recursive: true });
    await writeFile(own, 'version: 1\nnetwork: { allowPrivateAddresses: true }\n');
    workbench = await openWorkbench({
      workspace,
      theme: 'Default Dark Modern',
      dialogs: true,
    });
    await workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
    await workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: 'known' }).first().waitFor();
  });
  beforeEach(() => {
    server.clear();
    server.host('prices.csv', Buffer.from(ROWS));
  });
  after(async () => {
    await workbench.close();
    await server.stop();
    await remove(own);
    await remove(folder);
  });

  it('asks for the kind and the address, and refuses what is none', async () => {
    await workbench.command('ML Data: Add Dataset From…');
    await input().getByPlaceholder('Where does the data come from?').waitFor({ timeout: 60_000 });
    await shot('kinds');
    await entry('URL').click();
    await type('Address of the file', 'prices.csv');
    await input().getByText('Write it like https://example.org/train.csv.gz.').waitFor();
    await shot('wrong');
    await type('Write it like', server.url('prices.csv').href);
    await input().getByText('Name of the dataset').waitFor();
    assert.equal(await input().locator('input.input').first().inputValue(), 'prices');
    await type('Name of the dataset', 'known');
    await input().getByText('There is a dataset known already.').waitFor();
    await type('There is a dataset', 'prices');
  });

  it('shows the first rows, and goes back to the questions', async () => {
    const page = await workbench.webview();
    await page.getByText('The first 100 of 400 rows, 4 columns.').waitFor({ timeout: 60_000 });
    await page.getByText('name 7, the 7th').waitFor();
    for (const theme of themes) {
      await showIn(theme, workbench, page);
      await shot(`rows-${inName(theme)}`);
    }
    assert.equal(await configNow(), CONFIG);
    await page.getByText('Change…').click();
    await input().getByPlaceholder('Where does the data come from?').waitFor();
    await input().locator('input.input').first().press('Enter');
    await type('Address of the file');
    await type('Name of the dataset', 'costs');
  });

  it('adds the entry, which can be undone, and offers to build it', async () => {
    const page = await workbench.webview();
    await page.getByText('costs:').waitFor({ timeout: 60_000 });
    await page.getByText('Add', { exact: true }).click();
    await toast('Added costs to ').waitFor({ timeout: 60_000 });
    assert.deepEqual(await toast('Added costs to ').locator('.monaco-button').allTextContents(), ['Build']);
    await shot('added');
    assert.equal(await configNow(), `${CONFIG}  costs:\n    source: ${server.url('prices.csv').href}\n`);
    await workbench.page.locator('.monaco-editor .view-line').filter({ hasText: 'costs' }).first().click();
    await workbench.page.keyboard.press('Control+Z');
    await workbench.page.keyboard.press('Control+S');
    for (let tries = 0; (await configNow()) !== CONFIG; tries++) {
      assert.ok(tries < 50, await configNow());
      await workbench.page.waitForTimeout(100);
    }
  });

  it('offers the tables of a database', async () => {
    await workbench.command('ML Data: Add Dataset From…');
    await pick('Where does the data come from?', 'SQLite');
    await type('Path of the file behind', 'sqlite:raw/some.db');
    await input().getByPlaceholder('Which table?').waitFor({ timeout: 60_000 });
    await shot('tables');
    await entry('people').click();
    await type('Name of the dataset');
    const page = await workbench.webview();
    await page.getByText('All 2 rows, 2 columns.').waitFor({ timeout: 60_000 });
    await page.getByText('Ada').waitFor();
    await page.getByText('Cancel', { exact: true }).click();
    await workbench.page.waitForTimeout(500);
    assert.equal(await configNow(), CONFIG);
  });

  it('says what is wrong, and what can be done about it', async () => {
    await workbench.command('ML Data: Add Dataset From…');
    await pick('Where does the data come from?', 'URL');
    await type('Address of the file', server.url('gone.csv').href);
    await type('Name of the dataset');
    await toast('gone.csv is not there (404)').waitFor({ timeout: 60_000 });
    const buttons = await toast('gone.csv').locator('.monaco-button').allTextContents();
    assert.deepEqual(buttons, ['Change…', 'Add Anyway']);
    await shot('failed');
  });
});
