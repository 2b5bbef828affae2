/** The direction of imports, as docs and design promise it: a change that runs against it fails here. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';

const root = path.resolve(__dirname, '..', '..');

interface Import {
  /** Importing file, relative to the repository, with forward slashes. */
  readonly from: string;
  /** Imported file, likewise, or the package's specifier. */
  readonly to: string;
  readonly internal: boolean;
}

const imports = ['src', 'webview'].flatMap(sourceFiles).flatMap(importsOf);
const internal = imports.filter((entry) => entry.internal);
const packages = imports.filter((entry) => !entry.internal);

function sourceFiles(folder: string): string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file.replaceAll(path.sep, '/')}`)
    .filter((file) => /(?<!\.d)\.tsx?$/.test(file));
}

function importsOf(from: string): Import[] {
  const text = readFileSync(path.join(root, from), 'utf8');
  return ts.preProcessFile(text).importedFiles.map(({ fileName }) => {
    if (!fileName.startsWith('.')) return { from, to: fileName, internal: false };
    const to = resolve(path.posix.join(path.posix.dirname(from), fileName));
    return { from, to, internal: /^(src|webview)\//.test(to) };
  });
}

function resolve(file: string): string {
  const candidates = [`${file}.ts`, `${file}/index.ts`, `${file}.d.ts`, file];
  return candidates.find((candidate) => existsSync(path.join(root, candidate))) ?? file;
}

/** `src/engine/…` is in the layer `engine`, `webview/…` in `webview`. */
function layerOf(file: string): string {
  const [top = '', layer = ''] = file.split('/');
  return top === 'src' ? layer : top;
}

/** `src/engine/build` for every file under it; a file that lies directly in its layer stands for itself. */
function roomOf(file: string): string {
  const parts = file.split('/');
  const depth = layerOf(file) === 'webview' ? 2 : 3;
  return parts.slice(0, depth).join('/');
}

const show = ({ from, to }: Import): string => `${from} imports ${to}`;

describe('the architecture', () => {
  const allowed: Readonly<Record<string, readonly string[]>> = {
    protocol: [],
    config: ['protocol'],
    engine: ['protocol', 'config'],
    cli: ['protocol', 'config', 'engine'],
    extension: ['protocol', 'config'],
    webview: ['protocol'],
  };

  it('reads every layer', () => {
    const layers = new Set(['src', 'webview'].flatMap(sourceFiles).map(layerOf));
    assert.deepEqual(
      [...layers].filter((layer) => !(layer in allowed)),
      [],
    );
    assert.ok(internal.length > 0);
  });

  for (const [layer, below] of Object.entries(allowed)) {
    it(`${layer} imports from ${['itself', ...below].join(', ')} only`, () => {
      const against = internal.filter(
        ({ from, to }) => layerOf(from) === layer && layerOf(to) !== layer && !below.includes(layerOf(to)),
      );
      assert.deepEqual(against.map(show), []);
    });
  }

  const owners = [
    { name: 'vscode', owner: 'src/extension/' },
    { name: '@duckdb/node-api', owner: 'src/engine/duckdb/' },
  ];
  for (const { name, owner } of owners) {
    it(`only ${owner} imports ${name}`, () => {
      const against = packages.filter(({ from, to }) => isPackage(to, name) && !from.startsWith(owner));
      assert.deepEqual(against.map(show), []);
    });
  }

  it('one file imports the webview toolkit, which is archived upstream', () => {
    const files = packages.filter(({ to }) => isPackage(to, '@vscode/webview-ui-toolkit')).map(({ from }) => from);
    assert.deepEqual([...new Set(files)], ['webview/shared/toolkit.ts']);
  });

  it("an engine folder is entered through its index, from the engine's other folders and from outside", () => {
    const against = internal.filter(({ from, to }) => {
      const room = roomOf(to);
      const entersRoom = room.startsWith('src/engine/') && room !== to && roomOf(from) !== room;
      // What runs before the rest of a process loads cannot come through a door that loads the rest.
      return entersRoom && to !== `${room}/index.ts` && to !== 'src/engine/duckdb/driver.ts';
    });
    assert.deepEqual(against.map(show), []);
  });

  it('building, profiling, drift, checks, tracking and export meet only above the folders of the engine', () => {
    const meeting = ['build', 'profile', 'drift', 'checks', 'tracking', 'export'].map((name) => `src/engine/${name}`);
    const against = internal.filter(
      ({ from, to }) => meeting.includes(roomOf(to)) && roomOf(from) !== roomOf(to) && roomOf(from) !== from,
    );
    assert.deepEqual(against.map(show), []);
  });

  it('folders do not import each other in a circle', () => {
    const edges = new Map<string, Set<string>>();
    for (const { from, to } of internal) {
      if (roomOf(from) === roomOf(to)) continue;
      edges.set(roomOf(from), (edges.get(roomOf(from)) ?? new Set()).add(roomOf(to)));
    }
    assert.deepEqual(cycles(edges), []);
  });
});

function isPackage(specifier: string, name: string): boolean {
  return specifier === name || specifier.startsWith(`${name}/`);
}

/** Every circle that a depth-first walk meets, each written as `a → b → a`. */
function cycles(edges: ReadonlyMap<string, ReadonlySet<string>>): string[] {
  const found: string[] = [];
  const done = new Set<string>();
  const walk = (node: string, trail: readonly string[]): void => {
    const start = trail.indexOf(node);
    if (start >= 0) {
      found.push([...trail.slice(start), node].join(' → '));
      return;
    }
    if (done.has(node)) return;
    for (const next of edges.get(node) ?? []) walk(next, [...trail, node]);
    done.add(node);
  };
  for (const node of edges.keys()) walk(node, []);
  return found;
}
