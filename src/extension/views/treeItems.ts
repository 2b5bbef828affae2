/** How each node of the Datasets view looks and what a click on it does. */
import * as path from 'node:path';
import { l10n, ThemeIcon, TreeItem, TreeItemCollapsibleState, Uri } from 'vscode';
import type { Command } from 'vscode';
import { hasErrors } from '../../protocol';
import type { Drift } from '../../protocol';
import { describePath, trackingSummary } from './trackingWords';
import { CommandId } from '../commandIds';
import { datasetKey } from '../datasets/model';
import type { Config, Dataset } from '../datasets/model';
import { configLabel } from '../datasets/paths';
import { bytes, count, rows, share } from '../format';
import { findingsUri } from './findingDecorations';
import { columnIcons, fetchedIcon, missingIcon, stateIcons, statusIcons } from './icons';
import { childNodes, splitsOf } from './nodes';
import type { GroupKind, Known, Node } from './nodes';
import { remoteName, remoteWords } from './remoteWords';
import {
  artifactTooltip,
  columnTooltip,
  datasetTooltip,
  remoteTooltip,
  splitTooltip,
  trackedTooltip,
} from './tooltips';
import { describeDataset, statusSentence } from './words';

const { Collapsed, Expanded, None } = TreeItemCollapsibleState;

export function treeItem(node: Node, known: Known): TreeItem {
  switch (node.kind) {
    case 'config':
      return configItem(node.config);
    case 'dataset':
      return datasetItem(node.dataset, known);
    case 'sources':
    case 'columns':
    case 'splits':
    case 'artifacts':
    case 'reports':
    case 'tracking':
      return groupItem(node, known);
    case 'remote':
      return remoteItem(node);
    case 'column':
      return columnItem(node, known.drift);
    case 'split':
      return splitItem(node);
    case 'artifact':
      return artifactItem(node);
    case 'report':
      return reportItem(node.dataset);
    case 'tracked':
      return trackedItem(node);
  }
}

function configItem({ uri, parsed, datasets }: Config): TreeItem {
  const broken = hasErrors(parsed.findings);
  const item = new TreeItem(configLabel(uri), datasets.length > 0 ? Expanded : None);
  item.id = uri.toString();
  item.contextValue = 'config';
  item.iconPath = new ThemeIcon(broken ? 'warning' : 'file-code');
  if (broken) item.description = l10n.t('has errors');
  item.command = open(l10n.t('Open Configuration'), CommandId.openConfig, uri);
  return item;
}

function datasetItem(dataset: Dataset, { drift, tracking }: Known): TreeItem {
  const item = new TreeItem(dataset.name, Collapsed);
  if (childNodes({ kind: 'dataset', dataset }, tracking).length === 0) item.collapsibleState = None;
  item.id = datasetKey(dataset);
  item.resourceUri = findingsUri(dataset); // for its badge only
  item.iconPath = statusIcons[dataset.status];
  item.description = describeDataset(dataset, new Date(), { drift, tracking });
  item.tooltip = datasetTooltip(dataset, { drift, tracking });
  const tracked = tracking === undefined ? '' : ` ${trackingSummary(tracking)}.`;
  const label = `${dataset.name}, ${item.description}. ${statusSentence(dataset)}${tracked}`;
  item.accessibilityInformation = { label };
  // Menus look for these words.
  item.contextValue = [
    'dataset',
    dataset.status,
    dataset.manifest && 'hasManifest',
    dataset.build && 'hasReport',
    dataset.remote && 'hasRemote',
    (dataset.spec?.transforms ?? []).length > 0 ? 'hasTransforms' : undefined,
    tracking?.paths.some(({ tool }) => tool === 'dvc' || tool === 'dvc-pipeline') ? 'hasDvc' : undefined,
  ]
    .filter((word) => word !== undefined)
    .join(' ');
  item.command = openAt(dataset, ['datasets', dataset.name]);
  return item;
}

function groupItem(node: { readonly kind: GroupKind; readonly dataset: Dataset }, { tracking }: Known): TreeItem {
  const looks: Record<GroupKind, readonly [label: string, icon: string]> = {
    sources: [l10n.t('Sources'), 'cloud'],
    columns: [l10n.t('Columns'), 'table'],
    splits: [l10n.t('Splits'), 'pie-chart'],
    artifacts: [l10n.t('Artifacts'), 'package'],
    reports: [l10n.t('Reports'), 'graph'],
    tracking: [l10n.t('Tracking'), 'source-control'],
  };
  const [label, icon] = looks[node.kind];
  const item = new TreeItem(label, Collapsed);
  item.id = `${datasetKey(node.dataset)}/${node.kind}`;
  item.iconPath = new ThemeIcon(icon);
  item.description = count(childNodes(node, tracking).length);
  item.contextValue = node.kind;
  return item;
}

