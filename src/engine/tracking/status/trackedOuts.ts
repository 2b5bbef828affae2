/** All that DVC tracks in a repository: what its `.dvc` files and its pipelines name. */
import { lstat, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { cancelled, MldataError } from '../../../protocol';
import { eachOf } from '../../eachOf';
import { readDvcFile, type DvcOut } from '../dvc';
import { ask, type GitRepository } from '../git';
import { stageOuts } from './stages';

export interface TrackedOut {
  readonly tool: 'dvc' | 'dvc-pipeline';
  /** The `.dvc` or `dvc.yaml` that names it, absolute. */
  readonly by: string;
  readonly stage?: string;
  readonly out: DvcOut;
}

/** A file of DVC that cannot be read. */
export interface BrokenFile {
  readonly tool: 'dvc' | 'dvc-pipeline';
  /** Absolute. */
  readonly by: string;
  /** What it seems to track, absolute. */
  readonly path: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

export interface TrackedByDvc {
  readonly outs: readonly TrackedOut[];
  readonly broken: readonly BrokenFile[];
}

/** Of the files of DVC below a folder; those that git ignores DVC does not read either. Throws the cancelled error. */
export async function trackedByDvc(
  root: string,
  git: GitRepository | undefined,
  signal: AbortSignal,
): Promise<TrackedByDvc> {
  const files = git === undefined ? await walk(root) : await listed(git);
  const found = await eachOf(files.toSorted(), async (file) => {
    if (signal.aborted) throw cancelled();
    return basename(file) === 'dvc.yaml' ? ofPipeline(file) : ofDvcFile(file);
  });
  return { outs: found.flatMap(({ outs }) => outs), broken: found.flatMap(({ broken }) => broken) };
}

async function listed({ root }: GitRepository): Promise<string[]> {
  const patterns = [':(top,glob)**/*.dvc', ':(top,glob)**/dvc.yaml'];
  const which = ['--cached', '--others', '--exclude-standard'];
  const { stdout } = await ask(root, ['ls-files', '-z', ...which, '--', ...patterns]);
  const paths = new Set(
    stdout
      .toString()
      .split('\0')
      .filter((path) => path !== ''),
  );
  const files = [...paths].map((path) => join(root, path));
  // Git names those that are gone, too.
  const found = await eachOf(files, (file) => lstat(file).catch(() => undefined));
  return files.filter((_, index) => found[index] !== undefined);
}

/** Where there is no git to ask. */
async function walk(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !['.dvc', '.git', '.mldata', 'node_modules'].includes(entry.name)) {
      found.push(...(await walk(path)));
    }
    if (entry.isFile() && (entry.name.endsWith('.dvc') || entry.name === 'dvc.yaml')) found.push(path);
  }
  return found;
}

async function ofDvcFile(file: string): Promise<TrackedByDvc> {
  try {
    const { outs } = await readDvcFile(file);
    return { outs: outs.map((out) => ({ tool: 'dvc', by: file, out })), broken: [] };
  } catch (error) {
    if (!(error instanceof MldataError) || error.code !== 'dvc-file-broken') throw error;
    const { line, column } = error.findings[0]?.locations?.[0] ?? {};
    const where = line === undefined ? {} : { line, ...(column !== undefined && { column }) };
    const path = file.slice(0, -'.dvc'.length);
    return { outs: [], broken: [{ tool: 'dvc', by: file, path, message: error.message, ...where }] };
  }
}

async function ofPipeline(file: string): Promise<TrackedByDvc> {
  const found = await stageOuts(file).catch((error: unknown) => {
    const why = error instanceof Error ? error.message : String(error);
    return { file, fault: { why, line: 1, column: 1 } };
  });
  if (!('fault' in found)) {
    return { outs: found.map(({ stage, out }) => ({ tool: 'dvc-pipeline', by: file, stage, out })), broken: [] };
  }
  const { why, line, column } = found.fault;
  const message = `${found.file} cannot be read (line ${line}, column ${column}): ${why}. Mend it, or restore it with \`git checkout\`; until then every \`dvc\` command in this repository fails.`;
  return {
    outs: [],
    broken: [{ tool: 'dvc-pipeline', by: found.file, path: found.file, message, line, column }],
  };
}
