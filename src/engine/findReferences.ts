/** The datasets that foreign keys of another one name, as they are built. */
import { dirname } from 'node:path';
import { dataTarget } from './dataTarget';
import type { References } from './references';
import type { RowsTarget } from './rows';
import type { DatasetSpec } from '../protocol';

/** Throws what is wrong with the config. */
export async function findReferences({ schema }: Pick<DatasetSpec, 'schema'>, configPath: string): Promise<References> {
  const names = new Set((schema.foreignKeys ?? []).flatMap(({ reference }) => reference.resource ?? []));
  const found: Record<string, RowsTarget> = {};
  for (const target of names) {
    const rows = await dataTarget({ target, folder: dirname(configPath), configPath });
    if (rows.of === 'build') found[target] = rows;
  }
  return found;
}
