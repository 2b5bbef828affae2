/** `export.json`: what an export is, in its answer and in its folder. */
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { versionId, type PreviousBuild } from '../manifest';
import { readText } from '../readText';
import type { RowsTarget } from '../rows';
import type { SourceFile } from '../sources';
import { eachOf } from '../eachOf';
import { hashFile } from '../text';
import { documentHead } from '../version';
import {
  EXPORT_FILE,
  exportSchema,
  type Export,
  type ExportedFile,
  type ExportFormat,
  type ExportRequest,
  type Finding,
  type MldataError,
} from '../../protocol';
import type { ReadData } from './exported';

export interface Exported {
  readonly name: string;
  readonly target: RowsTarget;
  readonly request: ExportRequest;
  readonly source: Export['source'];
  readonly data: ReadData;
  readonly output: string;
  readonly formats: readonly {
    readonly format: ExportFormat;
    readonly files: readonly ExportedFile[];
    readonly error: MldataError | undefined;
  }[];
  readonly files: readonly ExportedFile[];
  readonly findings: readonly Finding[];
}

export function exportDocument({
  name,
  target,
  request,
  source,
  data,
  output,
  formats,
  files,
  findings,
}: Exported): Export {
  return {
    ...documentHead('mldata/export'),
    dataset: target.of === 'files' ? request.target : name,
    source,
    ...(request.framework && { framework: request.framework }),
    output,
    rows: data.rows,
    splits: data.splits.map((split) => ({ name: split.name, rows: split.rows })),
    formats: formats.map(({ format, files: own, error }) => ({
      format,
      status: error ? 'failed' : 'written',
      bytes: own.reduce((sum, { bytes }) => sum + bytes, 0),
      files: own.length,
      ...(error && { error: { code: error.code, message: error.message } }),
    })),
    files: [...files].sort((a, b) => (a.path < b.path ? -1 : 1)),
    findings: [...findings],
  };
}

/** What is read, with the hashes of its files: those of a build are in its manifest. */
export async function sourceOf(
  target: RowsTarget,
  files: readonly SourceFile[],
  signal: AbortSignal,
): Promise<Export['source']> {
  if (target.of === 'build') {
    const { manifest } = target;
    const read = manifest.artifacts.filter(({ path }) => files.some(({ name }) => name === path));
    return {
      of: 'build',
      builtAt: manifest.createdAt,
      version: versionId(manifest),
      files: read.map(({ path, bytes, sha256 }) => ({ path, bytes, sha256 })),
    };
  }
  const hashed = await eachOf(files, async ({ path, name }) => {
    const { bytes, sha256 = '' } = await hashFile(path, ['sha256'], signal);
    return { path: name, bytes, sha256 };
  });
  return { of: 'files', files: hashed };
}

/**
 * The text of the file. The same data gives the same one anywhere: its time is that of the build, or of the newest file,
 * and places in the config, which are those of this machine, are left to `configPath`.
 */
export async function exportText(document: Export, target: RowsTarget, files: readonly SourceFile[]): Promise<string> {
  const generatedAt = target.of === 'build' ? target.manifest.createdAt : await newest(files);
  const findings = document.findings.map(withoutPlaces);
  return `${JSON.stringify({ ...document, generatedAt, output: '.', findings }, null, 2)}\n`;
}

function withoutPlaces({ locations, ...finding }: Finding): Finding {
  const kept = locations?.filter(({ file }) => !isAbsolute(file)) ?? [];
  return { ...finding, ...(kept.length > 0 && { locations: kept }) };
}

async function newest(files: readonly SourceFile[]): Promise<string> {
  const times = await eachOf(files, async ({ path }) => (await stat(path)).mtimeMs);
  return new Date(Math.max(0, ...times)).toISOString();
}

/** The export that stands in a folder, and what a next one may replace; undefined where none of ours does. */
export async function previousExport(output: string): Promise<PreviousBuild | undefined> {
  const document = await readExport(output);
  const known = exportSchema.safeParse(document);
  if (known.success) return { artifacts: known.data.files.map(({ path }) => path), unreadable: false };
  const isOurs = (document as { kind?: unknown } | null | undefined)?.kind === 'mldata/export';
  return isOurs ? { artifacts: [], unreadable: true } : undefined;
}

/** The same as it was answered when it was made. */
export async function publishedExport(output: string): Promise<Export | undefined> {
  const read = exportSchema.safeParse(await readExport(output));
  return read.success ? { ...read.data, output } : undefined;
}

async function readExport(output: string): Promise<unknown> {
  try {
    return JSON.parse(await readText(join(output, EXPORT_FILE)));
  } catch {
    return undefined;
  }
}
