/** What was fetched, as `mldata cache` tells of it: how much it is, and what of it no config of the folder names. */
import { lstat, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CONFIG_FILES, parseConfig, type UserConfig } from '../config';
import { hasErrors, type CacheReport } from '../protocol';
import { isLocked } from './locks';
import { allRecords, isRemote, sourceKey, sourcesFolder } from './sources';
import { textOf } from './userLayer';

type Kept = CacheReport['snapshots'];
type Amount = Omit<Kept, 'unnamed'>;

interface Part {
  /** In the folder of what was fetched. */
  readonly name: string;
  readonly bytes: number;
  /** Absent: what a source names, or may be about to. */
  readonly isUnnamed: boolean;
}

/** @param configPath whose sources are named, beside those of the configs that the folder has */
export async function snapshotsOf(configPath: string, folder: string, user: UserConfig | undefined): Promise<Kept> {
  const { parts, unnamedRecords, records, isKnown } = await partsOf(configPath, folder, user);
  const unnamed = parts.filter(({ isUnnamed }) => isUnnamed);
  return {
    ...amount(records, parts),
    ...(isKnown && { unnamed: amount(unnamedRecords.length, unnamed) }),
  };
}

/** Removes what no config names; nothing where one of them cannot be read. Tells what was removed. */
export async function pruneSnapshots(
  configPath: string,
  folder: string,
  user: UserConfig | undefined,
): Promise<Amount> {
  const { parts, unnamedRecords, isKnown } = await partsOf(configPath, folder, user);
  if (!isKnown) return { entries: 0, bytes: 0 };
  const unnamed = parts.filter(({ isUnnamed }) => isUnnamed);
  // The records first: what they name is never half there.
  for (const name of [...unnamedRecords.map((key) => `${key}.json`), ...unnamed.map(({ name }) => name)])
    await rm(join(sourcesFolder(folder), name), { recursive: true, force: true });
  return amount(unnamedRecords.length, unnamed);
}

async function partsOf(configPath: string, folder: string, user: UserConfig | undefined) {
  const own = sourcesFolder(folder);
  const all = await allRecords(folder);
  const keys = await namedKeys([configPath, ...CONFIG_FILES.map((name) => join(folder, name))], user);
  const [named, others] = [true, false].map((is) => all.filter(({ key }) => (keys?.has(key) ?? true) === is));
  const folderOf = ({ path }: { readonly path: string }): string => path.split('/')[0] ?? '';
  const foldersOf = (records: typeof all = []) => new Set(records.flatMap(({ record }) => record.files.map(folderOf)));
  const [inUse, left] = [foldersOf(named), foldersOf(others)];
  // What no record names may be on its way, as long as a source is not there.
  const isWhole = [...(keys ?? [])].every((key) => named?.some((one) => one.key === key));
  const names = (await readdir(own).catch(() => [])).filter((name) => !name.includes('.'));
  const parts: Part[] = [];
  for (const name of names) {
    const { bytes, isHeld } = await heldIn(join(own, name));
    const isFree = !isHeld && !inUse.has(name) && (left.has(name) || isWhole);
    parts.push({ name, bytes, isUnnamed: keys !== undefined && isFree });
  }
  return {
    parts,
    records: all.length,
    unnamedRecords: (others ?? []).map(({ key }) => key),
    isKnown: keys !== undefined,
  };
}

/** The keys of all sources that are fetched; undefined where a config has errors, and might name more. */
async function namedKeys(paths: readonly string[], user: UserConfig | undefined): Promise<Set<string> | undefined> {
  const keys = new Set<string>();
  for (const path of new Set(paths)) {
    const text = await textOf(path);
    if (text === undefined) continue;
    const { findings, drafts } = parseConfig(text, path, user);
    if (hasErrors(findings)) return undefined;
    for (const { source } of drafts) for (const entry of source) if (isRemote(entry)) keys.add(sourceKey(entry));
  }
  return keys;
}

async function heldIn(folder: string): Promise<{ bytes: number; isHeld: boolean }> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  let bytes = 0;
  for (const entry of found)
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name)).catch(() => undefined))?.size ?? 0;
  // That around a fetch of rows stands beside their folder.
  const locks = found.filter((entry) => entry.isDirectory() && entry.name.endsWith('.lock'));
  const around = `${folder.replace(/-[0-9a-f]{16}$/, '')}.lock`;
  const held = await Promise.all([around, ...locks.map((entry) => join(entry.parentPath, entry.name))].map(isLocked));
  return { bytes, isHeld: held.includes(true) };
}

function amount(entries: number, parts: readonly Part[]): Amount {
  return { entries, bytes: parts.reduce((sum, { bytes }) => sum + bytes, 0) };
}
