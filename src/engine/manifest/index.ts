/** Reading and writing `manifest.yaml`. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { MANIFEST_FILE, manifestSchema, type Manifest } from '../../protocol';

export function manifestText(manifest: Manifest): string {
  return stringify(manifestSchema.parse(manifest), { lineWidth: 0, aliasDuplicateObjects: false });
}

/** The manifest of a build folder; undefined where there is none that can be read. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  try {
    return manifestSchema.safeParse(parse(await readFile(join(folder, MANIFEST_FILE), 'utf8'))).data;
  } catch {
    return undefined;
  }
}
