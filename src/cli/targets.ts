/** Which builds a command is about, as people name them. */
import { resolve } from 'node:path';
import type { TargetsRequest } from '../protocol';
import { findConfig } from './findConfig';

export async function targetsRequest(
  targets: readonly string[],
  { config }: { readonly config?: string },
): Promise<TargetsRequest> {
  const folder = process.cwd();
  const configPath = config === undefined ? await findConfig(folder) : resolve(config);
  return { targets, folder, ...(configPath !== undefined && { configPath }) };
}
