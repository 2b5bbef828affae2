/** Images and sounds that columns name: a package holds them itself. */
import { copyFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { eachOf } from '../../eachOf';
import { makeFolder } from '../../folders';
import { mediaFinder } from '../../media';
import { cancelled, MAX_SAMPLES, type Finding } from '../../../protocol';
import { EXPORTED, type ExportedColumn, type ExportedData, type ReadData } from '../exported';

/** Below it files lie by the paths that the data has. */
export const MEDIA_FOLDER = 'data/media';

export interface Media {
  /** Each file once, by where it lies in the package. */
  readonly files: ReadonlyMap<string, { readonly source: string; readonly bytes: number }>;
  readonly findings: readonly Finding[];
}

/** Finds the files. Those that are not there, or lie outside of what the data may reach, are left out with a finding. */
export async function findMedia(data: ReadData): Promise<Media> {
  const files = new Map<string, { source: string; bytes: number }>();
  const findings: Finding[] = [];
  const find = mediaFinder(data.mediaFolders);
  for (const column of data.columns.filter(({ type }) => type === 'image' || type === 'audio')) {
    const names = await data.database.rows(
      `SELECT DISTINCT CAST(${column.id} AS VARCHAR) AS name FROM ${EXPORTED} WHERE ${column.id} IS NOT NULL ORDER BY name`,
    );
    const missing = await eachOf(names, async ({ name }) => {
      if (data.signal.aborted) throw cancelled();
      const path = placeOf(String(name));
      const found = path === undefined ? undefined : await find(String(name));
      if (path === undefined || found?.state !== 'found') return [String(name)];
      files.set(path, { source: found.path, bytes: found.bytes });
      return [];
    });
    const left = missing.flat();
    if (left.length > 0) findings.push(leftOut(data.name, column, left));
  }
  return { files, findings };
}

/** Copies them into the package, and returns where they lie in it. */
export async function copyMedia({ folder, signal }: ExportedData, { files }: Media): Promise<string[]> {
  const paths = [...files.keys()];
  for (const parent of new Set(paths.map((path) => dirname(path)))) await makeFolder(join(folder, parent));
  await eachOf([...files], async ([path, { source }]) => {
    if (signal.aborted) throw cancelled();
    await copyFile(source, join(folder, path));
  });
  return paths;
}

/** Where a path of the data lies in the package; undefined for one that would leave it. */
function placeOf(name: string): string | undefined {
  const path = posix.normalize(name.replaceAll('\\', '/'));
  if (path.startsWith('/') || path.startsWith('..') || /^[A-Za-z]:/.test(path) || path.includes('\0')) return undefined;
  return posix.join(MEDIA_FOLDER, path);
}

function leftOut(dataset: string, { name, type }: ExportedColumn, left: readonly string[]): Finding {
  const what = type === 'image' ? 'images' : 'recordings';
  return {
    code: 'export-media',
    severity: 'warning',
    message: `${left.length} of the ${what} that \`${name}\` names are not in the package: they are missing, empty, or outside of the data's folder.`,
    ...{ dataset, column: name, count: left.length, samples: left.slice(0, MAX_SAMPLES) },
    suggestion: 'Put the files where the data says, below its folder, and export again.',
  };
}
