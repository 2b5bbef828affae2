/** Reading and writing `manifest.yaml`. */
import { join } from 'node:path';
import { dump } from 'js-yaml';
import { parseManifest } from '../../config';
import { readText } from '../readText';
import { MANIFEST_FILE, manifestSchema, type Manifest } from '../../protocol';

export function manifestText(manifest: Manifest): string {
  return dump(manifestSchema.parse(manifest), { lineWidth: -1, noRefs: true });
}

/** Some 80,000 inputs. */
const MAX_LENGTH = 16 * 2 ** 20;

/** The manifest of a build folder; undefined where there is none that can be read. */
export async function readManifest(folder: string): Promise<Manifest | undefined> {
  const text = await readText(join(folder, MANIFEST_FILE)).catch(() => undefined);
  return text === undefined ? undefined : readManifestText(text);
}

/** Undefined for what is no manifest. */
export function readManifestText(text: string): Manifest | undefined {
  const reading = parseManifest(text, MAX_LENGTH);
  return 'manifest' in reading ? reading.manifest : undefined;
}
