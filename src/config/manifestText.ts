/** From the text of a `manifest.yaml`, which comes with a folder from anywhere, to what it says. */
import { parse } from 'yaml';
import { manifestSchema } from '../protocol';
import type { Manifest } from '../protocol';
import { deepNesting, MAX_LENGTH } from './guard';

export type ManifestReading =
  | { readonly manifest: Manifest }
  /** `foreign`: sound YAML that is no manifest, or one of another version. */
  | { readonly problem: 'unreadable' | 'foreign'; readonly why: string };

/** The lexer uses some of these as its own signals; what writes manifests escapes them all. */
const controlCharacter = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/;

/**
 * Never throws, and refuses what the YAML parser would not survive.
 * @param maxLength in UTF-16 units; the parser needs up to 500 bytes of memory for each
 */
export function parseManifest(text: string, maxLength = MAX_LENGTH): ManifestReading {
  const why = yamlDanger(text, maxLength);
  if (why !== undefined) return { problem: 'unreadable', why };
  let content: unknown;
  try {
    content = parse(text, { maxAliasCount: 0 });
  } catch (error) {
    return { problem: 'unreadable', why: error instanceof Error ? error.message : String(error) };
  }
  const { data, error } = manifestSchema.safeParse(content);
  if (data !== undefined) return { manifest: data };
  const [issue] = error.issues;
  return { problem: 'foreign', why: `${issue?.path.length ? `${issue.path.join('.')}: ` : ''}${issue?.message}` };
}

/** Why a text must not be given to the YAML parser, which would not survive it. */
export function yamlDanger(text: string, maxLength: number): string | undefined {
  if (text.length > maxLength) return `it has ${text.length} characters, and at most ${maxLength} are read`;
  if (controlCharacter.test(text)) return 'it holds control characters';
  return deepNesting(text) && 'it nests too deeply';
}
