/**
 * Packs what people install, into the checkout's folder: this platform's VSIX, with its native parts inside, and the
 * command line as a tarball for npm, which fetches the native parts of the platform it is installed on.
 */
import { readFileSync } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createVSIX } from '@vscode/vsce';
import { npm, run } from '../test/host/processes';
import { repository } from '../test/host/workspace';
import external from './external.json';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly [field: string]: unknown;
}

export interface Packages {
  readonly vsix: string;
  readonly tarball: string;
}

export async function packAll(): Promise<Packages> {
  await rm(path.join(repository, 'dist'), { recursive: true, force: true }); // nothing of an earlier build may ship
  await run(process.execPath, ['esbuild.mjs', '--production'], { cwd: repository });
  const manifest = JSON.parse(await readFile(path.join(repository, 'package.json'), 'utf8')) as Manifest;
  return { vsix: await packExtension(manifest), tarball: await packCommandLine(manifest) };
}

async function packExtension({ name, version }: Manifest): Promise<string> {
  const target = `${process.platform === 'linux' && isMusl() ? 'alpine' : process.platform}-${process.arch}`;
  const vsix = path.join(repository, `${name}-${target}-${version}.vsix`);
  // Nobody publishes it yet: links in the README stay as they are, for there is no address to rewrite them to.
  const unpublished = { allowMissingRepository: true, rewriteRelativeLinks: false };
  await createVSIX({ cwd: repository, target, packagePath: vsix, ...unpublished });
  return vsix;
}

function isMusl(): boolean {
  const { header } = process.report.getReport() as { header: { glibcVersionRuntime?: string } };
  return header.glibcVersionRuntime === undefined;
}

/** The version that was tested is the one that is asked for: another DuckDB may write other bytes. */
function installedVersion(name: string): string {
  const file = path.join(repository, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as Manifest).version;
}

/** Bundles that only VS Code starts. */
const editorOnly = new Set(['extension.js', 'engine.js']);

/** The bundles hold every other dependency, so the tarball asks npm only for those that can't be bundled. */
async function packCommandLine(manifest: Manifest): Promise<string> {
  const staging = path.join(repository, 'dist', 'npm');
  await mkdir(path.join(staging, 'dist'), { recursive: true });
  const { name, version, description, license, homepage, repository: origin, bugs, keywords, bin, engines } = manifest;
  const { node } = engines as Readonly<Record<string, string>>;
  const dependencies = Object.fromEntries(external.map((name) => [name, installedVersion(name)]));
  const own = { name, version, description, license, homepage, repository: origin, bugs, keywords, bin };
  await writeFile(
    path.join(staging, 'package.json'),
    JSON.stringify({ ...own, engines: { node }, files: ['dist', 'media', 'CHANGELOG.md'], dependencies }, null, 2),
  );
  const bundles = (await readdir(path.join(repository, 'dist'))).filter((file) => /\.(js|txt)$/.test(file));
  const ours = bundles.filter((file) => !editorOnly.has(file)).map((file) => path.join('dist', file));
  // A report in HTML is made of the page of its panel, and one in SARIF says what the documents do.
  const panels = ['profile.js', 'profile.css', 'validation.js', 'validation.css', 'charts.js'];
  const report = [...panels, 'tokens.css', 'codicon.css', 'codicon.ttf'];
  await mkdir(path.join(staging, 'dist', 'webview'), { recursive: true });
  const pages = report.map((file) => path.join('dist', 'webview', file));
  for (const file of ['README.md', 'LICENSE', 'CHANGELOG.md', ...ours, ...pages, path.join('dist', 'findings.md')]) {
    await copyFile(path.join(repository, file), path.join(staging, file));
  }
  // Schemas for other programs, and the Python code of packages that are exported.
  for (const folder of ['schemas', 'export']) {
    await cp(path.join(repository, 'media', folder), path.join(staging, 'media', folder), {
      recursive: true,
      filter: (file) => path.basename(file) !== '__pycache__',
    });
  }
  await npm(['pack', '--pack-destination', repository], { cwd: staging });
  return path.join(repository, `${name}-${version}.tgz`);
}

if (require.main === module) {
  packAll().then(
    ({ vsix, tarball }) => console.log(`${path.basename(vsix)}\n${path.basename(tarball)}`),
    (error: unknown) => {
      console.error(error instanceof Error ? error.message : error);
      process.exitCode = 1;
    },
  );
}
