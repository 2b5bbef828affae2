/**
 * Bundles everything that runs: the extension, the engine process and its workers, the command line, the panels.
 * `--production` minifies; `--tests` also bundles the suite that runs inside VS Code. Types are checked by `tsc`.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import { glob } from 'tinyglobby';
import { lazySchemas } from './scripts/lazySchemas.mjs';
import { thirdPartyNotices, withDependencies } from './scripts/notices.mjs';

/** Native code and WebAssembly can't be bundled: these packages ship as `node_modules`, see scripts/package.ts. */
const external = JSON.parse(await readFile('scripts/external.json', 'utf8'));
/** What packages load only when asked for something that nothing here asks for. */
const neverAsked = ['@wasm-audio-decoders/opus-ml'];
const production = process.argv.includes('--production');
const tests = process.argv.includes('--tests');

const shared = {
  bundle: true,
  outdir: 'dist',
  // Each of the thousands of processes that tests start would read and record the maps that bundles name.
  sourcemap: tests ? 'external' : true,
  sourcesContent: false,
  treeShaking: production, // else coverage takes a function that nobody calls for covered: it is in no bundle

  minify: production,
  legalComments: 'none', // the licences are in one file, see below
  metafile: true,
  logLevel: 'warning',
};
/** Packages written as ES modules ask for their own address, which CommonJS calls by another name. */
const moduleUrl = "const moduleUrl = require('node:url').pathToFileURL(__filename).href;";
const node = {
  ...shared,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: [...external, ...neverAsked],
  // The loader of ES modules takes longer over a package than `require` does.
  supported: { 'dynamic-import': false },
  define: { 'import.meta.url': 'moduleUrl' },
  banner: { js: moduleUrl },
};

/** Of zod's words, the English: without tree shaking, every process would load those of fifty other languages. */
const englishWords = {
  name: 'english-words',
  setup({ onLoad }) {
    onLoad({ filter: /zod\/v4\/locales\/index\.js$/ }, () => ({
      contents: "export { default as en } from './en.js';",
    }));
  },
};

/** It looks on the disk, at every start, for what a function of it needs that nobody calls. */
const noGlobOfFdir = {
  name: 'no-glob-of-fdir',
  setup({ onLoad }) {
    onLoad({ filter: /fdir\/dist\/index\.mjs$/ }, async ({ path: file }) => ({
      contents: (await readFile(file, 'utf8')).replaceAll(/__require(\.resolve)?\("picomatch"\)/g, 'null'),
    }));
  },
};

/** What starts a process is small, so that it can have others start, or start others, before it loads the rest. */
const parts = {
  engine: 'src/engine/server.ts',
  job: 'src/engine/job.ts',
  jobServer: 'src/engine/jobServer.ts',
  jobFork: 'src/engine/jobFork.ts',
  driver: 'src/engine/duckdb/driver.ts',
  audio: 'src/engine/media/audio.ts', // its parsers and decoders are most of a megabyte, for few
  decoders: 'src/engine/media/decoders.ts',
  commandLine: 'src/cli/commandLine.ts',
};
/** Packages that few ask for, with all they bring: half of each process's code would be theirs. */
const packages = ['undici', 'mysql2', 'pg'];

const packagesApart = {
  name: 'packages-apart',
  setup({ onResolve }) {
    onResolve({ filter: new RegExp(`^(${packages.join('|')})$`) }, ({ path: name, kind }) =>
      kind === 'entry-point' ? undefined : { path: `./${name}.js`, external: true },
    );
  },
};

const bundles = await Promise.all([
  build({
    ...node,
    entryPoints: { extension: 'src/extension/main.ts' },
    external: [...node.external, 'vscode'],
    plugins: [lazySchemas],
  }),
  build({
    ...node,
    entryPoints: { ...parts, ...Object.fromEntries(packages.map((name) => [name, name])), ...(await workers()) },
    plugins: [apart(parts), packagesApart, englishWords, noGlobOfFdir, lazySchemas],
  }),
  build({
    ...node,
    entryPoints: { cli: 'src/cli/main.ts' },
    plugins: [apart(parts), englishWords, noGlobOfFdir, lazySchemas],
    banner: { js: `#!/usr/bin/env node\n${moduleUrl}` },
  }),
  build({ ...shared, entryPoints: await panels(), platform: 'browser', format: 'iife', target: 'chrome132' }),
  copyFiles(),
  ...(tests ? [bundleTests()] : []),
]).catch((error) => {
  if (!error.errors) console.error(error); // esbuild has printed its own
  process.exitCode = 1;
  return [];
});

if (production) {
  const metafiles = bundles.flatMap((bundle) => bundle?.metafile ?? []);
  await writeFile(
    'dist/ThirdPartyNotices.txt',
    await thirdPartyNotices(metafiles, [...(await withDependencies(external)), '@vscode/codicons']),
  );
}

/** What is a bundle of its own is in no other: whoever imports it loads it, when it gets there, and all share it. */
function apart(entryPoints) {
  const names = new Map(Object.entries(entryPoints).map(([name, file]) => [path.resolve(file), name]));
  return {
    name: 'apart',
    setup({ onResolve }) {
      onResolve({ filter: /^\./ }, ({ path: imported, resolveDir }) => {
        const name = names.get(path.join(resolveDir, `${imported}.ts`));
        return name && { path: `./${name}.js`, external: true };
      });
    },
  };
}

/** `src/engine/sources/parse.worker.ts` becomes `dist/parse.worker.js`. */
async function workers() {
  const files = await glob('src/engine/**/*.worker.ts');
  return Object.fromEntries(files.map((file) => [path.basename(file, '.ts'), file]));
}

/** `webview/profile/main.ts` becomes `dist/webview/profile.js`, with the styles it imports beside it. */
async function panels() {
  const files = await glob('webview/*/main.ts');
  return Object.fromEntries(files.map((file) => [`webview/${path.basename(path.dirname(file))}`, file]));
}

async function copyFiles() {
  await mkdir('dist/webview', { recursive: true });
  for (const name of ['codicon.css', 'codicon.ttf']) {
    await cp(`node_modules/@vscode/codicons/dist/${name}`, `dist/webview/${name}`);
  }
  // For reports that are opened outside the editor, or read where the documents are not.
  await cp('webview/shared/tokens.css', 'dist/webview/tokens.css');
  await cp('docs/findings.md', 'dist/findings.md');
}

/** The extension host loads JavaScript, so its suite is bundled file by file; mocha stays outside, shared by all. */
async function bundleTests() {
  await build({
    ...node,
    sourcemap: true, // stacks name the TypeScript lines
    outdir: 'dist/test/vscode',
    outbase: 'test/vscode',
    entryPoints: ['test/vscode/index.ts', ...(await glob('test/vscode/**/*.test.ts'))],
    external: [...node.external, 'vscode', 'mocha'],
  });
}
