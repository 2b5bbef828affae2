/**
 * Whether building would change nothing: the manifest of the build that stands there names the same config, the same
 * engine and inputs with the same content, and everything it says was written is there and as written.
 */
import { join, resolve } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { isChecked, programOf } from '../../config';
import { isInside, listFiles, type DatasetFolders } from '../sources';
import { ENGINE_VERSION, TOOL } from '../version';
import {
  cancelled,
  datasetSpecSchema,
  type DatasetSpec,
  type KeyVersions,
  type Manifest,
  type Origins,
} from '../../protocol';
import type { HashCache } from './hashCache';
import { referencedFiles } from './references';
import { stampOf } from './stamp';

export interface Comparison {
  readonly spec: DatasetSpec;
  readonly origins: Origins | undefined;
  /** The config's folder. */
  readonly folder: string;
  readonly root: string | undefined;
  /** The datasets it is made from. */
  readonly datasets: DatasetFolders | undefined;
  /** The output folder, absolute. */
  readonly output: string;
  readonly cache: HashCache;
  /** The versions that foreign keys are held against now. */
  readonly keyVersions: KeyVersions | undefined;
  /** Whether what does not pass its checks may stand. */
  readonly publishFailing: boolean;
  /** So many files are read at once. */
  readonly threads: number;
  readonly signal: AbortSignal;
  /** Called with the name of each file that has to be read to be compared. */
  readonly onRead: (file: string) => void;
}

interface Expected {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** Throws the cancelled error only: what else is in the way of comparing, the build meets too, and says it. */
export async function isUpToDate(manifest: Manifest, comparison: Comparison): Promise<boolean> {
  try {
    if (!isSameProgram(manifest, comparison) || !areChecksMade(manifest, comparison)) return false;
    const files = await expectedFiles(manifest, comparison);
    return files !== undefined && (await areAsExpected(files, comparison));
  } catch {
    if (comparison.signal.aborted) throw cancelled();
    return false;
  }
}

function isSameProgram({ tool, engine, config, origins, datasets }: Manifest, comparison: Comparison): boolean {
  const { spec } = comparison;
  if (!isDeepStrictEqual(datasets ?? {}, comparison.datasets ?? {})) return false;
  if (!isDeepStrictEqual(origins ?? {}, comparison.origins ?? {})) return false;
  return tool.version === TOOL.version && engine.duckdb === ENGINE_VERSION && isSameConfig(config, programOf(spec));
}

/** Whether the checks that the config names were made, and passed: they are no part of what is built. */
function areChecksMade({ checked }: Manifest, { spec, keyVersions, publishFailing }: Comparison): boolean {
  if (!isChecked(spec)) return checked === undefined;
  if (checked === undefined || !(checked.passed || publishFailing)) return false;
  // Rows become too old while nothing else changes.
  if (checked.until !== undefined && Date.parse(checked.until) < Date.now() && !publishFailing) return false;
  return (
    isDeepStrictEqual(checked.checks, spec.checks ?? {}) &&
    isDeepStrictEqual(checked.gates, spec.gates) &&
    isDeepStrictEqual(checked.keyVersions, keyVersions)
  );
}

/** The order of columns counts, that of an object's own keys does not: both go through the schema, which orders these. */
function isSameConfig(recorded: DatasetSpec, spec: DatasetSpec): boolean {
  const plain: unknown = JSON.parse(JSON.stringify(spec));
  const { data } = datasetSpecSchema.safeParse(plain);
  // What the schema does not hold, such as a column named `__proto__`, is in no manifest to compare with.
  return data !== undefined && isDeepStrictEqual(data, plain) && JSON.stringify(data) === JSON.stringify(recorded);
}

/** Every file that was read or written; undefined when the config names others by now. */
async function expectedFiles(
  { inputs, references = [], artifacts }: Manifest,
  { spec, folder, root, datasets, output, signal }: Comparison,
): Promise<Expected[] | undefined> {
  const sources = await listFiles(spec.source, { folder, root, datasets, signal }, spec.name);
  const named = await referencedFiles(spec, { folder, root, datasets, signal });
  const readNow = [...sources, ...named];
  const readThen = [...inputs, ...references];
  if (
    !isDeepStrictEqual(
      namesOf(readNow),
      readThen.map(({ path }) => path),
    )
  )
    return undefined;
  const read = readThen.map(({ path, bytes, sha256 }, index) => ({
    path: readNow[index]?.path ?? resolve(folder, path),
    name: path,
    bytes,
    sha256,
  }));
  const written = artifacts.map(({ path, bytes, sha256 }) => ({ path: join(output, path), name: path, bytes, sha256 }));
  // A manifest that somebody edited has nothing compared elsewhere.
  return written.every(({ path }) => isInside(output, path)) ? [...read, ...written] : undefined;
}

const namesOf = (files: readonly { readonly name: string }[]): string[] => files.map(({ name }) => name);

/** Sizes first: what differs there need not be read. Then several at once, up to the first that differs. */
async function areAsExpected(files: readonly Expected[], comparison: Comparison): Promise<boolean> {
  const { cache, threads, signal, onRead } = comparison;
  const stamps = await Promise.all(files.map(({ path }) => stampOf(path)));
  if (files.some(({ bytes }, index) => stamps[index]?.bytes !== bytes)) return false;
  const unknown = files.filter(({ path }, index) => {
    const stamp = stamps[index];
    return stamp === undefined || !cache.knows(path, stamp);
  });
  const inAll = unknown.reduce((sum, { bytes }) => sum + bytes, 0);
  const left = files.entries();
  let same = true;
  const compare = async (): Promise<void> => {
    for (const [index, { path, name, sha256 }] of left) {
      const stamp = stamps[index];
      const asked = {
        inAll,
        onRead: () => {
          onRead(name);
        },
      };
      const found = stamp && (await cache.hashOf(path, stamp, signal, asked).catch(() => undefined));
      if (found !== sha256) same = false;
      if (!same) return;
    }
  };
  await Promise.all(Array.from({ length: threads }, compare));
  if (signal.aborted) throw cancelled();
  return same;
}