function remoteItem({ dataset, source }: Extract<Node, { kind: 'remote' }>): TreeItem {
  const item = new TreeItem(remoteName(source), None);
  item.iconPath = source.fetched === undefined ? missingIcon : fetchedIcon;
  item.description = remoteWords(source, new Date());
  item.tooltip = remoteTooltip(source);
  item.accessibilityInformation = { label: `${source.origin}, ${item.description}` };
  item.contextValue = 'remote';
  item.command = openAt(dataset, ['datasets', dataset.name, 'source']);
  return item;
}

function columnItem({ dataset, column }: Extract<Node, { kind: 'column' }>, drift: Drift | undefined): TreeItem {
  const item = new TreeItem(column.name, None);
  item.resourceUri = findingsUri(dataset, column.name);
  item.iconPath = columnIcons[column.type];
  item.description = column.role === undefined ? column.type : `${column.type} · ${column.role}`;
  item.tooltip = columnTooltip(column, drift);
  item.contextValue = 'column';
  item.command = openAt(dataset, ['datasets', dataset.name, 'schema', 'columns', column.name]);
  return item;
}

function splitItem({ dataset, split }: Extract<Node, { kind: 'split' }>): TreeItem {
  const total = splitsOf(dataset).reduce((sum, each) => sum + each.rows, 0);
  const item = new TreeItem(split.name, None);
  item.iconPath = new ThemeIcon('list-selection');
  item.description = total === 0 ? rows(0) : `${rows(split.rows)} · ${share(split.rows / total)}`;
  item.tooltip = splitTooltip(split, total);
  item.contextValue = 'split';
  item.command = openAt(dataset, ['datasets', dataset.name, 'split']);
  return item;
}

function artifactItem({ dataset, artifact }: Extract<Node, { kind: 'artifact' }>): TreeItem {
  const item = new TreeItem(artifact.path, None);
  item.iconPath = ThemeIcon.File;
  if (dataset.output !== undefined) {
    item.resourceUri = Uri.joinPath(dataset.output, artifact.path);
    item.command = open(l10n.t('Reveal'), CommandId.revealArtifact, item.resourceUri);
  }
  item.label = artifact.path;
  item.description = bytes(artifact.bytes);
  item.tooltip = artifactTooltip(artifact);
  item.contextValue = 'artifact';
  return item;
}

function reportItem(dataset: Dataset): TreeItem {
  const item = new TreeItem(l10n.t('Build report'), None);
  item.iconPath = new ThemeIcon('notebook');
  item.contextValue = 'report';
  item.command = open(l10n.t('Show Build Report'), CommandId.showReport, refOf(dataset));
  return item;
}

function trackedItem({ dataset, tracked }: Extract<Node, { kind: 'tracked' }>): TreeItem {
  const { path: file, by, tool, root, message } = tracked;
  const output = dataset.output === undefined ? root : dataset.output.fsPath;
  const item = new TreeItem(path.relative(output, path.join(root, file)) || file, None);
  item.iconPath = stateIcons[tracked.state];
  item.description = describePath(tracked);
  item.tooltip = trackedTooltip(tracked);
  item.accessibilityInformation = { label: [`${file}, ${item.description}`, message].filter(Boolean).join('. ') };
  item.contextValue = tool === 'dvc' || tool === 'dvc-pipeline' ? 'tracked hasDvc' : 'tracked';
  if (by !== undefined) {
    const title = l10n.t('Open {0}', path.basename(by));
    item.command = { title, command: 'vscode.open', arguments: [Uri.file(path.join(root, by))] };
  }
  return item;
}

function openAt(dataset: Dataset, entry: readonly string[]): Command {
  return open(l10n.t('Open Configuration'), CommandId.openConfig, dataset.config, entry);
}

function open(title: string, command: CommandId, ...args: unknown[]): Command {
  return { title, command, arguments: args };
}

function refOf({ config, name }: Dataset) {
  return { config, name };
}
