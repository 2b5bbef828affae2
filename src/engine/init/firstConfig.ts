/** `mldata init`: a first config from the data, with comments that say why. */
import { readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Document, isScalar, Scalar, type YAMLMap } from 'yaml';
import { Database } from '../duckdb';
import { confinementRoot, listFiles, portablePath, type SourceContext, type SourceFile } from '../sources';
import { eachOf } from '../eachOf';
import { makeFolder } from '../folders';
import { previousBuild } from '../manifest';
import { explain } from '../trouble';
import { runId } from '../runs';
import { openWorkspace } from '../workspace';
import { datasetNameFor, deriveSeed, isDataFile } from '../../config';
import { MldataError, type ColumnSpec, type InitRequest, type InitResult } from '../../protocol';
import { lookAt, type ColumnLook, type Look } from './look';
import type { Limits } from '../limits';

interface Entry {
  readonly name: string;
  /** Relative to the config's folder: what was named, or each of its files where builds lie among them. */
  readonly sources: readonly string[];
  readonly files: readonly SourceFile[];
}

/** Throws `config-exists`, `source-not-found`, and what opening the files throws. */
export async function writeFirstConfig(request: InitRequest, limits: Limits, signal: AbortSignal): Promise<InitResult> {
  const { configPath, force } = request;
  if (!force && (await exists(configPath))) {
    throw new MldataError(
      'usage',
      'config-exists',
      `${configPath} exists. Say --force to replace it, or add the dataset to it by hand.`,
    );
  }
  const entries = await entriesOf(request);
  const { state } = await openWorkspace(configPath);
  const scratch = join(state, 'tmp', runId());
  try {
    await makeFolder(scratch);
    const database = await Database.open({ ...limits, spillFolder: join(scratch, 'spill'), signal });
    try {
      const document = new Document({ version: 1, datasets: {} });
      document.commentBefore =
        ' Datasets of this workspace. Build them with `mldata build`, or from the Datasets view.';
      for (const entry of entries) {
        addDataset(document, entry, await lookAt(entry.files, database, scratch, signal));
      }
      const text = document.toString({ lineWidth: 0, flowCollectionPadding: true });
      await writeFile(configPath, text, { flag: force ? 'w' : 'wx' });
      return { configPath, text, datasets: entries.map(({ name }) => name) };
    } finally {
      database.close();
    }
  } catch (error) {
    throw explain(error, basename(configPath));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function entriesOf(request: InitRequest): Promise<Entry[]> {
  const { files, datasetsFolder, configPath } = request;
  const folder = dirname(configPath);
  const paths = new Set(files);
  if (datasetsFolder !== undefined) for (const path of await childrenOf(datasetsFolder)) paths.add(path);
  if (paths.size === 0 && datasetsFolder === undefined)
    throw new MldataError('usage', 'nothing-to-declare', 'Name at least one data file, pattern or folder.');
  const root = request.allowOutsidePaths ? undefined : confinementRoot(folder);
  const entries: Entry[] = [];
  for (const path of [...paths].sort()) {
    const source = portablePath(folder, path);
    const found = await sourcesOf(source, { folder, root }, datasetsFolder !== undefined);
    if (found)
      entries.push({
        name: datasetNameFor(
          { place: basename(path) },
          entries.map(({ name }) => name),
        ),
        ...found,
      });
  }
  if (entries.length === 0)
    throw new MldataError('usage', 'nothing-to-declare', `${datasetsFolder} holds no data files. Name another folder.`);
  return entries;
}

/** Data files and sub-folders. */
async function childrenOf(folder: string): Promise<string[]> {
  const children = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    throw new MldataError(
      'usage',
      'source-not-found',
      `The folder ${folder} cannot be read. Check that it is there and that you may read it.`,
      [],
      { cause: error },
    );
  });
  const paths = children
    .filter((child) => !child.name.startsWith('.') && (child.isDirectory() || isDataFile(child.name)))
    .map((child) => join(folder, child.name));
  const builds = await eachOf(paths, async (path) => (await previousBuild(path)) !== undefined);
  return paths.filter((_, index) => !builds[index]);
}

/** What datasets were made from, and not what was made of them. In a whole folder, children without data are passed over. */
async function sourcesOf(
  source: string,
  context: SourceContext,
  lenient: boolean,
): Promise<Pick<Entry, 'sources' | 'files'> | undefined> {
  const list = (place: SourceContext) => listFiles([{ path: source, options: {} }], place, source);
  try {
    const files = await list({ ...context, withoutBuilds: true });
    const areAll = files.length === (await list(context)).length;
    return { sources: areAll ? [source] : files.map(({ path }) => portablePath(context.folder, path)), files };
  } catch (error) {
    if (!(error instanceof MldataError)) throw error;
    if (lenient && error.code === 'source-not-found') return undefined;
    // There is no config yet that a finding could point into.
    throw new MldataError('usage', error.code, error.message);
  }
}

