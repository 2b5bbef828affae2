/** Settings as the engine takes them. */
import { workspace } from 'vscode';
import type { Uri } from 'vscode';
import type { RunOptions } from '../protocol';

/** Limits and permissions for work on `resource`; what is not set is the engine's to choose. */
export function runOptions(resource: Uri): RunOptions {
  const settings = workspace.getConfiguration('mldata', resource);
  const threads = settings.get<number>('engine.threads', 0);
  const memoryLimit = settings.get<string>('engine.memoryLimit', '').trim();
  const cacheSize = settings.get<string>('engine.cacheSize', '').trim();
  return {
    ...(threads > 0 && { threads }),
    ...(memoryLimit !== '' && { memoryLimit }),
    ...(cacheSize !== '' && { cacheSize }),
    ...(settings.get<boolean>('allowPrivateAddresses', false) && { allowPrivateAddresses: true }),
    allowOutsidePaths: settings.get<boolean>('allowOutsidePaths', false),
  };
}
