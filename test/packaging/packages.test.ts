/** What people install works away from this checkout: the VSIX in a VS Code, the tarball from npm. */
import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { packAll, type Packages } from '../../scripts/package';
import { exists } from '../host/cache';
import { npm, run } from '../host/processes';
import { openWorkbench, type Workbench } from '../host/workbench';
import { copyWorkspace, remove, repository, temporaryFolder } from '../host/workspace';

const BUILD_MS = 60_000;
const workspace = path.join(repository, 'examples');
const manifest = path.join('datasets', 'penguins', 'manifest.yaml');

/** A program that writes and reads an image of one pixel, and prints its format. */
const ONE_PIXEL =
  "const sharp = require('sharp'); sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })" +
  '.png().toBuffer().then((png) => sharp(png).metadata()).then(({ format }) => console.log(format))';

/** A program that finds the way to the keyring of the machine, whether there is one or not. */
const KEYRING = "console.log(typeof require('@napi-rs/keyring').AsyncEntry)";

describe('the packages', function () {
  this.timeout(5 * 60_000);
  let packages: Packages;
  let version: string;

  before(async () => {
    packages = await packAll();
    ({ version } = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')) as { version: string });
  });

  describe('the VSIX, installed into a VS Code', () => {
    let workbench: Workbench;
    let installed: string;

    before(async () => {
      workbench = await openWorkbench({ workspace, vsix: packages.vsix, panels: false });
      const [name = ''] = (await readdir(workbench.extensions)).filter((entry) => entry.startsWith('mldata.mldata'));
      installed = path.join(workbench.extensions, name);
    });
    after(async () => workbench.close());

    it('builds a dataset by command', async () => {
      await workbench.command('ML Data: Build All Datasets');
      await appears(path.join(workbench.folder!, manifest));
      await workbench.screenshot('packaged-extension');
    });

    it('brings `mldata` for the terminal', async () => {
      const command = path.join(installed, 'bin', process.platform === 'win32' ? 'mldata.cmd' : 'mldata');
      const shell = process.platform === 'win32';
      const env = { ...process.env, MLDATA_NODE: process.execPath };
      assert.equal((await run(command, ['--version'], { env, shell })).trim(), version);
    });

    it('holds nothing but what runs and what is read', async () => {
      const files = await readdir(installed, { recursive: true });
      const strays = files.filter((file) => /\.(ts|map|tsbuildinfo)$|^(src|test|scripts|examples|docs)\b/.test(file));
      assert.deepEqual(strays, []);
    });

    it('brings the Python code of packages that are exported', async () => {
      assert.deepEqual(await templateIn(installed), await templateIn(repository));
    });

    it('brings the image library for this platform, and for no other', async () => {
      const native = (await readdir(path.join(installed, 'node_modules', '@img'))).filter((name) =>
        /^sharp-/.test(name),
      );
      assert.ok(native.length > 0);
      assert.deepEqual(
        native.filter((name) => !name.endsWith(`-${process.arch}`) || !name.includes(process.platform)),
        [],
      );
      assert.equal((await run(process.execPath, ['-e', ONE_PIXEL], { cwd: installed })).trim(), 'png');
    });

    it('brings the way to the keyring of the machine', async () => {
      assert.equal((await run(process.execPath, ['-e', KEYRING], { cwd: installed })).trim(), 'function');
    });

    it('holds the licences of what it brings', async () => {
      const notices = await readFile(path.join(installed, 'dist', 'ThirdPartyNotices.txt'), 'utf8');
      for (const name of [
        '@duckdb/node-api',
        '@napi-rs/keyring',
        '@vscode/codicons',
        'codec-parser',
        'sharp',
        'vega-lite',
        'yaml',
        'zod',
      ]) {
        assert.ok(notices.includes(`\n# ${name} `) || notices.startsWith(`# ${name} `), `no licence of ${name}`);
      }
    });
  });

  describe('the tarball, installed by npm into an empty folder', () => {
    let folder: string;
    const mldata = async (...args: string[]): Promise<string> =>
      npm(['exec', '--offline', '--', 'mldata', ...args], { cwd: folder });

    before(async () => {
      folder = await temporaryFolder();
      await writeFile(path.join(folder, 'package.json'), '{ "private": true }');
      await npm(['install', '--no-audit', '--no-fund', packages.tarball], { cwd: folder });
    });
    after(async () => remove(folder));

    it('tells its version', async () => {
      assert.match(await mldata('--version'), new RegExp(`^${version}$`, 'm'));
    });

    it('has the image library for this platform', async () => {
      assert.equal((await run(process.execPath, ['-e', ONE_PIXEL], { cwd: folder })).trim(), 'png');
    });

    it('has the way to the keyring of the machine', async () => {
      assert.equal((await run(process.execPath, ['-e', KEYRING], { cwd: folder })).trim(), 'function');
    });

    it('builds a dataset, and makes a package for PyTorch of it', async () => {
      const copy = await copyWorkspace(workspace, folder);
      const config = path.join(copy, '.mldata.yaml');
      await mldata('build', '--config', config);
      assert.ok(await exists(path.join(copy, manifest)));
      await mldata('export', 'penguins', '--framework', 'pytorch', '--config', config);
      const made = path.join(copy, 'exports', 'penguins-pytorch');
      const template = (await templateIn(repository)).map((file) => file.replace(/^package\b/, 'src/penguins'));
      for (const file of template) assert.ok(await exists(path.join(made, file)), file);
    });
  });
});

/** Files of the template, from its folder, but what Python leaves behind. */
async function templateIn(root: string): Promise<string[]> {
  const entries = await readdir(path.join(root, 'media', 'export', 'pytorch'), { recursive: true });
  return entries.filter((name) => !name.includes('__pycache__')).sort();
}

async function appears(file: string): Promise<void> {
  const deadline = Date.now() + BUILD_MS;
  while (!(await exists(file))) {
    if (Date.now() > deadline) assert.fail(`${file} was not written within ${BUILD_MS / 1000} s.`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
