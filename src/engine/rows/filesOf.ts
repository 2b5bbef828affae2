/** Which files hold the rows of a target, and what is known of them beforehand. */
import { stat } from 'node:fs/promises';
import { formatOfName } from '../../config';
import { listFiles, writtenCsv, type SourceFile } from '../sources';
import { columnRoles, MldataError, type OutputFormat, type TableSchema } from '../../protocol';
import type { RowsTarget } from './rows';

export interface TargetFiles {
  readonly files: readonly SourceFile[];
  readonly schema: TableSchema;
  /** The split that each of the files holds; absent: there are none. */
  readonly splits?: readonly string[];
}

/** Those that tell types come first. */
const formats: readonly OutputFormat[] = ['parquet', 'arrow', 'jsonl', 'csv'];

/** Throws as `listFiles` does, and `artifacts-missing` for a build of which no format is complete. */
export async function filesOf(target: RowsTarget, signal: AbortSignal): Promise<TargetFiles> {
  switch (target.of) {
    case 'build':
      return artifactsOf(target);
    case 'source': {
      const { spec, folder, root, datasets } = target;
      const files = await listFiles(spec.source, { folder, root, datasets, signal }, spec.name);
      return { files, schema: spec.schema };
    }
    case 'files': {
      const { source, folder, name, texts = [] } = target;
      const files = await listFiles(source, { folder, root: undefined, withoutBuilds: true, signal }, name);
      const isCsv = files.every(({ path }) => ['csv', 'tsv'].includes(formatOfName(path) ?? ''));
      const columns = Object.fromEntries(texts.map((column) => [column, { type: 'string' as const }]));
      return { files, schema: { ...undeclared, columns: isCsv ? columns : {} } };
    }
  }
}

const undeclared: TableSchema = { columns: {}, primaryKey: [], extraColumns: 'ignore', onError: 'null' };

async function artifactsOf({ manifest, files, split }: RowsTarget & { readonly of: 'build' }): Promise<TargetFiles> {
  const data = manifest.artifacts.filter((file) => file.kind === 'data' && (!split || file.split === split));
  const format = formats.find((each) => {
    const written = data.filter((file) => file.format === each);
    return written.length > 0 && written.every(({ path }) => files[path] !== undefined);
  });
  if (format === undefined) throw missing(manifest.dataset, data, files);
  const artifacts = data.filter((file) => file.format === format);
  const sources: SourceFile[] = [];
  for (const { path: name } of artifacts) {
    const path = files[name] ?? '';
    const { size } = await stat(path);
    sources.push({ path, name, bytes: size, format, options: format === 'csv' ? writtenCsv : {}, quotedIsText: true });
  }
  const splits = artifacts.flatMap((file) => file.split ?? []);
  return {
    files: sources,
    schema: {
      ...undeclared,
      columns: Object.fromEntries(
        manifest.columns.map(({ name, type, ...column }) => {
          const role = columnRoles.find((known) => known === column.role);
          return [name, { type, ...(role && { role }) }];
        }),
      ),
    },
    ...(splits.length === artifacts.length && { splits }),
  };
}

function missing(
  dataset: string,
  data: readonly { readonly path: string }[],
  files: Readonly<Record<string, string>>,
): MldataError {
  const paths = data.map(({ path }) => path).filter((path) => files[path] === undefined);
  return new MldataError(
    'buildFailed',
    'artifacts-missing',
    `Files of the build of ${dataset} are not there: ${paths.slice(0, 10).join(', ')}. Build it again, or restore it with \`mldata versions restore\`.`,
  );
}
