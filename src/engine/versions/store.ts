/**
 * The bytes of versions, in `.mldata/versions/DATASET`: artifacts by their content, so that what two versions share is
 * there once; for each version its manifest and report; and which versions have a tag on some branch. It may be deleted at any time: what is not there is said.
 */
import { copyFile, lstat, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import * as z from 'zod';
import { eachOf } from '../eachOf';
import { makeFolder } from '../folders';
import { readManifestText, readReport, versionId } from '../manifest';
import { readText } from '../readText';
import { ownFolder } from '../workspace';
import {
  MANIFEST_FILE,
  sha256Schema,
  versionIdSchema,
  type Artifact,
  type DatasetBuild,
  type Manifest,
} from '../../protocol';
import { pinsSchema, type Pins } from './pins';
import { share } from './share';

const REPORT = 'build.json';
/** What a version is made of, read faster than a long manifest. */
const ARTIFACTS = 'artifacts.json';
const PINS = 'pins.json';
const NOTED = 'noted.json';
/** The hash, and an ending. */
const OBJECT = /^[0-9a-f]{64}(\.[A-Za-z0-9]+)*$/;

type Content = Pick<Artifact, 'path' | 'bytes' | 'sha256'>;

const artifactsSchema = z.looseObject({
  artifacts: z.array(z.looseObject({ path: z.string(), bytes: z.int().nonnegative(), sha256: sha256Schema })),
});

/** The list of versions as it was when a build was noted in it. */
const notedSchema = z.looseObject({ id: versionIdSchema, file: z.string(), size: z.number(), mtimeMs: z.number() });

/** A manifest that was kept, as it is read and as it was written. */
export interface StoredManifest {
  readonly manifest: Manifest;
  readonly text: string;
}

/** A version of which something is in the store. */
export interface StoredVersion {
  readonly id: string;
  readonly artifacts: readonly Content[];
  /** When it last stood in the folder of the build, as `Date.now()` tells it. */
  readonly usedMs: number;
}

export interface StoredObject {
  /** Its first two letters are those of a folder, the others the name of a file in there. */
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
   * @param theirs it is somebody else's, and is copied in any case
   */
  async keep(artifact: Content, from: string, scratch: string, theirs = false): Promise<boolean> {
    const target = this.objectOf(artifact);
    const [mine, other] = await Promise.all([stat(target).catch(() => undefined), stat(from)]);
    if (mine && mine.ino === other.ino && mine.dev === other.dev) return false;
    await ownFolder(dirname(target));
    await makeFolder(scratch);
    const draft = join(scratch, basename(target));
    if (theirs) {
      await copyFile(from, draft);
      await rename(draft, target);
      return false;
    }
    // An object may be the second name of a file that somebody has written into since: sharing again mends it.
    const how = await share(from, draft, { link: true, copy: mine?.size !== artifact.bytes });
    if (how !== 'not') await rename(draft, target);
    return how === 'copied';
  }

  /** Whether an object of this size is there; its content is not looked at. */
  async has(artifact: Content): Promise<boolean> {
    const found = await lstat(this.objectOf(artifact)).catch(() => undefined);
    return found?.isFile() === true && found.size === artifact.bytes;
  }

  /** Whether all there is to a version is there; its content is not looked at. */
  async isWhole(id: string, artifacts: readonly Content[]): Promise<boolean> {
    return (await this.hasRecord(id)) && (await this.filesOf(artifacts)).size === artifacts.length;
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
    const artifacts = report.artifacts.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 }));
    await writeFile(join(draft, ARTIFACTS), `${JSON.stringify({ artifacts })}\n`);
    await rm(record, { recursive: true, force: true });
    await rename(draft, record);
  }

  /** Whether something tells of a version; whether it is true is asked when it is used. */
  async hasRecord(id: string): Promise<boolean> {
    const found = await Promise.all(
      [MANIFEST_FILE, REPORT, ARTIFACTS].map((name) => stat(join(this.records, id, name)).catch(() => undefined)),
    );
    return found.every((one) => one?.isFile());
  }

  async forget(id: string): Promise<void> {
    await rm(join(this.records, id), { recursive: true, force: true });
  }

  /** Undefined where the manifest of a version is not there, or no longer that of the version. */
  async recordOf(id: string): Promise<StoredManifest | undefined> {
    const text = await readText(join(this.records, id, MANIFEST_FILE)).catch(() => undefined);
    const manifest = text === undefined ? undefined : readManifestText(text);
    if (text === undefined || manifest === undefined) return undefined;
    return versionId(manifest) === id ? { manifest, text } : undefined;
  }

  reportOf(id: string): Promise<DatasetBuild | undefined> {
    return readReport(join(this.records, id, REPORT));
  }

  /** Last used first, and the ids of those of which nothing can be told, such as what a newer mldata wrote. */
  async versions(): Promise<{ readonly stored: StoredVersion[]; readonly unreadable: string[] }> {
    const ids = await this.ids();
    const found = await eachOf(ids, async (id) => {
      const artifacts = await this.artifactsOf(id);
      const folder = join(this.records, id);
      const used = await stat(join(folder, MANIFEST_FILE)).catch(() => stat(folder));
      return { id, artifacts, usedMs: used.mtimeMs };
    });
    const stored = found.flatMap(({ artifacts, ...one }) => (artifacts ? [{ ...one, artifacts }] : []));
    return {
      stored: stored.sort((a, b) => b.usedMs - a.usedMs || (a.id < b.id ? -1 : 1)),
      unreadable: found.filter(({ artifacts }) => artifacts === undefined).map(({ id }) => id),
    };
  }

  /** Of all versions of which something is told. */
  async ids(): Promise<string[]> {
    const names: string[] = await readdir(this.records).catch(() => []);
    return names.filter((name) => versionIdSchema.safeParse(name).success);
  }

  private async artifactsOf(id: string): Promise<readonly Content[] | undefined> {
    try {
      return artifactsSchema.parse(JSON.parse(await readText(join(this.records, id, ARTIFACTS)))).artifacts;
    } catch {
      return (await this.recordOf(id))?.manifest.artifacts;
    }
  }

  /** Which versions have a tag on some branch; undefined where it cannot be told. */
  async pins(): Promise<Pins | undefined> {
    const path = join(this.folder, PINS);
    if ((await lstat(path).catch(() => undefined)) === undefined) return [];
    try {
      return pinsSchema.parse(JSON.parse(await readText(path))).pins;
    } catch {
      return undefined;
    }
  }

  async keepPins(pins: Pins, scratch: string): Promise<void> {
    await this.write(PINS, { pins }, scratch);
  }

  /** Whether nothing was changed in the list of versions since this build was noted in it. @param file its path */
  async isNoted(id: string, file: string): Promise<boolean> {
    try {
      const noted = notedSchema.parse(JSON.parse(await readText(join(this.folder, NOTED))));
      const { size, mtimeMs } = await stat(file);
      return noted.id === id && noted.file === file && noted.size === size && noted.mtimeMs === mtimeMs;
    } catch {
      return false;
    }
  }

  async keepNoted(id: string, file: string, scratch: string): Promise<void> {
    const { size, mtimeMs } = await stat(file);
    await this.write(NOTED, { id, file, size, mtimeMs }, scratch);
  }

  private async write(name: string, content: object, scratch: string): Promise<void> {
    await makeFolder(scratch);
    const draft = join(scratch, name);
    await writeFile(draft, `${JSON.stringify(content)}\n`);
    await rename(draft, join(this.folder, name));
  }

  /** Of the records of versions, else of the pins, to name them. */
  paths(ids: readonly string[]): string[] {
    return ids.length > 0 ? ids.map((id) => join(this.records, id)) : [join(this.folder, PINS)];
  }

  /** Whether there is a store. Throws `output-blocked` where another folder is linked in its place. */
  async exists(): Promise<boolean> {
    if ((await lstat(this.folder).catch(() => undefined)) === undefined) return false;
    await this.open();
    return true;
  }

  /** Only what has the name of an object. */
  async allObjects(): Promise<StoredObject[]> {
    const entries = await readdir(this.objects, { withFileTypes: true }).catch(() => []);
    const folders = entries.filter((entry) => entry.isDirectory() && /^[0-9a-f]{2}$/.test(entry.name));
    const found = await Promise.all(
      folders.map(async (folder) => {
        const files = await readdir(join(this.objects, folder.name), { withFileTypes: true });
        const named = files.filter((file) => file.isFile() && OBJECT.test(folder.name + file.name));
        return Promise.all(
          named.map(async ({ name }) => {
            const { size, nlink } = await lstat(join(this.objects, folder.name, name));
            return { name: folder.name + name, bytes: size, alone: nlink === 1 };
          }),
        );
      }),
    );
    return found.flat();
  }

  async remove(name: string): Promise<void> {
    if (!OBJECT.test(name)) throw new Error(`${name} is no object`);
    await rm(join(this.objects, name.slice(0, 2), name.slice(2)), { force: true });
  }

  /** The name of an artifact's object ends as the artifact's does, so that readers know its format. */
  nameOf({ path, sha256 }: Pick<Content, 'path' | 'sha256'>): string {
    return sha256 + (/(\.[A-Za-z0-9]+)+$/.exec(basename(path))?.[0] ?? '');
  }

  private objectOf(artifact: Pick<Content, 'path' | 'sha256'>): string {
    const name = this.nameOf(artifact);
    if (!OBJECT.test(name)) throw new Error(`${artifact.path} has no hash`);
    return join(this.objects, name.slice(0, 2), name.slice(2));
  }

  private get objects(): string {
    return join(this.folder, 'objects');
  }

  private get records(): string {
    return join(this.folder, 'builds');
  }
}
