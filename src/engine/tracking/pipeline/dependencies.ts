/** What a dataset is made from, as DVC follows it: files, and folders where new files count too. */
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isDynamicPattern } from 'tinyglobby';
import { datasetSource, dependenciesOf, keyDatasetsOf } from '../../../config';
import { besideEntries, isInside, isRemote, listFiles } from '../../sources';
import type { DatasetSpec } from '../../../protocol';

export interface DependencyPlace {
  /** The config's folder. */
  readonly folder: string;
  /** Every dataset of the config. */
  readonly specs: readonly DatasetSpec[];
  readonly signal: AbortSignal;
}

export interface Dependencies {
  /** Absolute, each once, none inside another. */
  readonly paths: readonly string[];
  /** Sources whose files are named one by one, so that DVC does not see a new one. */
  readonly listed: readonly string[];
}

/**
 * A pattern is the folder that all it matches lies in, so that a file that comes to match counts, unless builds or the
 * config lie in there: DVC would take what it writes for what it reads. Throws as `listFiles`.
 */
export async function dependenciesOnDisk(spec: DatasetSpec, place: DependencyPlace): Promise<Dependencies> {
  const { folder, specs, signal } = place;
  const written = [folder, ...specs.map(({ output }) => resolve(folder, output.path))];
  const found: string[] = [];
  const listed: string[] = [];
  for (const entry of [...spec.source, ...besideEntries(spec)]) {
    // Pinned by the config and its manifest: DVC has nothing to follow on this disk.
    if (isRemote(entry)) continue;
    const named = datasetSource(entry.path);
    if (named) {
      found.push(...dataOf(named.dataset, place));
      continue;
    }
    const whole = (await isThere(resolve(folder, entry.path)))
      ? resolve(folder, entry.path)
      : startOf(entry.path, folder);
    if (!written.some((path) => isInside(whole, path))) found.push(whole);
    else {
      const files = await listFiles([entry], { folder, root: undefined, signal }, spec.name);
      found.push(...files.map(({ path }) => path));
      listed.push(entry.path);
    }
  }
  if (spec.split?.indices !== undefined) found.push(resolve(folder, spec.split.indices));
  for (const name of keyDatasetsOf(spec)) {
    if (isMadeFrom(name, spec.name, specs)) continue;
    for (const path of dataOf(name, place)) if (await isThere(path)) found.push(path);
  }
  return { paths: outermost(found), listed };
}

/** The folder that a pattern begins in; of a plain path the path itself. */
function startOf(path: string, folder: string): string {
  const parts = path.split('/');
  const first = parts.findIndex((part) => isDynamicPattern(part));
  if (first < 0) return resolve(folder, path);
  return first === 0 ? folder : resolve(folder, `${parts.slice(0, first).join('/')}/`);
}

/** Where the first format of a dataset's build lies, which is what others read of it. */
function dataOf(dataset: string, { folder, specs }: DependencyPlace): string[] {
  return specs.filter(({ name }) => name === dataset).map(({ output }) => resolve(folder, output.path, 'data'));
}

/** Whether a dataset comes after another one, which cannot come after it as well. */
function isMadeFrom(dataset: string, other: string, specs: readonly DatasetSpec[]): boolean {
  const reached = new Set([dataset]);
  // A set that grows while it is gone through is gone through to its end.
  for (const name of reached) {
    const spec = specs.find((each) => each.name === name);
    if (spec) for (const next of [...dependenciesOf(spec), ...keyDatasetsOf(spec)]) reached.add(next);
  }
  return reached.has(other);
}

function outermost(paths: readonly string[]): string[] {
  const each = [...new Set(paths)];
  return each.filter((path) => !each.some((other) => other !== path && isInside(other, path)));
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
