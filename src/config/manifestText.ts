/**
 * From the text of a `manifest.yaml`, which comes with a folder from anywhere, to what it says. Nobody edits one, so
 * that places and comments need not be kept: a parser that leaves them reads it in a fifth of the time.
 */
import { load, YAMLException } from 'js-yaml';
import { manifestSchema } from '../protocol';
import type { Manifest } from '../protocol';
import { MAX_DEPTH, MAX_LENGTH, tooLong } from './guard';

export type ManifestReading =
  | { readonly manifest: Manifest }
  /** `foreign`: sound YAML that is no manifest, or one of another version. */
  | { readonly problem: 'unreadable' | 'foreign'; readonly why: string };

/**
 * Never throws.
 * @param maxLength in UTF-16 units
 */
export function parseManifest(text: string, maxLength = MAX_LENGTH): ManifestReading {
  const why = tooLong(text, maxLength);
  if (why !== undefined) return { problem: 'unreadable', why };
  let content: unknown;
  try {
    content = load(text, { maxAliases: 0, maxDepth: MAX_DEPTH });
  } catch (error) {
    return { problem: 'unreadable', why: inWords(error) };
  }
  const { data, error } = manifestSchema.safeParse(content);
  if (data !== undefined) return { manifest: data };
  const [issue] = error.issues;
  return { problem: 'foreign', why: `${issue?.path.length ? `${issue.path.join('.')}: ` : ''}${issue?.message}` };
}

function inWords(error: unknown): string {
  if (!(error instanceof YAMLException)) return error instanceof Error ? error.message : String(error);
  if (error.reason.includes('maxDepth')) return 'it nests too deeply';
  if (error.reason.includes('maxAliases')) return 'it holds aliases';
  // The lines after the first show the text around the place.
  return error.message.split('\n')[0] ?? '';
}
