/** Which rows are where, and whether what must not stand in two splits does. */
import { join } from 'node:path';
import { identifier, pathLiteral } from '../../duckdb';
import { eachOf } from '../../eachOf';
import { MldataError } from '../../../protocol';
import { EXPORTED, type ExportedColumn, type ExportedData, type ReadData } from '../exported';
import type { SplitsDocument } from './documents';

type Split = SplitsDocument['splits'][number];
type File = Split['files'][number];

/** @param dataUrl where the files are fetched from; absent: the package holds them */
export async function splitsOf(data: ExportedData, dataUrl: string | undefined): Promise<SplitsDocument> {
  const splits = data.splits.length > 0 ? data.splits : [{ name: 'data', rows: data.rows }];
  const written: Split[] = [];
  for (const { name, rows } of splits) {
    const digest = digestOf(data, name, rows);
    const own = data.files.filter(({ kind, split = 'data' }) => kind === 'data' && split === name);
    written.push({
      ...{ name, rows },
      ...(digest !== undefined && { digest }),
      files: await eachOf(own, async ({ path, bytes, sha256, rows: held = 0 }): Promise<File> => ({
        ...{ path, bytes, sha256, rows: held, rowGroups: await rowGroupsOf(data, path) },
        ...(dataUrl !== undefined && { url: addressOf(dataUrl, path) }),
      })),
    });
  }
  return { kind: 'mldata/pytorch-splits', version: 1, splits: written, overlaps: await overlapsOf(data) };
}

/** Of the build, where the split is what it was there: with all its rows and columns. */
function digestOf({ manifest, columns }: ReadData, split: string, rows: number): string | undefined {
  if (manifest === undefined) return undefined;
  const built = manifest.splits.find(({ name }) => name === split)?.rows ?? manifest.rows;
  const same =
    columns.length === manifest.columns.length &&
    columns.every(({ name, physicalType }, index) => {
      const before = manifest.columns[index];
      return before?.name === name && before.physicalType === physicalType;
    });
  return same && built === rows ? manifest.digests?.[split] : undefined;
}

async function rowGroupsOf({ database, folder }: ExportedData, path: string): Promise<number[]> {
  const groups = await database.rows(
    `SELECT row_group_id AS place, any_value(row_group_num_rows) AS rows FROM parquet_metadata(${pathLiteral(join(folder, path))}) ` +
      `GROUP BY place ORDER BY place`,
  );
  return groups.map(({ rows }) => Number(rows)).filter((rows) => rows > 0);
}

/** `https://host/folder` and `data/train.parquet`, without `data/`: the address is that of the folder with the data. */
function addressOf(dataUrl: string, path: string): string {
  const names = path.split('/').slice(1);
  return `${dataUrl.replace(/\/+$/, '')}/${names.map(encodeURIComponent).join('/')}`;
}

/** Throws `data-url` for what no file can be fetched below, and for secrets: everybody reads the package. */
export function checkedDataUrl(dataUrl: string): void {
  const { protocol, username, password, search, hash } = URL.canParse(dataUrl) ? new URL(dataUrl) : { protocol: '' };
  if (/^https?:$/.test(protocol) && !username && !password && !search && !hash && !/[\s\\]/.test(dataUrl)) return;
  throw new MldataError(
    'usage',
    'data-url',
    'The address of the data is no folder on the web. Give one such as https://example.org/data, without a name, a ' +
      'password or anything after `?` or `#`: it stands in the package for all to read.',
  );
}

async function overlapsOf(data: ReadData): Promise<SplitsDocument['overlaps']> {
  if (data.splits.length < 2) return [];
  const groups = [
    data.manifest?.config.split?.group,
    ...data.columns.flatMap(({ name, role }) => (role === 'group' ? [name] : [])),
  ];
  const asked = [
    { of: 'key' as const, names: data.spec?.schema.primaryKey ?? [] },
    ...[...new Set(groups)].map((name) => ({ of: 'group' as const, names: name === undefined ? [] : [name] })),
  ];
  const overlaps: SplitsDocument['overlaps'] = [];
  for (const { of, names } of asked) {
    const columns = names.flatMap((name) => data.columns.find((column) => column.name === name) ?? []);
    if (columns.length === 0 || columns.length < names.length) continue;
    overlaps.push({ of, columns: columns.map(({ name }) => name), values: await sharedBy(data, columns) });
  }
  return overlaps;
}

/** How many combinations of values, none of them missing, stand in more than one split. */
async function sharedBy({ database }: ReadData, columns: readonly ExportedColumn[]): Promise<number> {
  const ids = columns.map(({ id }) => identifier(id));
  const { values } = await database.row(
    `SELECT count(*) AS values FROM (SELECT 1 FROM ${EXPORTED} WHERE ${ids.map((id) => `${id} IS NOT NULL`).join(' AND ')} ` +
      `GROUP BY ${ids.join(', ')} HAVING min(__split) <> max(__split))`,
  );
  return Number(values);
}
