/** Writing a schema into a config: column by column, so that comments and what else stands there stay. */
import { isDeepStrictEqual } from 'node:util';
import { changeConfigs, type ConfigEntry } from './changeConfig';
import { declarationOf } from './evolution';
import { readConfig } from './readConfig';
import { readUserConfig } from './userLayer';
import { MldataError, type ColumnSpec, type SchemaDocument, type TableShape } from '../protocol';

export interface SchemaPlace {
  /** Absolute. */
  readonly configPath: string | undefined;
  readonly dataset: string;
}

/**
 * Columns that the schema does not have stay as they are declared, and so does what it does not say of a column: its
 * role, title and description. Throws `config-not-found`, and what reading and changing the config throws.
 */
export async function writeSchema(
  shape: TableShape,
  { configPath, dataset }: SchemaPlace,
): Promise<NonNullable<SchemaDocument['written']>> {
  if (configPath === undefined) {
    const message = `There is no config that ${dataset} could stand in. Create one with \`mldata init FILE\`, or name one with --config.`;
    throw new MldataError('config', 'config-not-found', message);
  }
  const { datasets } = await readConfig({ configPath, names: [dataset] }, await readUserConfig());
  const declared = datasets.find(({ name }) => name === dataset)?.schema;
  const { columns, primaryKey, foreignKeys } = declarationOf(shape);
  const at = ['datasets', dataset, 'schema'];
  const entries: ConfigEntry[] = [];
  for (const [name, spec] of Object.entries(columns)) {
    const before = declared && Object.hasOwn(declared.columns, name) ? declared.columns[name] : undefined;
    const merged = { ...wordsOf(before), ...spec };
    if (!isDeepStrictEqual(before, merged)) entries.push({ path: [...at, 'columns', name], value: shortest(merged) });
  }
  if (primaryKey.length > 0 && !isDeepStrictEqual(declared?.primaryKey, primaryKey))
    entries.push({ path: [...at, 'primaryKey'], value: primaryKey.length === 1 ? primaryKey[0] : primaryKey });
  if (foreignKeys && !isDeepStrictEqual(declared?.foreignKeys, foreignKeys))
    entries.push({ path: [...at, 'foreignKeys'], value: foreignKeys });
  const changed = await changeConfigs({ file: configPath, kind: 'workspace', entries });
  return { config: configPath, dataset, changed };
}

function wordsOf({ role, title, description }: ColumnSpec = {}): ColumnSpec {
  return {
    ...(title !== undefined && { title }),
    ...(description !== undefined && { description }),
    ...(role && { role }),
  };
}

/** `Age: number` instead of `Age: { type: number }`. */
function shortest(spec: ColumnSpec): ColumnSpec | string {
  const { type, ...rest } = spec;
  return type !== undefined && Object.keys(rest).length === 0 ? type : spec;
}
