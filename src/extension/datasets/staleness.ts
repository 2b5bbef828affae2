/**
 * Is a build still what its config and inputs say? The set of files and their sizes tell most changes. A file of the
 * same size with a date after the build may have been edited, or only copied or checked out again: small ones are
 * compared by their hash in trusted workspaces; of the others it is said that they were not compared.
 */
import { isDeepStrictEqual } from 'node:util';
import { FileType, l10n, workspace } from 'vscode';
import type { FileStat, Uri } from 'vscode';
import { isAddress, isOfFiles, programOf } from '../../config';
import type { DatasetSpec, Input, Manifest } from '../../protocol';
import type { ContentHashes } from './contentHashes';
import { folderOf, resolve } from './paths';
import { sourceFiles } from './sourceFiles';

export interface Staleness {
  /** Why the manifest no longer stands for the config and its inputs, for people; empty when nothing says so. */
  readonly reasons: readonly string[];
  /** Inputs that may have changed and were not compared. */
  readonly unchecked: readonly string[];
}

/** What may be read of one dataset only to see whether it changed: a fraction of a second of reading. */
const COMPARED_BYTES = 64 * 2 ** 20;
const MAX_REASONS = 3;

/** @param knownUntil until when the inputs are known to be those of the manifest, as `Date.now()` tells */
export async function stalenessOf(
  config: Uri,
  spec: DatasetSpec,
  manifest: Manifest,
  hashes: ContentHashes,
  knownUntil: number,
): Promise<Staleness> {
  // What was fetched stays as it is until somebody has it fetched again.
  const files: readonly ReadFile[] = [...manifest.inputs, ...(manifest.references ?? [])].filter(
    ({ path }) => !isAddress(path),
  );
  const looks = await Promise.all(files.map((file) => lookAt(config, file, knownUntil)));
  const certain = [
    ...(isDeepStrictEqual(plain(programOf(spec)), plain(manifest.config))
      ? []
      : [l10n.t('The configuration changed.')]),
    ...looks.flatMap(differenceOf),
    ...(await newFiles(folderOf(config), spec, manifest)).map((name) => l10n.t('{0} is new.', name)),
  ];
  const doubtful = looks.filter(({ verdict }) => verdict === 'newer');
  if (certain.length > 0 || doubtful.length === 0) return { reasons: shortened(certain), unchecked: [] };
  const affordable = doubtful.reduce((sum, { input }) => sum + input.bytes, 0) <= COMPARED_BYTES;
  if (!affordable || !workspace.isTrusted || config.scheme !== 'file') {
    return { reasons: [], unchecked: doubtful.map(({ input }) => input.path) };
  }
  const edited: string[] = [];
  for (const look of doubtful) {
    // One after another: thousands of small files at once are more than a process may open.
    if (await isEdited(look, hashes)) edited.push(l10n.t('{0} changed.', look.input.path));
  }
  return { reasons: shortened(edited), unchecked: [] };
}

function shortened(reasons: readonly string[]): string[] {
  const left = reasons.length - MAX_REASONS;
  return left <= 0 ? [...reasons] : [...reasons.slice(0, MAX_REASONS), l10n.t('{0} more differ.', left)];
}

/** What a build read: its source, and what its steps and its split name. */
type ReadFile = Pick<Input, 'path' | 'bytes' | 'sha256'>;

interface Look {
  readonly input: ReadFile;
  readonly uri: Uri;
  readonly verdict: 'same' | 'gone' | 'resized' | 'newer';
  readonly stat?: FileStat;
}

async function lookAt(config: Uri, input: ReadFile, knownUntil: number): Promise<Look> {
  const uri = resolve(config, input.path);
  const stat = await statOf(uri);
  if (stat === undefined || stat.type === FileType.Directory) return { input, uri, verdict: 'gone' };
  const verdict = stat.size !== input.bytes ? 'resized' : stat.mtime > knownUntil ? 'newer' : 'same';
  return { input, uri, verdict, stat };
}

/** In words, when it needs no comparing. */
function differenceOf({ input, verdict }: Look): string[] {
  if (verdict === 'gone') return [l10n.t('{0} is gone.', input.path)];
  return verdict === 'resized' ? [l10n.t('{0} changed its size.', input.path)] : [];
}

async function isEdited({ input, uri, stat }: Look, hashes: ContentHashes): Promise<boolean> {
  return stat !== undefined && (await hashes.of(uri.fsPath, stat)) !== input.sha256;
}

/** Files that the source stands for by now and that the build did not read. */
async function newFiles(folder: Uri, spec: DatasetSpec, { inputs }: Manifest): Promise<string[]> {
  if (folder.scheme !== 'file') return [];
  const sources = spec.source.filter(isOfFiles).map(({ path }) => path);
  const read = new Set(inputs.map(({ path }) => path));
  return (await sourceFiles(folder.fsPath, sources, !workspace.isTrusted)).filter((name) => !read.has(name));
}

/** Undefined when there is nothing there. */
async function statOf(uri: Uri): Promise<FileStat | undefined> {
  try {
    return await workspace.fs.stat(uri);
  } catch {
    return undefined;
  }
}

/** As it would stand in a file: what is undefined is absent. */
function plain(spec: DatasetSpec): unknown {
  return JSON.parse(JSON.stringify(spec));
}
