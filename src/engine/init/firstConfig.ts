/** `mldata init`: a first config from the data, with comments that say why. */
import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Document, Scalar, type Pair, type YAMLMap } from 'yaml';
import { Database } from '../duckdb';
import { isDataFile, listFiles, portablePath, type SourceFile } from '../sources';
import { explain } from '../trouble';
import { openWorkspace, runId } from '../workspace';
import { deriveSeed, datasetNamePattern } from '../../config';
import { MldataError, type InitRequest, type InitResult } from '../../protocol';
import { lookAt, type ColumnLook, type Look } from './look';
import type { Limits } from '../limits';

interface Entry {
  readonly name: string;
  /** Relative to the config's folder. */
  readonly source: string;
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
    await mkdir(scratch, { recursive: true });
    const database = await Database.open({ ...limits, spillFolder: join(scratch, 'spill'), signal });
    try {
      const document = new Document({ version: 1, datasets: {} });
      document.commentBefore =
        ' Datasets of this workspace. Build them with `mldata build`, or from the Datasets view.';
      for (const entry of entries) {
        addDataset(document, entry, await lookAt(entry.files, database, scratch, signal));
      }
      const text = document.toString({ lineWidth: 0, flowCollectionPadding: true });
      await writeFile(configPath, text);
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

async function entriesOf({ files, datasetsFolder, configPath }: InitRequest): Promise<Entry[]> {
  const folder = dirname(configPath);
  const paths = [...files];
  if (datasetsFolder !== undefined) {
    for (const child of await readdir(datasetsFolder, { withFileTypes: true })) {
      if (child.name.startsWith('.')) continue;
      if (child.isDirectory() || isDataFile(child.name)) paths.push(join(datasetsFolder, child.name));
    }
  }
  if (paths.length === 0)
    throw new MldataError('usage', 'nothing-to-declare', 'Name at least one data file, pattern or folder.');
  const entries: Entry[] = [];
  for (const path of paths.sort()) {
    const source = portablePath(folder, path);
    const found = await filesOf(source, folder, datasetsFolder !== undefined);
    if (found) entries.push({ name: uniqueName(path, entries), source, files: found });
  }
  return entries;
}

/** In a whole folder, children without data are passed over. */
async function filesOf(source: string, folder: string, lenient: boolean): Promise<SourceFile[] | undefined> {
  try {
    return await listFiles([{ path: source, options: {} }], { folder, root: undefined }, source);
  } catch (error) {
    if (lenient && error instanceof MldataError && error.code === 'source-not-found') return undefined;
    throw error;
  }
}

function uniqueName(path: string, entries: readonly Entry[]): string {
  const stem = basename(path)
    .replace(/(\.[a-z0-9]+){1,2}$/i, '')
    .replace(/[^A-Za-z0-9_.-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '');
  const name = datasetNamePattern.test(stem) ? stem : 'dataset';
  let free = name;
  for (let number = 2; entries.some((entry) => entry.name === free); number++) free = `${name}-${number}`;
  return free;
}

function addDataset(document: Document, { name, source }: Entry, look: Look): void {
  const target = likelyTarget(look.columns);
  const columns = Object.fromEntries(
    look.columns.map((column) => [column.name, columnSpec(column, column === target)]),
  );
  const nullValues = [
    ...new Set(look.findings.filter(({ code }) => code === 'null-like-values').flatMap(({ samples }) => samples ?? [])),
  ];
  const dataset = document.createNode({
    source: nullValues.length > 0 ? { path: source, options: { nullValues } } : source,
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
  for (const key of ['split', 'output']) (dataset.get(key) as YAMLMap).flow = true;
  comment(dataset, 'split', ' The seed makes the split the same everywhere; change the shares as you like.');
  document.setIn(['datasets', name], dataset);
}

function comment(map: YAMLMap, key: string, text: string): void {
  const pair = map.items.find((item): item is Pair<Scalar> => item.key instanceof Scalar && item.key.value === key);
  if (pair) pair.key.commentBefore = text;
}

function columnSpec(column: ColumnLook, target: boolean): Record<string, unknown> {
  const { type, rows, nulls, distinct, values, name } = column;
  const unique =
    rows > 1 &&
    nulls === 0 &&
    distinct === rows &&
    (type === 'integer' || type === 'string') &&
    /(^|[_\s-]|[a-z])(id|key|uuid|code|nr|number)$/i.test(name);
  return {
    type,
    ...(nulls === 0 && rows > 0 && { required: true }),
    ...(unique && { unique: true }),
    ...(isEnum(column) && { enum: values }),
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
