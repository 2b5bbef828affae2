/** `.dvc` files: what they say of each output, read as strictly as DVC reads them. */
import { dirname, resolve } from 'node:path';
import type { Document } from 'yaml';
import { MldataError } from '../../../protocol';
import { readText } from '../../readText';
import { checkedYaml, type YamlFault } from './checkedYaml';
import { dvcFileSchema, type WrittenOut } from './dvcFileSchema';

/** Outputs that DVC 2 wrote have other hashes, and lie elsewhere in the cache. */
export type OutHash = 'md5' | 'md5-dos2unix';

export interface DvcOut {
  /** As it is written: relative to the working folder, with forward slashes. */
  readonly path: string;
  /** Absolute. */
  readonly file: string;
  readonly hash: OutHash;
  /** With `.dir` where it is a folder; absent: not known yet. In capitals it is one that no object has, as DVC takes it. */
  readonly md5?: string;
  readonly size?: number;
  readonly nfiles?: number;
  readonly isexec: boolean;
  /** False: kept in git, not in the cache. */
  readonly cache: boolean;
  /** False: never pushed. */
  readonly push: boolean;
  /** Where it is pushed, if not to the default remote. */
  readonly remote?: string;
  readonly desc?: string;
  readonly meta?: unknown;
}

export interface DvcFile {
  /** Absolute. */
  readonly path: string;
  /** The working folder, absolute: paths of outputs are relative to it. */
  readonly folder: string;
  readonly text: string;
  readonly document: Document;
  readonly outs: readonly DvcOut[];
  /** It says where its data comes from (`dvc import`): there is a command to bring it up to date. */
  readonly imported: boolean;
  readonly frozen: boolean;
}

/** Throws `dvc-file-broken`. */
export async function readDvcFile(path: string): Promise<DvcFile> {
  let text: string;
  try {
    text = await readText(path);
  } catch (error) {
    throw broken(path, error instanceof Error ? error.message : String(error));
  }
  return parseDvcFile(text, path);
}

/** Throws `dvc-file-broken`. @param path absolute; where it lies or is to lie */
export function parseDvcFile(text: string, path: string): DvcFile {
  const read = checkedYaml(text, dvcFileSchema);
  if ('fault' in read) throw broken(path, read.fault.why, read.fault);
  const { document } = read;
  const { wdir, outs, deps, frozen } = read.data;
  const folder = resolve(dirname(path), wdir ?? '.');
  return {
    path,
    folder,
    text,
    document,
    outs: (outs ?? []).map((out) => outOf(out, folder)),
    imported: (deps ?? []).length > 0,
    frozen: frozen ?? false,
  };
}

function outOf(out: WrittenOut, folder: string): DvcOut {
  const { path, hash, md5, size, nfiles, isexec, cache, push, remote, desc, meta } = out;
  return {
    path,
    file: resolve(folder, path),
    hash: hash === undefined ? 'md5-dos2unix' : 'md5',
    ...(typeof md5 === 'string' && md5 !== '' && { md5 }),
    ...(size !== undefined && { size }),
    ...(nfiles !== undefined && { nfiles }),
    isexec: isexec ?? false,
    cache: cache ?? true,
    push: push ?? true,
    ...(remote !== undefined && { remote }),
    ...(desc !== undefined && { desc }),
    ...(meta !== undefined && { meta }),
  };
}

function broken(path: string, why: string, at?: YamlFault): MldataError {
  const where = at === undefined ? '' : ` (line ${at.line}, column ${at.column})`;
  const message =
    `${path} is not a .dvc file that DVC can read${where}: ${why}. Mend it, or restore it with \`git checkout\`; ` +
    'until then every `dvc` command in this repository fails.';
  const locations = [{ file: path, ...(at && { line: at.line, column: at.column }) }];
  return new MldataError('config', 'dvc-file-broken', message, [
    { code: 'dvc-file-broken', severity: 'error', message, locations },
  ]);
}
