/** Python lines that load what was written: the package of an export, or files of rows. */
import * as path from 'node:path';
import type { Artifact, Export, ExportedFile } from '../../protocol';

/** An export, or a build. */
export interface Loadable extends Pick<Export, 'framework'>, Partial<Pick<Export, 'splits'>> {
  /** Absolute. */
  readonly output: string;
  readonly files: readonly Pick<ExportedFile | Artifact, 'path' | 'kind' | 'format' | 'split'>[];
}

/** Formats as `pyarrow.dataset` calls them, the best first; it reads no list of JSON objects. */
const ARROW_NAMES: Readonly<Record<string, string>> = { parquet: 'parquet', arrow: 'ipc', jsonl: 'json', csv: 'csv' };

/**
 * Undefined where nothing in Python reads the files at once.
 * @param folder a Python expression, the folder of the export as a `Path`
 */
export function loaderSnippet(loadable: Loadable, folder: string): string | undefined {
  const { framework, files } = loadable;
  if (framework === 'huggingface') {
    return lines(
      'from pathlib import Path',
      '',
      'from datasets import load_dataset',
      '',
      `data = load_dataset(str(${folder}))`,
    );
  }
  return framework === 'pytorch' ? packageSnippet(loadable, folder) : filesSnippet(files, folder);
}

/** The folder from wherever the Python runs. */
export function absoluteFolder(folder: string): string {
  return `Path(${literal(folder)})`;
}

/**
 * The folder as seen from a file of Python, or from a notebook, which runs in its own folder.
 * @param file absolute
 */
export function folderFrom(file: string, folder: string): string {
  const relative = path.relative(path.dirname(file), folder).split(path.sep).join('/') || '.';
  // Of another drive.
  if (path.isAbsolute(relative)) return absoluteFolder(folder);
  return file.endsWith('.ipynb')
    ? `Path(${literal(relative)})`
    : `Path(__file__).resolve().parent / ${literal(relative)}`;
}

/** A package need not hold its data, and has training rows. */
function packageSnippet({ files, splits = [] }: Loadable, folder: string): string | undefined {
  const [name] = files.flatMap(({ path: file }) => /^src\/([A-Za-z_]\w*)\/__init__\.py$/.exec(file)?.[1] ?? []);
  const split = splits.length > 0 ? 'train' : 'data';
  if (name === undefined) return undefined;
  return lines(
    'import sys',
    'from pathlib import Path',
    '',
    `folder = ${folder}`,
    'sys.path.insert(0, str(folder / "src"))  # not needed once it is installed with pip',
    `from ${name} import loader  # torch and pyarrow; no pandas needed`,
    '',
    `for batch in loader(${literal(split)}, batch_size=256):`,
    '    print({part: type(values).__name__ for part, values in batch.items()})',
    '    break',
  );
}

function filesSnippet(files: Loadable['files'], folder: string): string | undefined {
  const data = files.filter(({ kind }) => kind === 'data');
  const format = Object.keys(ARROW_NAMES).find((each) => data.some((file) => file.format === each));
  if (format === undefined) return undefined;
  const read = data.filter((file) => file.format === format);
  const splits = splitsOf(read);
  const pathsOf = (name: string): string =>
    read.flatMap(({ path: file, split = 'data' }) => (split === name ? literal(file) : [])).join(', ');
  return lines(
    'from pathlib import Path',
    '',
    'import pyarrow.dataset  # no pandas needed',
    '',
    `folder = ${folder}`,
    'files = {',
    ...splits.map((name) => `    ${literal(name)}: [${pathsOf(name)}],`),
    '}',
    'data = {',
    `    name: pyarrow.dataset.dataset([folder / path for path in paths], format=${literal(ARROW_NAMES[format] ?? '')})`,
    '    for name, paths in files.items()',
    '}',
    `table = data[${literal(splits[0] ?? '')}].to_table()`,
  );
}

/** What one trains on comes first; rows without splits are `data`. */
function splitsOf(files: Loadable['files']): string[] {
  const names = files.flatMap(({ kind, split = 'data' }) => (kind === 'data' ? split : []));
  return [...new Set([...names.filter((name) => name === 'train'), ...names])];
}

/** What JSON writes for a text, Python reads as the same text. */
function literal(text: string): string {
  return JSON.stringify(text);
}

function lines(...all: readonly string[]): string {
  return `${all.join('\n')}\n`;
}
