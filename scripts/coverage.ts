/** Merges what every process of the suites covered (c8), and fails when too few lines were. */
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { Profiler } from 'node:inspector';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { mergeProcessCovs } from '@bcoe/v8-coverage';
import { run } from '../test/host/processes';
import { repository } from '../test/host/workspace';

/** Least share of lines, in percent, over all files under these folders together. */
const thresholds = [
  { name: 'src/config', folders: ['src/config/'], least: 90 },
  { name: 'src/engine', folders: ['src/engine/'], least: 90 },
  { name: 'src and webview', folders: ['src/', 'webview/'], least: 80 },
];

/** What V8 writes for one process. */
interface Recording {
  readonly result: Profiler.ScriptCoverage[];
  readonly 'source-map-cache'?: Readonly<Record<string, SourceMapEntry>>;
}
interface SourceMapEntry {
  readonly data: { readonly sources: readonly string[] } | null;
  readonly lineLengths?: readonly number[];
}

/** So many recordings are merged at once; all of them take more memory than the runtime allows itself. */
const AT_ONCE = 64;

/**
 * Leaves, of thousands of recordings, a few for c8, which merges them one by one and so takes minutes: with our own code
 * only, the map of each bundle once, and its sources absolute. c8 decides by their names what to count, and takes a
 * bundle's relative `../src/…` for a file outside the project.
 */
async function condense(raw: string, condensed: string): Promise<void> {
  await rm(condensed, { recursive: true, force: true });
  await mkdir(condensed, { recursive: true });
  const names = await readdir(raw);
  const known = new Set<string>();
  for (let start = 0; start < names.length; start += AT_ONCE) {
    const files = names.slice(start, start + AT_ONCE).map((name) => path.join(raw, name));
    const maps: [url: string, entry: SourceMapEntry][] = [];
    const coverages: Pick<Recording, 'result'>[] = [];
    for (const file of files) {
      const recording = parse(await readFile(file, 'utf8'));
      coverages.push({ result: recording?.result.filter(({ url }) => isOurs(url)) ?? [] });
      for (const [url, entry] of Object.entries(recording?.['source-map-cache'] ?? {})) {
        if (!isOurs(url) || known.has(url) || entry.data === null) continue;
        known.add(url);
        maps.push([url, absolute(url, entry)]);
      }
    }
    for (const url of new Set(coverages.flatMap(({ result }) => result.map((script) => script.url)))) {
      if (!url.startsWith(bundles) || known.has(url)) continue;
      known.add(url);
      maps.push([url, absolute(url, await mapOf(url))]);
    }
    const merged = { ...mergeProcessCovs(coverages), 'source-map-cache': Object.fromEntries(maps) };
    await writeFile(path.join(condensed, `${start}.json`), JSON.stringify(merged));
  }
}

/** Undefined for what a process was writing when a test killed it. */
function parse(text: string): Recording | undefined {
  try {
    return JSON.parse(text) as Recording;
  } catch {
    return undefined;
  }
}

const urlOf = (folder: string): string => `${pathToFileURL(path.join(repository, folder)).href}/`;
const bundles = urlOf('dist');
const folders = [urlOf('src'), urlOf('webview'), bundles];

function isOurs(url: string): boolean {
  return folders.some((folder) => url.startsWith(folder));
}

/** The map beside a bundle, in the form in which V8 writes those that scripts name. */
async function mapOf(url: string): Promise<SourceMapEntry> {
  const bundle = fileURLToPath(url);
  const lineLengths = (await readFile(bundle, 'utf8')).split('\n').map((line) => line.length);
  return { data: JSON.parse(await readFile(`${bundle}.map`, 'utf8')) as SourceMapEntry['data'], lineLengths };
}

function absolute(url: string, entry: SourceMapEntry): SourceMapEntry {
  if (entry.data === null) return entry;
  const sources = entry.data.sources.map((source) => fileURLToPath(new URL(source, url)));
  return { ...entry, data: { ...entry.data, sources } };
}

type Summary = Readonly<Record<string, { readonly lines: { readonly total: number; readonly covered: number } }>>;

async function main(): Promise<number> {
  const condensed = path.join(repository, 'coverage', 'condensed');
  await condense(path.join(repository, 'coverage', 'raw'), condensed);
  await run(process.execPath, ['node_modules/c8/bin/c8.js', 'report', '--temp-directory', condensed], {
    cwd: repository,
  });
  const text = await readFile(path.join(repository, 'coverage', 'coverage-summary.json'), 'utf8');
  const { total: _, ...byFile } = JSON.parse(text) as Summary;
  const files = Object.entries(byFile).map(([file, { lines }]) => ({
    file: path.relative(repository, file).replaceAll(path.sep, '/'),
    ...lines,
  }));
  const results = thresholds.map(({ name, folders, least }) => {
    const inside = files.filter(({ file }) => folders.some((folder) => file.startsWith(folder)));
    const total = inside.reduce((sum, file) => sum + file.total, 0);
    const covered = inside.reduce((sum, file) => sum + file.covered, 0);
    const share = total === 0 ? 100 : (100 * covered) / total;
    console.log(`${name}: ${share.toFixed(1)} % of ${total} lines (at least ${least} %)`);
    if (share >= least) return true;
    const thin = inside.filter((file) => 100 * file.covered < least * file.total);
    for (const file of thin) console.log(`  ${file.file}: ${file.covered} of ${file.total}`);
    return false;
  });
  return results.every(Boolean) ? 0 : 1;
}

void main().then((code) => (process.exitCode = code));
