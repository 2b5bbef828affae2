/** The data grid as people use it: scrolling, sorting, filtering, jumping, copying, with the keyboard alone. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Frame } from 'playwright-core';
import { openWorkbench, type Workbench } from '../host/workbench';
import { repository } from '../host/workspace';
import { policyViolations } from './reportPage';
import { inName, showIn, themes } from './themes';

const ROWS = 2500;

/** Rows with what is hard to show: nothing, blanks, markup, what turns the direction of a line, and long texts. */
async function workspace(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mldata-ui-grid-'));
  await mkdir(path.join(folder, 'images'));
  for (const name of ['0-01.png', '0-02.png', '0-03.png']) {
    await copyFile(path.join(repository, 'examples/digits/raw/images', name), path.join(folder, 'images', name));
  }
  const names = ['Ada', 'Alan', '', '  ', '<img src=x onerror=alert(1)>', 'a\u202eb', 'long '.repeat(100).trim()];
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const score = row === 4 ? '' : ((row * 7919) % 1000) / 10;
    return `${row},"${names[row % names.length] ?? ''}",${score},images/0-0${(row % 3) + 1}.png`;
  });
  await writeFile(path.join(folder, 'people.csv'), `id,name,score,photo\n${lines.join('\n')}\n`);
  return folder;
}

