/** Sources that lie elsewhere as people see them: where they are, how they come, and what the doctor says of them. */
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { expandRow } from '../host/pointer';
import { openWorkbench, type Workbench } from '../host/workbench';
import { remove, repository, temporaryFolder } from '../host/workspace';
import { inName, themes, type Theme } from './themes';

const sample = path.join(repository, 'test', 'vscode', 'workspace');
const config = `version: 1
datasets:
  people:
    source: raw/people.csv
  towns:
    source: http://data.mldata-tests.example/towns.csv
  orders:
    source: { uri: 'postgres://reader:\${credential:warehouse}@127.0.0.1:1/shop', table: public.orders }
  gone:
    source: raw/gone.csv
`;

describe('sources that lie elsewhere', function () {
  this.timeout(240_000);
  let workbench: Workbench;
  let server: Server;
  let temporary: string;
  /** The rest of the file, once somebody has looked at its progress. */
  let goOn: () => void = () => undefined;

  before(async () => {
    temporary = await temporaryFolder();
    server = createServer((_, response) => {
      const row = 'Oslo,7\n'.repeat(100_000);
      response.writeHead(200, { etag: '"1"', 'content-length': 12 + 4 * row.length });
      response.write('name,people\n');
      let sent = 0;
      const timer = setInterval(() => {
        if (sent < 3) response.write(row);
        sent += 1;
        if (sent === 3) clearInterval(timer);
      }, 400);
      goOn = () => response.end(row);
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const proxy = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    workbench = await openWorkbench({ workspace: sample, settings: { 'http.proxy': proxy }, panels: false });
    await writeFile(path.join(workbench.folder!, '.mldata.yaml'), config);
    await workbench.page.locator('.activitybar').getByRole('tab', { name: 'ML Data' }).click();
    await row('towns').waitFor();
  });
  after(async () => {
    await workbench.close();
    server.close();
    server.closeAllConnections();
    await remove(temporary);
  });

  const row = (label: string): Locator =>
    workbench.page.locator('.pane-body .monaco-list-row').filter({ hasText: label }).first();
  const toast = (text: string): Locator => workbench.page.locator('.notification-toast').filter({ hasText: text });
  const kinds: Readonly<Record<Theme, string>> = {
    'Default Light Modern': 'vs',
    'Default High Contrast': 'hc-black',
    'Default Dark Modern': 'vs-dark',
  };
  /** In every kind of theme. */
  const shots = async (name: string): Promise<void> => {
    await mkdir(path.join(workbench.folder!, '.vscode'), { recursive: true });
    for (const theme of themes) {
      const settings = path.join(workbench.folder!, '.vscode', 'settings.json');
      await writeFile(settings, JSON.stringify({ 'workbench.colorTheme': theme }));
      await workbench.page.locator(`.monaco-workbench.${kinds[theme]}`).waitFor();
      await workbench.screenshot(`${name}-${inName(theme)}`);
    }
  };

  it('are told apart in the tree from what is here', async () => {
    await row('towns').filter({ hasText: 'never built · not fetched' }).waitFor();
    await expandRow(row('towns'));
    await expandRow(row('Sources'));
    await row('towns.csv').filter({ hasText: 'not fetched · data.mldata-tests.example' }).waitFor();
    assert.doesNotMatch(await row('people').innerText(), /fetched/);
    await shots('remote');
  });

  it('are fetched from their menu, with speed and time left, and the next step is to build', async () => {
    await row('Sources').hover();
    await row('Sources').getByRole('button', { name: 'Fetch Sources' }).click();
    const progress = toast('Fetching towns');
    await progress.filter({ hasText: /towns\.csv · \d\d % · .* MiB · .*\/s · .* left/ }).waitFor();
    await shots('fetching');
    goOn();
    await toast('Fetched towns: 1 source').getByRole('button', { name: 'Build' }).waitFor();
    await row('towns.csv').filter({ hasText: 'fetched just now' }).waitFor();
    await shots('fetched');
    await toast('Fetched towns').getByRole('button', { name: 'Build' }).click();
    await toast('Built towns: 400,000 rows').waitFor({ timeout: 60_000 });
    await workbench.command('Notifications: Clear All Notifications');
  });

  it('are looked at by the doctor, which says what failed, why and what to do', async () => {
    // So that all of the other view is seen.
    await workbench.page.getByRole('button', { name: /Datasets Section/ }).click();
    await workbench.command('ML Data: Run Doctor');
    const view = workbench.page
      .locator('.pane')
      .filter({ has: workbench.page.getByRole('button', { name: /Doctor Section/ }) });
    await view.getByText(/\d failed, .*as of/).waitFor({ timeout: 15_000 });
    const line = (name: string): Locator => view.locator('.monaco-list-row').filter({ hasText: name }).first();
    await line('gone').waitFor();
    assert.match((await line('gone').getAttribute('aria-label')) ?? '', /^gone, failed, /);
    assert.match((await line('people').getAttribute('aria-label')) ?? '', /^people, ok, 1 file/);
    assert.match(await line('orders').innerText(), /failed: The credential warehouse/);
    // What to do stands below it.
    await line('Run `mldata auth login warehouse`').waitFor();
    await line('orders').hover();
    await shots('doctor');
  });

  it('get the credential that they want from the line that misses it, and the keyboard gets to all', async () => {
    const line = row('The credential warehouse');
    await line.hover();
    await line.getByRole('button', { name: 'Set Credential' }).click();
    const input = workbench.page.locator('.quick-input-widget');
    await input.getByText('The password or token: warehouse').waitFor();
    assert.equal(await input.locator('input').first().getAttribute('type'), 'password');
    await shots('credential');
    await workbench.page.keyboard.type('hidden-of-tests');
    await workbench.page.keyboard.press('Enter');
    await toast('Set the credential warehouse').getByRole('button', { name: 'Run Doctor' }).click();
    await row('orders').filter({ hasNotText: 'is not set' }).waitFor({ timeout: 15_000 });
    await row('gone').click();
    await workbench.page.locator('.tab.active').filter({ hasText: '.mldata.yaml' }).waitFor();
    await workbench.page
      .locator('.statusbar')
      .getByText(/Ln 10, Col/)
      .waitFor();
    await workbench.command('ML Data: Copy Report as Markdown');
    await toast('Copied what the doctor found.').waitFor();
  });
});
