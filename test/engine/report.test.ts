/** A report as one file: everything is in it, nothing is asked for, and nothing in the data runs. */
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import { profileHtml, qualityHtml } from '../../src/engine/report/html';
import { junitXml } from '../../src/engine/report/junit';
import { startBrowser } from '../host/browser';
import { repository } from '../host/workspace';
import { checkResult, missingFinding, quality, rowFinding } from '../unit/engine/report/qualities';
import { bidiName, hostileName, hostileValue, sampleProfile, wideProfile } from '../unit/webview/profileSample';
import { writeReport } from '../../src/engine/report';
import { profileSchema, type Profile } from '../../src/protocol';

const assets = path.join(repository, 'dist', 'webview');

/** Opens a page in a browser and says what it did. */
async function openHtml<T>(folder: string, html: string, look: (page: Page) => Promise<T>) {
  const file = path.join(folder, 'report.html');
  await writeFile(file, html);
  const browser = await startBrowser();
  try {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    const requests: string[] = [];
    const trouble: string[] = [];
    page.on('request', (request) => requests.push(request.url()));
    page.on('pageerror', (error) => trouble.push(error.message));
    page.on('console', (message) => trouble.push(message.text()));
    page.on('dialog', (dialog) => {
      trouble.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await page.goto(pathToFileURL(file).href);
    const seen = await look(page);
    return { seen, requests: requests.filter((url) => !/^(file|data|blob):/.test(url)), trouble };
  } finally {
    await browser.close();
  }
}

describe('a profile as a web page', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mldata-report-'));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  async function open<T>(profile: Profile, look: (page: Page) => Promise<T>) {
    return openHtml(folder, await profileHtml(profile, assets), look);
  }

  it('refers to nothing outside of itself', async () => {
    const html = await profileHtml(sampleProfile(), assets);
    const markup = html.replaceAll(/<script[^]*?<\/script>/g, '');
    assert.deepEqual(markup.match(/\b(?:src|href|action)\s*=/gi), null);
    const addresses = [...markup.matchAll(/url\(\s*["']?([^"')]*)/g)].map(([, address = '']) => address.slice(0, 10));
    assert.deepEqual([...new Set(addresses)].sort(), ['#hatch', 'data:font/'].sort());
    assert.doesNotMatch(html, /sourceMappingURL/);
    assert.match(html, /default-src 'none'/);
    assert.doesNotMatch(html, /unsafe-(?:eval|inline)/);
  });

  it('holds the document whole, whatever names and values say', async () => {
    const profile = sampleProfile();
    const html = await profileHtml(profile, assets);
    const [, json = ''] = /id="profile-messages">([^]*?)<\/script>/.exec(html) ?? [];
    const messages = JSON.parse(json) as readonly { readonly type: string; readonly profile?: unknown }[];
    assert.deepEqual(messages.find(({ type }) => type === 'profile')?.profile, profile);
    assert.ok(!json.includes(hostileValue) && !json.includes('\u2028'));
  });

  it('is the page of the editor: it draws, asks for nothing, and runs nothing of the data', async () => {
    const { requests, trouble } = await open(sampleProfile(), async (page) => {
      await page.locator('.column-row').first().waitFor();
      await page.locator('.detail svg [aria-roledescription=bar]').first().waitFor();
      const names = await page.locator('.column-row .name').allInnerTexts();
      assert.ok(names.includes(hostileName));
      await page.locator('.column-list').press('End');
      await page.getByText('safe⟨202E⟩txt.exe␛[31m').first().waitFor();
      assert.equal(await page.locator('img').count(), 0);
      assert.ok(bidiName.includes('\u202E'));
      await page.locator('#correlations').scrollIntoViewIfNeeded();
      await page.locator('#correlations svg').waitFor();
    });
    assert.deepEqual(requests, []);
    assert.deepEqual(trouble, []);
  });

  it('gives a chart away as a picture, a drawing, a specification and figures', async () => {
    const { seen, trouble } = await open(sampleProfile(), async (page) => {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.locator('#column-2').click();
      const chart = page.locator('.detail figure').first();
      await chart.locator('svg [aria-roledescription=bar]').first().waitFor();
      const copies: string[] = [];
      for (const item of ['Copy as PNG', 'Copy as SVG', 'Copy Vega-Lite Specification', 'Copy Data']) {
        await chart.getByRole('button', { name: 'More about this chart' }).click();
        await chart.getByRole('menuitem', { name: item }).click();
        await chart.getByText('Copied').waitFor();
        copies.push(
          await page.evaluate<string>(`navigator.clipboard.read().then(async ([item]) => {
            const blob = await item.getType(item.types[0]);
            return blob.type.startsWith('image') ? blob.type : blob.text();
          })`),
        );
        await chart.getByText('Copied').waitFor({ state: 'detached' });
      }
      return copies;
    });
    const [png, svg = '', spec = '', data = ''] = seen;
    assert.equal(png, 'image/png');
    assert.match(svg, /^<svg/);
    assert.doesNotMatch(`${svg}${spec}`, /var\(/);
    assert.match((JSON.parse(spec) as { $schema: string }).$schema, /vega-lite/);
    assert.equal(data.split('\n')[0], 'From,To,Rows');
    assert.deepEqual(trouble, []);
  });

  it('offers nothing that needs an engine', async () => {
    const { seen } = await open(sampleProfile(), async (page) => {
      await page.locator('.column-row').first().waitFor();
      return page.locator('vscode-button').allInnerTexts();
    });
    assert.deepEqual(seen, []);
  });

  it('keeps no more rows and charts than can be seen, of 5,000 columns', async () => {
    const { seen, trouble } = await open(wideProfile(5000), async (page) => {
      await page.locator('.column-row').first().waitFor();
      await page.locator('.column-list').press('End');
      await page.locator('.detail h3').filter({ hasText: 'feature 4999' }).waitFor();
      return [await page.locator('.column-row').count(), await page.locator('figure').count()];
    });
    const [rows = 0, figures = 0] = seen;
    assert.ok(rows > 5 && rows < 60, `${rows} rows`);
    assert.ok(figures <= 2, `${figures} charts`);
    assert.deepEqual(trouble, []);
  });

  for (const [what, rest, text] of [
    ['no rows', { rows: 0 }, 'There are 18 columns and no rows.'],
    ['no columns', { columns: [], alerts: [], head: [] }, 'There are no columns.'],
  ] as const) {
    it(`says that there are ${what}`, async () => {
      const { trouble } = await open({ ...sampleProfile(), ...rest } as Profile, (page) =>
        page.getByText(text).waitFor(),
      );
      assert.deepEqual(trouble, []);
    });
  }

  it('is written as what its name ends in, and as nothing else', async () => {
    const profile = sampleProfile();
    const json = path.join(folder, 'sub', 'p.json');
    await writeReport({ profile, file: json });
    assert.deepEqual(profileSchema.parse(JSON.parse(await readFile(json, 'utf8'))), profile);
    await writeReport({ profile, file: path.join(folder, 'sub', 'p.md') });
    await assert.rejects(writeReport({ profile, file: path.join(folder, 'p.pdf') }), { code: 'report-format' });
    assert.deepEqual((await readdir(path.join(folder, 'sub'))).sort(), ['p.json', 'p.md']);
  });
});

describe('a validation as a web page', function () {
  this.timeout(120_000);
  let folder: string;

  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'mldata-report-'));
  });
  after(async () => rm(folder, { recursive: true, force: true }));

  it('is the page of the editor, one below the other for several datasets, and asks for nothing', async () => {
    const clean = quality({
      dataset: 'clean',
      passed: true,
      checks: [checkResult('missing')],
      gates: [],
      findings: [],
    });
    const docs = new Map([[rowFinding.code, { cause: 'A value lies below `minimum`.', remedy: 'Lower it.' }]]);
    const html = await qualityHtml([quality({ findings: [rowFinding, missingFinding] }), clean], docs, assets);
    const { requests, trouble } = await openHtml(folder, html, async (page) => {
      const [dirty, good] = [page.locator('article').first(), page.locator('article').last()];
      await dirty.getByRole('heading', { name: 'people' }).waitFor();
      await good.getByText('Nothing was found.').waitFor();
      assert.match(await dirty.locator('.outcome').innerText(), /Failed/);
      assert.match(await good.locator('.outcome').innerText(), /Passed/);
      assert.equal(await dirty.locator('.found tbody tr').count(), 2);
      await dirty.getByText(`About ${rowFinding.code}`).click();
      await dirty.getByText('A value lies below minimum. Lower it.').waitFor();
      await dirty.getByRole('button', { name: 'Warning 1' }).click();
      await dirty.getByText('1 of 2 findings').waitFor();
      assert.match(await dirty.locator('.found tbody').innerText(), /<b>City\|<\/b>[^]*people\.parquet, row 7/);
      assert.deepEqual(await page.locator('vscode-button').allInnerTexts(), []);
      assert.equal(await page.locator('.found .link').count(), 0);
      assert.equal(await page.locator('b').count(), 0);
    });
    assert.deepEqual(requests, []);
    assert.deepEqual(trouble, []);
    assert.doesNotMatch(html, /unsafe-(?:eval|inline)|sourceMappingURL/);
  });

  it('stands beside JUnit XML that a strict reader takes', async () => {
    const html = '<!DOCTYPE html><title>A reader of XML</title>';
    const { seen } = await openHtml(folder, html, (page) =>
      page.evaluate<string[]>(
        `((xml) => {
          const read = new DOMParser().parseFromString(xml, 'application/xml');
          return [...read.querySelectorAll('parsererror, testsuite > testcase > failure')].map((each) => each.getAttribute('type'));
        })(${JSON.stringify(junitXml([quality(), quality({ dataset: 'a<&"\u0000\ud800' })]))})`,
      ),
    );
    assert.deepEqual(seen, ['constraint-minimum', 'gate', 'constraint-minimum', 'gate']);
  });
});
