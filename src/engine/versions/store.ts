/**
 * The bytes of versions, in `.mldata/versions/DATASET`: artifacts by their content, so that what two versions share is
 * there once; and for each version its manifest and report. It may be deleted at any time: what is not there is said.
 */
import { lstat, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseManifest } from '../../config';
import { makeFolder } from '../folders';
import { versionId } from '../manifest';
import { ownFolder } from '../workspace';
import { datasetBuildSchema, MANIFEST_FILE, type Artifact, type DatasetBuild, type Manifest } from '../../protocol';
import { share } from './share';

const REPORT = 'build.json';
/** As much as a manifest in a build's folder may have. */
const MAX_LENGTH = 16 * 2 ** 20;

type Content = Pick<Artifact, 'path' | 'bytes' | 'sha256'>;

/** A version of which something is in the store. */
export interface StoredVersion {
  readonly id: string;
  readonly artifacts: readonly Content[];
  /** When it last stood in the folder of the build, as `Date.now()` tells it. */
  readonly usedMs: number;
}

export interface StoredObject {
  readonly name: string;
  readonly bytes: number;
  /** Whether the file stands in no folder of a build as well. */
  readonly alone: boolean;
}

export class VersionStore {
  constructor(private readonly folder: string) {}

  /** Makes its folders, in which nobody else's may stand. */
  async open(): Promise<void> {
    for (const path of [dirname(this.folder), this.folder, this.objects, this.records]) await ownFolder(path);
  }

  /**
   * Keeps a file whose content is known to be the artifact's. True where it was copied because the disk cannot share it.
   * @param scratch on the disk of the store
   */
  async keep(artifact: Content, from: string, scratch: string): Promise<boolean> {
    const target = this.objectOf(artifact);
    const [mine, theirs] = await Promise.all([stat(target).catch(() => undefined), stat(from)]);
    if (mine && mine.ino === theirs.ino && mine.dev === theirs.dev) return false;
    await ownFolder(dirname(target));
    await makeFolder(scratch);
    const draft = join(scratch, basename(target));
    // An object may be the second name of a file that somebody has written into since: sharing again mends it.
    const how = await share(from, draft, mine?.size !== artifact.bytes);
    if (how !== 'not') await rename(draft, target);
    return how === 'copied';
  }

  /** Whether an object of this size is there; its content is not looked at. */
  async has(artifact: Content): Promise<boolean> {
    const found = await lstat(this.objectOf(artifact)).catch(() => undefined);
    return found?.isFile() === true && found.size === artifact.bytes;
  }

  /** Where the bytes lie, by path; what is not there is left out. */
  async filesOf(artifacts: readonly Content[]): Promise<Map<string, string>> {
    const there = await Promise.all(artifacts.map((artifact) => this.has(artifact)));
    return new Map(artifacts.filter((_, index) => there[index]).map((one) => [one.path, this.objectOf(one)]));
  }

  /** Keeps what tells of a version. Its date says when it was last used. */
  async keepRecord(id: string, manifestText: string, report: DatasetBuild, scratch: string): Promise<void> {
    const record = join(this.records, id);
    await makeFolder(scratch);
    const draft = join(scratch, id);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft);
    await writeFile(join(draft, MANIFEST_FILE), manifestText);
    await writeFile(join(draft, REPORT), `${JSON.stringify(report, null, 2)}\n`);
    await rm(record, { recursive: true, force: true });
    await rename(draft, record);
  }

  /** Whether something tells of a version; whether it is true is asked when it is used. */
  async hasRecord(id: string): Promise<boolean> {
    const found = await Promise.all(
      [MANIFEST_FILE, REPORT].map((name) => stat(join(this.records, id, name)).catch(() => undefined)),
    );
    return found.every((one) => one?.isFile());
  }

  async forget(id: string): Promise<void> {
    await rm(join(this.records, id), { recursive: true, force: true });
  }

  /** The text of a version's manifest; undefined where it is not there, or no longer that of the version. */
  async manifestTextOf(id: string): Promise<string | undefined> {
    const text = await readFile(join(this.records, id, MANIFEST_FILE), 'utf8').catch(() => undefined);
    const reading = text === undefined ? undefined : parseManifest(text, MAX_LENGTH);
    return reading && 'manifest' in reading && versionId(reading.manifest) === id ? text : undefined;
  }

  async manifestOf(id: string): Promise<Manifest | undefined> {
    const text = await this.manifestTextOf(id);
    const reading = text === undefined ? undefined : parseManifest(text, MAX_LENGTH);
    return reading && 'manifest' in reading ? reading.manifest : undefined;
  }

  async reportOf(id: string): Promise<DatasetBuild | undefined> {
    try {
      return datasetBuildSchema.parse(JSON.parse(await readFile(join(this.records, id, REPORT), 'utf8')));
    } catch {
      return undefined;
    }
  }

  /** Last used first. The report names the artifacts too, and is read faster than a long manifest. */
  async versions(): Promise<StoredVersion[]> {
    const ids: string[] = await readdir(this.records).catch(() => []);
    const stored = await Promise.all(
      ids.map(async (id) => {
        const used = await stat(join(this.records, id, MANIFEST_FILE)).catch(() => undefined);
        const report = await this.reportOf(id);
        return used && report ? [{ id, artifacts: report.artifacts, usedMs: used.mtimeMs }] : [];
      }),
    );
    return stored.flat().sort((a, b) => b.usedMs - a.usedMs || (a.id < b.id ? -1 : 1));
  }

  async allObjects(): Promise<StoredObject[]> {
    const entries = await readdir(this.objects, { recursive: true, withFileTypes: true }).catch(() => []);
    return Promise.all(
      entries
        .filter((entry) => entry.isFile())
        .map(async ({ parentPath, name }) => {
          const { size, nlink } = await lstat(join(parentPath, name));
          return { name: basename(parentPath) + name, bytes: size, alone: nlink === 1 };
        }),
    );
  }

  async remove(name: string): Promise<void> {
    await rm(join(this.objects, name.slice(0, 2), name.slice(2)), { force: true });
  }

  /** The name of an artifact's object ends as the artifact's does, so that readers know its format. */
  nameOf({ path, sha256 }: Pick<Content, 'path' | 'sha256'>): string {
    return sha256 + (/(\.[A-Za-z0-9]+)+$/.exec(basename(path))?.[0] ?? '');
  }

  private objectOf(artifact: Pick<Content, 'path' | 'sha256'>): string {
    const name = this.nameOf(artifact);
    if (!/^[0-9a-f]{64}/.test(name)) throw new Error(`${artifact.path} has no hash`);
    return join(this.objects, name.slice(0, 2), name.slice(2));
  }

  private get objects(): string {
    return join(this.folder, 'objects');
  }

  private get records(): string {
    return join(this.folder, 'builds');
  }
}
