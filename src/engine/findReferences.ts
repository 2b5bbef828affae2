/** The datasets that foreign keys of another one name, as they are built. */
import { dirname } from 'node:path';
import { dataTarget } from './dataTarget';
import { versionId } from './manifest';
import type { References } from './references';
import type { RowsTarget } from './rows';
import { MldataError, type KeyVersions } from '../protocol';

/** Left out are those that are not built, and those that the config cannot tell: of what is built again, it may be another by now. */
export async function findReferences(names: readonly string[], configPath: string): Promise<References> {
  const found: Record<string, RowsTarget> = {};
  for (const target of names) {
    const rows = await dataTarget({ target, folder: dirname(configPath), configPath }).catch((error: unknown) => {
      if (error instanceof MldataError) return undefined;
      throw error;
    });
    if (rows?.of === 'build') found[target] = rows;
  }
  return found;
}

/** Which versions they are, null where there is none; undefined: no key names a dataset. */
export function versionsOf(names: readonly string[], references: References): KeyVersions | undefined {
  if (names.length === 0) return undefined;
  return Object.fromEntries(
    names.map((name) => {
      const target = references[name];
      return [name, target?.of === 'build' ? versionId(target.manifest) : null];
    }),
  );
}
