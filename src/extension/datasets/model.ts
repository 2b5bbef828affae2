/** What is known about the workspace's datasets: their configs, manifests and the state of their builds. */
import type { Uri } from 'vscode';
import type { ParsedConfig } from '../../config';
import type { DatasetBuild, DatasetSpec, Manifest } from '../../protocol';
import type { RemoteSource } from './remoteSources';

export type DatasetStatus = 'never' | 'built' | 'stale' | 'building' | 'failing';

export interface Dataset {
  readonly config: Uri;
  readonly name: string;
  /** Absent while the config has errors in this dataset. */
  readonly spec?: DatasetSpec;
  /** Folder of the build; absent with the spec. */
  readonly output?: Uri;
  readonly manifest?: Manifest;
  /** Why the manifest that is there can't be used. */
  readonly manifestProblem?: string;
  readonly status: DatasetStatus;
  /** Those of its sources that lie elsewhere; absent where none does. */
  readonly remote?: readonly RemoteSource[];
  /** Why the build is out of date, for people; empty when it is not. */
  readonly staleBecause: readonly string[];
  /** Inputs that may have changed since the build and were not compared with it. */
  readonly unchecked: readonly string[];
  /** The latest build: of this session, else the one beside the manifest. */
  readonly build?: DatasetBuild;
}

export interface Config {
  readonly uri: Uri;
  readonly parsed: ParsedConfig;
  readonly datasets: readonly Dataset[];
}

/** Names a dataset in maps and in the panel's state. */
export function datasetKey(dataset: { readonly config: Uri; readonly name: string }): string {
  return `${dataset.config.toString()}#${dataset.name}`;
}