describe('the data grid', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let folder: string;
  let page: Frame;
  let violations: readonly string[];

  before(async () => {
    folder = await workspace();
    workbench = await openWorkbench({ workspace: folder, theme: 'Default Dark Modern' });
    await workbench.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    violations = policyViolations(workbench);
    await workbench.openFile('people.csv');
    await workbench.command('ML Data: Show Data');
    page = await workbench.webview();
    await page.getByText('2,500 rows').waitFor();
  });
  after(async () => {
    await workbench.close();
    await rm(folder, { recursive: true, force: true });
  });

  const status = (): ReturnType<Frame['locator']> => page.locator('.status');
  const grid = (): ReturnType<Frame['locator']> => page.getByRole('grid');
  const says = async (text: string): Promise<void> => status().filter({ hasText: text }).waitFor();
  /** What was copied, once it is there: the editor puts it there after the page has said so. */
  const holdsCopied = async (text: string): Promise<void> => {
    let held = '';
    for (const until = Date.now() + 10_000; Date.now() < until && held !== text;) {
      held = await workbench.page.evaluate('navigator.clipboard.readText()');
      await page.waitForTimeout(50);
    }
    assert.equal(held, text);
  };

  it('shows what is missing, blank and markup for what it is', async () => {
    await page.locator('.cell.null').first().waitFor();
    await page.locator('.cell.blank').first().waitFor();
    await page.getByText('<img src=x onerror=alert(1)>').first().waitFor();
    await page.getByText('a⟨202E⟩b').first().waitFor();
    assert.equal(await page.locator('.grid img').count(), 0);
  });

  it('shows images in small', async () => {
    await page.locator('.picture canvas').first().waitFor();
  });

  for (const theme of themes) {
    it(`has no serious violation that axe finds in ${theme}`, async () => {
      await showIn(theme, workbench, page);
      await page.evaluate(await readFile(require.resolve('axe-core/axe.min.js'), 'utf8'));
      const found = await page.evaluate<{ id: string; impact: string; help: string; nodes: { html: string }[] }[]>(
        `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) => violations)`,
      );
      const serious = found.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      assert.deepEqual(
        serious.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes[0]?.html ?? ''}`),
        [],
      );
      await workbench.screenshot(`grid-${inName(theme)}`);
    });
  }

  it('breaks no rule of the strict policy', () => {
    assert.deepEqual(violations, []);
  });

  it('is walked through with the keyboard, to the last row and back', async () => {
    await grid().focus();
    await grid().press('Control+End');
    await page.locator('#cell-2499-3.active').waitFor();
    await page.locator('.cell.active', { hasText: 'images/0-01.png' }).waitFor();
    await grid().press('Home');
    await page.locator('#cell-2499-0.active', { hasText: '2499' }).waitFor();
    await grid().press('PageUp');
    await grid().press('Control+Home');
    await page.locator('#cell-0-0.active').waitFor();
    await grid().press('ArrowRight');
    await grid().press('ArrowDown');
    await page.locator('#cell-1-1.active').waitFor();
    assert.equal(await grid().getAttribute('aria-activedescendant'), 'cell-1-1');
    assert.equal(await grid().getAttribute('aria-rowcount'), String(ROWS + 1));
  });

  it('jumps to a row', async () => {
    await grid().press('Control+g');
    await page.getByRole('textbox', { name: 'Row, 1 to 2,500' }).fill('1,234');
    await workbench.page.keyboard.press('Enter');
    await page.locator('#cell-1233-1.active').waitFor();
  });

  it('sorts by a click, over all rows, and by a second column with the shift key', async () => {
    const score = page.getByRole('columnheader', { name: 'score' });
    await score.click();
    await says('sorted by score ↑');
    await score.click();
    await says('sorted by score ↓');
    await page.locator('#cell-0-2', { hasText: '99.9' }).waitFor();
    await page.getByRole('columnheader', { name: 'name' }).click({ modifiers: ['Shift'] });
    await says('sorted by score ↓, name ↑');
    assert.equal(await score.getAttribute('aria-sort'), 'descending');
    await score.click();
    await says('2,500 rows');
  });

  it('filters by a condition that fits the type, says what is wrong with a value, and clears', async () => {
    await grid().focus();
    await grid().press('Control+Home');
    await grid().press('ArrowRight');
    await grid().press('ArrowRight');
    await grid().press('Alt+ArrowDown');
    await page.getByRole('combobox', { name: 'Condition' }).selectOption('between');
    await page.getByRole('textbox', { name: 'From' }).fill('10');
    await page.getByRole('textbox', { name: 'To' }).fill('19.9');
    await workbench.page.keyboard.press('Enter');
    await says('250 of 2,500 rows');
    await workbench.screenshot('grid-filtered');
    await grid().press('Alt+ArrowDown');
    await page.getByRole('textbox', { name: 'From' }).fill('many');
    await workbench.page.keyboard.press('Enter');
    await page.getByText('The values of score are numbers; "many" is not.').waitFor();
    await says('250 of 2,500 rows');
    await page.getByRole('button', { name: 'Clear Filters' }).click();
    await says('2,500 rows');
  });

  it('says that no row matches, and offers the way back', async () => {
    await grid().focus();
    await grid().press('Alt+ArrowDown');
    await page.getByRole('combobox', { name: 'Condition' }).selectOption('greater');
    await page.getByRole('textbox', { name: 'Value' }).fill('1000');
    await workbench.page.keyboard.press('Enter');
    await page.getByText('No row matches the filters.').waitFor();
    await page.locator('.nothing').getByText('Clear Filters').click();
    await says('2,500 rows');
  });

  it('copies what is selected, whole, as text, CSV, JSON and Markdown', async () => {
    await grid().focus();
    await grid().press('Control+Home');
    for (const key of ['ArrowRight', 'Shift+ArrowRight', 'Shift+ArrowDown']) await grid().press(key);
    await grid().press('Control+c');
    await says('Copied 2 rows.');
    await holdsCopied('Ada\t0.0\nAlan\t91.9');
    const copies = [
      ['Copy as CSV', 'name,score\nAda,0.0\nAlan,91.9\n'],
      ['Copy as JSON', '[\n  { "name": "Ada", "score": 0.0 },\n  { "name": "Alan", "score": 91.9 }\n]\n'],
      ['Copy as Markdown', '| name | score |\n| --- | --: |\n| Ada | 0.0 |\n| Alan | 91.9 |\n'],
    ] as const;
    for (const [item, text] of copies) {
      await grid().press('Shift+F10');
      await page.getByRole('button', { name: item }).click();
      await says('Copied 2 rows.');
      await holdsCopied(text);
    }
  });

  it('opens a long value in full beside the rows', async () => {
    await grid().focus();
    await grid().press('Control+Home');
    await grid().press('ArrowRight');
    for (let row = 0; row < 6; row++) await grid().press('ArrowDown');
    await grid().press('Enter');
    await page.locator('.detail pre').waitFor();
    assert.equal((await page.locator('.detail pre').innerText()).length, 499);
    await workbench.screenshot('grid-detail');
    await grid().press('Escape');
    await page.locator('.detail').waitFor({ state: 'hidden' });
  });

  it('pins and hides columns, and keeps that over a reload of the window', async () => {
    await page.getByRole('columnheader', { name: 'score' }).hover();
    await page.getByRole('columnheader', { name: 'score' }).locator('.menu').click();
    await page.getByRole('button', { name: 'Pin Column' }).click();
    await page.getByRole('columnheader', { name: 'score, number, pinned' }).waitFor();
    await page.getByRole('columnheader', { name: 'photo' }).hover();
    await page.getByRole('columnheader', { name: 'photo' }).locator('.menu').click();
    await page.getByRole('button', { name: 'Hide Column' }).click();
    await page.getByRole('columnheader', { name: 'photo' }).waitFor({ state: 'detached' });
    await workbench.reload();
    page = await workbench.webview();
    await says('2,500 rows');
    assert.deepEqual(
      await page
        .getByRole('columnheader')
        .allInnerTexts()
        .then((texts) => texts.map((text) => text.trim())),
      ['Row', 'score', 'id', 'name'],
    );
  });

  it('says when the file changed, and shows it as it is after Refresh', async () => {
    const file = path.join(workbench.folder!, 'people.csv');
    await writeFile(file, 'id,name,score,photo\n1,Grace,1,\n');
    await utimes(file, new Date(), new Date(Date.now() + 5000));
    await page.waitForTimeout(600);
    await page.getByRole('columnheader', { name: 'id' }).click();
    await page.getByText('The files changed since they were opened.').waitFor();
    await page.locator('.notice').getByText('Refresh', { exact: true }).click();
    await page.locator('.cell', { hasText: 'Grace' }).waitFor();
  });

  it('breaks no rule of the strict policy in all that', () => {
    assert.deepEqual(violations, []);
  });
});

describe('a grid of more than a page can hold', function () {
  this.timeout(180_000);
  let workbench: Workbench;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mldata-ui-large-'));
    const rows = Array.from({ length: 400_000 }, (_, row) => `${row},${(row * 7919) % 1000}`);
    await writeFile(path.join(folder, 'tall.csv'), `id,bucket\n${rows.join('\n')}\n`);
    const names = Array.from({ length: 1000 }, (_, index) => `column ${index}`);
    const lines = Array.from({ length: 30 }, (_, row) => names.map((_, index) => row * 1000 + index).join(','));
    await writeFile(path.join(folder, 'wide.csv'), `${names.join(',')}\n${lines.join('\n')}\n`);
    workbench = await openWorkbench({ workspace: folder, theme: 'Default Dark Modern' });
  });
  after(async () => {
    await workbench.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function open(file: string): Promise<Frame> {
    await workbench.openFile(file);
    await workbench.command('ML Data: Show Data');
    return workbench.webview();
  }

  it('goes row by row with the wheel, and to any row with the bar', async () => {
    const page = await open('tall.csv');
    await page.getByText('400,000 rows').waitFor();
    await page.locator('#cell-0-0', { hasText: /^0$/ }).waitFor();
    await page.locator('#cell-5-1').hover();
    await workbench.page.mouse.wheel(0, 240);
    await page.locator('#cell-10-0', { hasText: /^10$/ }).waitFor();
    await page.locator('#cell-9-0').waitFor({ state: 'detached' });
    await page.evaluate(`document.querySelector('.grid').scrollTop = 4_000_000`);
    await page
      .locator('.gutter', { hasText: /^(199|200|201),/ })
      .first()
      .waitFor();
    await page.getByRole('grid').press('Control+End');
    await page.locator('#cell-399999-1.active', { hasText: /^81$/ }).waitFor();
  });

  it('draws only the columns in sight, and asks for no others', async () => {
    const page = await open('wide.csv');
    await page.getByText('30 rows').waitFor();
    await page.locator('#cell-0-0', { hasText: /^0$/ }).waitFor();
    assert.ok((await page.locator('.header').count()) < 30);
    await page.getByRole('grid').focus();
    await page.getByRole('grid').press('End');
    await page.locator('#cell-0-999.active', { hasText: /^999$/ }).waitFor();
    assert.ok((await page.locator('.header').count()) < 30);
  });

  it('opens its rows again when the engine was killed, and goes on where it was', async () => {
    const page = await open('tall.csv');
    await page.getByText('400,000 rows').waitFor();
    for (const pid of enginesOf(process.pid)) process.kill(pid, 'SIGKILL');
    await page.getByRole('columnheader', { name: 'bucket' }).click();
    await page.getByText('400,000 rows · sorted by bucket ↑').waitFor();
    await page.locator('#cell-1-1', { hasText: /^0$/ }).waitFor();
    await page.locator('#cell-1-0', { hasText: /^1000$/ }).waitFor();
  });
});

/** Engine processes that this one has started, through whatever stands between. */
function enginesOf(ancestor: number): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8', maxBuffer: 1 << 26 }).split('\n');
  const all = lines.map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line)).filter((match) => match !== null);
  const parents = new Map(all.map(([, pid, parent]) => [Number(pid), Number(parent)]));
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === ancestor || descends(parents.get(pid)));
  return all
    .filter(([, pid, , args = '']) => args.includes('dist/engine.js') && descends(Number(pid)))
    .map(([, pid]) => Number(pid));
}
