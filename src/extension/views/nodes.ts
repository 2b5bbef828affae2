/** What the Datasets view shows, as plain data: which nodes there are and what stands under each. */
import type { Artifact, Drift, ManifestColumn, SplitRecord, TrackingPath } from '../../protocol';
import { columnTypeSchema } from '../../protocol';
import type { ColumnType } from '../../protocol';
import type { Config, Dataset } from '../datasets/model';
import type { RemoteSource } from '../datasets/remoteSources';
import type { DatasetTracking } from '../datasets/trackings';

export type Node =
  | { readonly kind: 'config'; readonly uri: Config['uri']; readonly config: Config }
  | { readonly kind: 'dataset'; readonly dataset: Dataset }
  | { readonly kind: GroupKind; readonly dataset: Dataset }
  | { readonly kind: 'remote'; readonly dataset: Dataset; readonly source: RemoteSource }
  | { readonly kind: 'column'; readonly dataset: Dataset; readonly column: Column }
  | { readonly kind: 'split'; readonly dataset: Dataset; readonly split: SplitRecord }
  | { readonly kind: 'artifact'; readonly dataset: Dataset; readonly artifact: Artifact }
  | { readonly kind: 'report'; readonly dataset: Dataset }
  | { readonly kind: 'tracked'; readonly dataset: Dataset; readonly tracked: TrackedPath };
export type GroupKind = 'sources' | 'columns' | 'splits' | 'artifacts' | 'reports' | 'tracking';

/** A column as built, or as declared before the first build. */
export type Column = Omit<ManifestColumn, 'physicalType'> & { readonly physicalType?: string };

/** What is known of the dataset that a node is of, beside what the dataset itself says. */
export interface Known {
  readonly drift?: Drift | undefined;
  readonly tracking?: DatasetTracking | undefined;
}

/** A path with the git root that it is relative to; without git the folder that was asked about. */
export interface TrackedPath extends TrackingPath {
  readonly root: string;
}

/** With one config its datasets are at the top; several configs are told apart, and a broken one is never hidden. */
export function rootNodes(configs: readonly Config[]): Node[] {
  const [first] = configs;
  if (configs.length === 1 && first !== undefined && first.datasets.length > 0) return datasetNodes(first);
  return configs.map((config) => ({ kind: 'config', uri: config.uri, config }));
}

/** @param tracking of the dataset that the node is of, where something of it is tracked */
export function childNodes(node: Node, tracking?: DatasetTracking): Node[] {
  switch (node.kind) {
    case 'config':
      return datasetNodes(node.config);
    case 'dataset':
      return groupNodes(node.dataset, tracking);
    case 'sources':
      return (node.dataset.remote ?? []).map((source) => ({ kind: 'remote', dataset: node.dataset, source }));
    case 'columns':
      return columnsOf(node.dataset).map((column) => ({ kind: 'column', dataset: node.dataset, column }));
    case 'splits':
      return splitsOf(node.dataset).map((split) => ({ kind: 'split', dataset: node.dataset, split }));
    case 'artifacts':
      return artifactsOf(node.dataset, 'data').map((artifact) => ({
        kind: 'artifact',
        dataset: node.dataset,
        artifact,
      }));
    case 'reports':
      return reportNodes(node.dataset);
    case 'tracking':
      return (tracking?.paths ?? []).map((path) => ({
        kind: 'tracked',
        dataset: node.dataset,
        tracked: { ...path, root: tracking?.root ?? '' },
      }));
    case 'remote':
    case 'column':
    case 'split':
    case 'artifact':
    case 'report':
    case 'tracked':
      return [];
  }
}

function datasetNodes(config: Config): Node[] {
  return config.datasets.map((dataset) => ({ kind: 'dataset', dataset }));
}

function groupNodes(dataset: Dataset, tracking: DatasetTracking | undefined): Node[] {
  const groups: GroupKind[] = ['sources', 'columns', 'splits', 'artifacts', 'reports', 'tracking'];
  return groups.map((kind) => ({ kind, dataset }) as const).filter((group) => childNodes(group, tracking).length > 0);
}

/** The build report first, then the files that checks and splits left behind. */
function reportNodes(dataset: Dataset): Node[] {
  const files = artifactsOf(dataset, 'report').map((artifact) => ({ kind: 'artifact', dataset, artifact }) as const);
  return dataset.build === undefined ? files : [{ kind: 'report', dataset }, ...files];
}

export function columnsOf({ manifest, spec }: Dataset): Column[] {
  if (manifest !== undefined) return manifest.columns;
  const undeclared: ColumnType = columnTypeSchema.enum.any;
  return Object.entries(spec?.schema.columns ?? {}).map(([name, { type = undeclared, role, description }]) => ({
    name,
    type,
    ...(role !== undefined && { role }),
    ...(description !== undefined && { description }),
  }));
}

/** Splits of the build; none before the first one, when nobody knows their rows. */
export function splitsOf({ manifest }: Dataset): SplitRecord[] {
  return manifest?.splits ?? [];
}

function artifactsOf({ manifest }: Dataset, kind: Artifact['kind']): Artifact[] {
  return manifest?.artifacts.filter((artifact) => artifact.kind === kind) ?? [];
}
