/** The context keys that package.json's `when` clauses read. */
import { commands } from 'vscode';

export const ContextKey = {
  /** The workspace holds a `.mldata.yaml`. */
  hasConfig: 'mldata.hasConfig',
  /** A config names at least one dataset. */
  hasDatasets: 'mldata.hasDatasets',
  /** At least one dataset has a manifest. */
  hasManifest: 'mldata.hasManifest',
  /** Folders that hold a build, by path. */
  buildFolders: 'mldata.buildFolders',
  /** A report can be shown. */
  hasReport: 'mldata.hasReport',
  /** Something of a dataset is tracked with DVC. */
  hasDvc: 'mldata.hasDvc',
  /** At least one dataset has a source with an address. */
  hasRemote: 'mldata.hasRemote',
  /** The doctor has looked. */
  hasDoctor: 'mldata.hasDoctor',
  /** The first look at the workspace is over; before that no welcome content is true. */
  ready: 'mldata.ready',
} as const;
export type ContextKey = (typeof ContextKey)[keyof typeof ContextKey];

export function setContext(key: ContextKey, value: boolean | readonly string[]): void {
  void commands.executeCommand('setContext', key, value);
}
