/**
 * `versions.yaml` beside a manifest. It is in git, and people may write into it: entries are only ever added, one line
 * each, so that two branches merge line by line; comments stay; and what cannot be read is never written over.
 */
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import {
  isMap,
  isSeq,
  LineCounter,
  Pair,
  parseDocument,
  type Document,
  type Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { yamlDanger } from '../../config';
import { versionId } from '../manifest';
import { readText } from '../readText';
import {
  MldataError,
  VERSIONS_FILE,
  versionsFileSchema,
  type DriftEntry,
  type Manifest,
  type VersionEntry,
  type VersionsContent,
} from '../../protocol';

/** Two comments keep the lists so far apart that what two branches add to each is merged by itself. */
const FIRST = `# The versions of this dataset, written by mldata. Keep this file in git; lines are only added at the end of a list.
kind: mldata/versions
version: 1
dataset:
versions: []

# Which version stood in this folder, and from when on. The last line of this list says
# what stands there now; \`previous\` is the one before.
history: []

# What names were given to versions. The latest line of each list says what the name means
# now; one that is rolled back means again what it meant before.
tags:
`;

/** What stands above the list that the first comparison begins. */
const DRIFT_COMMENT = ` How far each version was from what it was held against.
 \`mldata drift history --prune N\` keeps the last N.`;

/** Some 50,000 versions. */
const MAX_LENGTH = 16 * 2 ** 20;

export class VersionsFile {
  private edited = false;

  private constructor(
    private readonly folder: string,
    private readonly document: Document,
    private known: VersionsContent,
    /** Whether no file stands yet. */
    readonly isNew = false,
  ) {}

  /** An empty one where none stands. Throws `versions-unreadable` and `versions-conflict`. */
  static async read(folder: string, dataset: string): Promise<VersionsFile> {
    const path = join(folder, VERSIONS_FILE);
    const text = await textOf(path);
    if (text !== undefined) return new VersionsFile(folder, ...parsed(text, path));
    const document = parseDocument(FIRST);
    document.set('dataset', dataset);
    return new VersionsFile(folder, document, versionsFileSchema.parse(content(document)), true);
  }

  get content(): VersionsContent {
    return this.known;
  }

  get changed(): boolean {
    return this.edited;
  }

  /** Notes that a build stands in the folder; nothing where that is known. */
  note(manifest: Manifest, by: 'build' | 'restore', at = manifest.createdAt): void {
    const id = versionId(manifest);
    const { versions, history } = this.known;
    if (!versions.some((entry) => entry.id === id)) {
      const entry = entryOf(id, manifest);
      this.add(['versions'], entry);
      this.known = { ...this.known, versions: [...versions, entry] };
    }
    if (history.at(-1)?.version !== id) {
      const move = { version: id, at, by };
      this.add(['history'], move);
      this.known = { ...this.known, history: [...history, move] };
    }
  }

  move(tag: string, version: string, rolledBack = false): void {
    const { tags } = this.known;
    const moves = Object.hasOwn(tags, tag) ? (tags[tag] ?? []) : [];
    // It is the latest also where the clock of another machine is ahead.
    const at = moves.reduce((latest, one) => (one.at > latest ? one.at : latest), new Date().toISOString());
    const move = { version, at, ...(rolledBack && { rolledBack }) };
    this.add(['tags', tag], move);
    this.known = { ...this.known, tags: { ...tags, [tag]: [...moves, move] } };
  }

  forget(tag: string): void {
    this.document.deleteIn(['tags', tag]);
    const { [tag]: _gone, ...tags } = this.known.tags;
    if (Object.keys(tags).length === 0) this.document.set('tags', null);
    this.known = { ...this.known, tags };
    this.edited = true;
  }

  /** Notes what a comparison came to; nothing where the last one of the same versions came to the same. */
  noteDrift(entry: DriftEntry): void {
    const { drift = [] } = this.known;
    const pair = ({ version, baseline }: DriftEntry) => `${version} ${baseline}`;
    const last = drift.findLast((one) => pair(one) === pair(entry));
    if (last && isDeepStrictEqual({ ...last, at: entry.at }, entry)) return;
    if (!this.document.has('drift')) {
      const key = this.document.createNode('drift') as Scalar;
      key.spaceBefore = true;
      key.commentBefore = DRIFT_COMMENT;
      (this.document.contents as YAMLMap).add(new Pair(key, this.document.createNode([])));
    }
    this.add(['drift'], entry);
    this.known = { ...this.known, drift: [...drift, entry] };
  }

  /** Forgets all comparisons but the last so many, as the lines stand. */
  pruneDrift(keep: number): void {
    const { drift = [] } = this.known;
    const list = this.document.get('drift');
    if (drift.length <= keep || !isSeq(list)) return;
    list.items.splice(0, drift.length - keep);
    this.known = { ...this.known, drift: drift.slice(drift.length - keep) };
    this.edited = true;
  }

  /** Takes the place of the file that stands there in one step. @param staging inside the folder; nothing stands there */
  async save(staging: string): Promise<void> {
    if (!this.edited) return;
    await mkdir(staging);
    try {
      const draft = join(staging, VERSIONS_FILE);
      const handle = await open(draft, 'wx');
      try {
        await handle.writeFile(this.document.toString({ lineWidth: 0, nullStr: '' }));
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, join(this.folder, VERSIONS_FILE));
      this.edited = false;
    } finally {
      await rm(staging, { recursive: true, force: true });
    }
  }

  private add(path: readonly string[], entry: object): void {
    const node = this.document.createNode(entry) as YAMLMap;
    node.flow = true;
    const list = this.listAt(path);
    list.flow = false;
    list.add(node);
    this.edited = true;
  }

  private listAt(path: readonly string[]): YAMLSeq {
    for (let depth = 1; depth <= path.length; depth++) {
      const at = path.slice(0, depth);
      const found = this.document.getIn(at);
      const isLast = depth === path.length;
      if (isLast ? !isSeq(found) : !isMap(found)) this.document.setIn(at, this.document.createNode(isLast ? [] : {}));
      const map = this.document.getIn(at);
      if (isMap(map)) map.flow = false;
    }
    return this.document.getIn(path) as YAMLSeq;
  }
}

function entryOf(id: string, { createdAt, rows, artifacts, parent }: Manifest): VersionEntry {
  const bytes = artifacts.reduce((sum, artifact) => sum + artifact.bytes, 0);
  return { id, createdAt, rows, bytes, ...(parent !== undefined && { parent }) };
}

/** Undefined where no file stands. */
async function textOf(path: string): Promise<string | undefined> {
  try {
    return await readText(path);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(path, undefined, message);
  }
}

function parsed(text: string, path: string): [Document, VersionsContent] {
  const mark = text.split('\n').findIndex((line) => /^(<{7}|={7}|>{7}|\|{7})( |\r?$)/.test(line));
  if (mark >= 0) {
    throw new MldataError(
      'config',
      'versions-conflict',
      `${path}:${mark + 1}: A merge left both sides in this file. Keep the lines of both, remove the marks, and try again.`,
    );
  }
  const danger = yamlDanger(text, MAX_LENGTH);
  if (danger !== undefined) throw unreadable(path, undefined, danger);
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [fault] = document.errors;
  if (fault) throw unreadable(path, fault.linePos?.[0].line, fault.message.split('\n')[0] ?? 'it is no YAML');
  let read: unknown;
  try {
    read = content(document);
  } catch (error) {
    throw unreadable(path, undefined, error instanceof Error ? error.message : String(error));
  }
  const { data, error } = versionsFileSchema.safeParse(read);
  if (data !== undefined) return [document, data];
  const [issue] = error.issues;
  const node = document.getIn(issue?.path ?? [], true) as { readonly range?: readonly number[] } | undefined;
  const [offset] = node?.range ?? [];
  const line = offset === undefined ? undefined : lines.linePos(offset).line;
  const where = issue?.path.length ? `${issue.path.join('.')}: ` : '';
  throw unreadable(path, line, `${where}${issue?.message}`);
}

/** A list or map of which nothing is left may have been left out. */
function content(document: Document): unknown {
  const read: unknown = document.toJS({ maxAliasCount: 0 });
  if (typeof read !== 'object' || read === null) return read;
  const { versions, history, tags, drift, ...rest } = read as Record<string, unknown>;
  return {
    ...rest,
    versions: versions ?? [],
    history: history ?? [],
    tags: tags ?? {},
    ...(drift !== null && drift !== undefined && { drift }),
  };
}

function unreadable(path: string, line: number | undefined, why: string): MldataError {
  return new MldataError(
    'config',
    'versions-unreadable',
    `${path}${line === undefined ? '' : `:${line}`}: The versions cannot be read: ${why.replace(/[.:]$/, '')}. Correct it, or take the file from git.`,
  );
}
