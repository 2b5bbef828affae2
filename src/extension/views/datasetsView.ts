/** The Datasets view. */
import { EventEmitter, l10n, window, workspace } from 'vscode';
import type { TreeDataProvider, TreeItem } from 'vscode';
import type { Drifts } from '../datasets/drifts';
import type { DatasetStore } from '../datasets/store';
import { Disposable } from '../disposable';
import { Ticker } from '../ticker';
import type { Trackings } from '../datasets/trackings';
import { childNodes, rootNodes } from './nodes';
import type { Node } from './nodes';
import { treeItem } from './treeItems';

export class DatasetTree extends Disposable implements TreeDataProvider<Node> {
  private readonly changed = this._register(new EventEmitter<undefined>());
  readonly onDidChangeTreeData = this.changed.event;

  constructor(
    private readonly store: DatasetStore,
    private readonly drifts: Drifts,
    private readonly trackings: Trackings,
  ) {
    super();
    this._register(store.onDidChange(() => this.redraw()));
    this._register(drifts.onDidChange(() => this.redraw()));
    this._register(trackings.onDidChange(() => this.redraw()));
  }

  /** Draws what is known anew: ages change by themselves. */
  redraw(): void {
    this.changed.fire(undefined);
  }

  getTreeItem(node: Node): TreeItem {
    if (!('dataset' in node)) return treeItem(node, {});
    return treeItem(node, { drift: this.drifts.of(node.dataset), tracking: this.trackings.of(node.dataset) });
  }

  getChildren(node?: Node): Node[] {
    if (node === undefined) return rootNodes(this.store.configs);
    return childNodes(node, 'dataset' in node ? this.trackings.of(node.dataset) : undefined);
  }
}

/** Shows the tree; in Restricted Mode it says above datasets why none is built. A message would hide welcome content. */
export class DatasetsView extends Disposable {
  constructor(tree: DatasetTree, store: DatasetStore) {
    super();
    const view = this._register(
      window.createTreeView('mldata.datasets', { treeDataProvider: tree, showCollapseAll: true }),
    );
    const sayWhy = (): void => {
      view.message =
        workspace.isTrusted || store.configs.length === 0
          ? ''
          : l10n.t('Restricted Mode: datasets are shown from their manifests. Trust the workspace to build.');
    };
    this._register(store.onDidChange(sayWhy));
    this._register(workspace.onDidGrantWorkspaceTrust(sayWhy));
    const ticker = this._register(new Ticker(() => tree.redraw()));
    this._register(view.onDidChangeVisibility(({ visible }) => ticker.run(visible)));
    if (view.visible) ticker.run(true);
  }
}
