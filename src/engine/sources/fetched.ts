/**
 * What was fetched of a source that lies elsewhere: a record under `.mldata/sources`, whichever way it came, and the files
 * that it names. From then on they are read without the network.
 */
import { randomBytes } from 'node:crypto';
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import * as z from 'zod';
import { fetchedRecordPath, isExpected, type RemoteSpec } from '../../config';
import {
  fetchedSchema,
  findingSchema,
  MldataError,
  sha256Schema,
  type ConfigPath,
  type FetchedSource,
  type Finding,
} from '../../protocol';
import { eachOf } from '../eachOf';
import { confinedPath } from './confine';

const recordSchema = fetchedSchema.extend({
  kind: z.literal('mldata/source'),
  version: z.literal(1),
  /** In their order; `name` is how findings and manifests name one. */
  files: z.array(
    z.strictObject({
      ...{ path: z.string(), name: z.string(), bytes: z.int().nonnegative() },
      /** Of what stands where another dataset that names the same address may have it fetched again. */
      sha256: sha256Schema.optional(),
    }),
  ),
  /** What there is to say of what came. */
  findings: z.array(findingSchema).optional(),
  /** A hash of what the references in the address stood for, where it has any beside a password. */
  place: z.string().optional(),
});
export type FetchedRecord = z.infer<typeof recordSchema>;

/** Where everything fetched lies. @param folder of the config */
export function sourcesFolder(folder: string): string {
  return join(folder, '.mldata', 'sources');
}

/** Undefined where it was not fetched, is not whole any more, or is not what the config expects by now. */
export async function readFetched(folder: string, entry: RemoteSpec): Promise<FetchedRecord | undefined> {
  const record = await recordOf(folder, entry);
  if (record === undefined || !isExpected(record, entry.fetch)) return undefined;
  try {
    const there = await eachOf(record.files, (file) => isThere(folder, file));
    return there.every(Boolean) ? record : undefined;
  } catch {
    return undefined;
  }
}

async function isThere(folder: string, file: FetchedRecord['files'][number]): Promise<boolean> {
  const path = await pathOf(folder, file);
  if ((await stat(path)).size !== file.bytes) return false;
  if (file.sha256 === undefined) return true;
  const receipt = JSON.parse(await readFile(`${path}.json`, 'utf8')) as { readonly sha256?: unknown };
  return receipt.sha256 === file.sha256;
}

function recordOf(folder: string, entry: RemoteSpec): Promise<FetchedRecord | undefined> {
  return readRecord(recordFile(folder, entry));
}

async function readRecord(file: string): Promise<FetchedRecord | undefined> {
  try {
    return recordSchema.parse(JSON.parse(await readFile(file, 'utf8')));
  } catch {
    return undefined;
  }
}

function recordFile(folder: string, entry: RemoteSpec): string {
  return join(folder, fetchedRecordPath(entry));
}

/** A record that a repository brings along leads nowhere else. */
function pathOf(folder: string, { path }: FetchedRecord['files'][number]): Promise<string> {
  const own = sourcesFolder(folder);
  return confinedPath(own, path, own).then((confined) => resolve(own, confined));
}

/**
 * As a whole or not at all; then what the record before names, and no other does, is removed. The folder stands, and nobody
 * else writes this record meanwhile.
 */
export async function writeFetched(folder: string, entry: RemoteSpec, record: FetchedRecord): Promise<void> {
  const file = recordFile(folder, entry);
  const before = await readRecord(file);
  const draft = `${file}.${randomBytes(4).toString('hex')}.new`;
  try {
    await writeFile(draft, `${JSON.stringify(record, undefined, 1)}\n`, { flag: 'wx', flush: true });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
  if (before) await removeUnnamed(folder, before);
}

/** Of an archive all that was unpacked at once goes at once. */
async function removeUnnamed(folder: string, before: FetchedRecord): Promise<void> {
  const named = new Set((await allRecords(folder)).flatMap(({ record }) => record.files.map(partOf)));
  const own = sourcesFolder(folder);
  for (const part of new Set(before.files.map(partOf))) {
    const path = named.has(part) ? undefined : await confinedPath(own, part, own).catch(() => undefined);
    // A record that a repository brings along has nothing removed but files of one source.
    if (path === undefined || relative(own, resolve(own, path)).split(sep).length !== 2) continue;
    for (const each of [path, `${path}.json`]) await rm(resolve(own, each), { recursive: true, force: true });
  }
}

/** What stands for a file in the folder of its source: itself, or the members among which it is. */
function partOf({ path }: FetchedRecord['files'][number]): string {
  return path.split('/').slice(0, 2).join('/');
}

/** Every record there is, with the key of the source that it is of. */
export async function allRecords(folder: string): Promise<{ key: string; record: FetchedRecord }[]> {
  const own = sourcesFolder(folder);
  const names = (await readdir(own).catch(() => [])).filter((name) => name.endsWith('.json'));
  const records = await eachOf(names, async (name) => ({
    key: name.slice(0, -'.json'.length),
    record: await readRecord(join(own, name)),
  }));
  return records.flatMap(({ key, record }) => (record ? [{ key, record }] : []));
}

export interface FetchedFile {
  /** Absolute. */
  readonly path: string;
  readonly name: string;
  readonly findings?: readonly Finding[];
}

/**
 * The files of a source that was fetched, and what a manifest keeps of it. Throws `not-fetched`.
 * @param at the place in the config that names it
 */
export async function fetchedFiles(
  entry: RemoteSpec,
  folder: string,
  dataset: string,
  at: ConfigPath,
): Promise<{ files: FetchedFile[]; fetched: FetchedSource }> {
  const record = await readFetched(folder, entry);
  if (record === undefined) throw notFetched(dataset, at);
  const findings = (record.findings ?? []).map((finding) => ({ ...finding, dataset, configPath: at }));
  const files = await Promise.all(
    record.files.map(async (file) => ({
      path: await pathOf(folder, file),
      name: file.name,
      ...(findings.length > 0 && { findings }),
    })),
  );
  return { files, fetched: withoutFiles(record) };
}

export function withoutFiles(record: FetchedRecord): FetchedSource {
  const { kind: _kind, version: _version, files: _files, findings: _findings, place: _place, ...fetched } = record;
  return fetched;
}

function notFetched(dataset: string, at: ConfigPath): MldataError {
  const finding: Finding = {
    code: 'not-fetched',
    severity: 'error',
    message: 'A source with an address was not fetched yet, or is not what the config expects of it.',
    dataset,
    suggestion: `Fetch it while there is a network: \`mldata pull ${dataset}\`.`,
    configPath: at,
  };
  return new MldataError('network', finding.code, `${finding.message} ${finding.suggestion}`, [finding]);
}