function addDataset(document: Document, { name, sources }: Entry, look: Look): void {
  const target = likelyTarget(look.columns);
  const columns = Object.fromEntries(
    look.columns.map((column) => [column.name, columnSpec(column, column === target)]),
  );
  const options = look.nullValues.length > 0 ? { nullValues: look.nullValues } : undefined;
  const written = sources.map((path) => (options ? { path, options } : path));
  const dataset = document.createNode({
    source: written.length === 1 ? written[0] : written,
    schema: { columns },
    split: {
      train: 0.8,
      validation: 0.1,
      test: 0.1,
      ...(target && isClass(target) && { stratify: target.name }),
      seed: deriveSeed(name),
    },
    output: { formats: ['parquet'], compression: 'zstd:3' },
  }) as YAMLMap;
  for (const column of look.columns) {
    const node = document.createNode(columns[column.name]) as YAMLMap;
    node.flow = true;
    const comment = remark(column, column === target);
    if (comment) node.comment = ` ${comment}`;
    dataset.setIn(['schema', 'columns', column.name], node);
  }
  const mergeKey = keyOf(dataset.getIn(['schema', 'columns']) as YAMLMap, '<<');
  // Unquoted, it would merge the map into the one around it.
  if (mergeKey) mergeKey.type = Scalar.QUOTE_DOUBLE;
  for (const key of ['split', 'output']) (dataset.get(key) as YAMLMap).flow = true;
  if (options) {
    const entries = sources.map((_, at) => dataset.getIn(['source', ...(sources.length > 1 ? [at] : [])]) as YAMLMap);
    for (const entry of entries) (entry.get('options') as YAMLMap).flow = true;
    const [first] = entries;
    if (first) comment(first, 'options', ' These texts mean that a value is missing; remove any that is a value.');
  }
  comment(dataset, 'split', ' The seed makes the split the same everywhere; change the shares as you like.');
  document.setIn(['datasets', name], dataset);
}

function comment(map: YAMLMap, key: string, text: string): void {
  const scalar = keyOf(map, key);
  if (scalar) scalar.commentBefore = text;
}

function keyOf(map: YAMLMap, key: string): Scalar | undefined {
  return map.items.map((item) => item.key).find((item): item is Scalar => isScalar(item) && item.value === key);
}

/** What is likely meant of a column: constraints that all its rows meet. */
export function columnSpec(column: ColumnLook, target: boolean): ColumnSpec {
  const { type, rows, nulls, distinct, values, name } = column;
  const unique =
    rows > 1 &&
    nulls === 0 &&
    distinct === rows &&
    (type === 'integer' || type === 'string') &&
    /(^|[_\s-]|[a-z])(id|key|uuid|code|nr|number)$/i.test(name);
  return {
    // Nested values keep their own types only where none is declared.
    ...(type !== 'object' && type !== 'array' && { type }),
    ...(nulls === 0 && rows > 0 && { required: true }),
    ...(unique && { unique: true }),
    ...(isEnum(column) && values && { enum: [...values] }),
    ...(target && { role: 'target' }),
  };
}

/** Few values that come again and again. */
function isEnum({ type, rows, distinct, values }: ColumnLook): boolean {
  return values !== undefined && rows >= distinct * 5 && (type === 'string' || distinct <= 5);
}

function isClass(column: ColumnLook): boolean {
  return column.values !== undefined && column.distinct > 1;
}

const targetNames = /^(target|label|labels|class|y|outcome|species|survived|churn|diagnosis|quality)$/i;

/** By name first; else the last column, when it looks like classes. */
function likelyTarget(columns: readonly ColumnLook[]): ColumnLook | undefined {
  const last = columns.at(-1);
  return (
    columns.find(({ name }) => targetNames.test(name)) ?? (last && isEnum(last) && isClass(last) ? last : undefined)
  );
}

function remark(column: ColumnLook, target: boolean): string {
  const { rows, nulls, distinct } = column;
  if (target) return 'likely the target; remove the role if it is not';
  if (rows > 0 && nulls === rows) return 'no values at all';
  if (nulls > 0) return `${nulls} of ${rows} values are missing`;
  return distinct === 1 && rows > 1 ? 'one value only' : '';
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
