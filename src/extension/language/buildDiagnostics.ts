/** Problems that builds found in the data, on the lines of the config that speak of it. */
import { languages } from 'vscode';
import type { Config, Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import type { Finding } from '../../protocol';
import { Disposable } from '../disposable';
import { buildDiagnostic } from './findingDiagnostics';

export class BuildDiagnostics extends Disposable {
  private readonly collection = this._register(languages.createDiagnosticCollection('mldata.build'));

  constructor(private readonly store: DatasetStore) {
    super();
    this._register(store.onDidChange(() => this.show()));
  }

  private show(): void {
    this.collection.clear();
    for (const config of this.store.configs) {
      this.collection.set(
        config.uri,
        config.datasets.flatMap((dataset) => diagnosticsOf(config, dataset)),
      );
    }
  }
}

function diagnosticsOf({ uri, parsed }: Config, dataset: Dataset) {
  return findingsOf(dataset).map((finding) => buildDiagnostic(uri, parsed, finding));
}

/** Of the latest build, which may have failed and left the manifest of an earlier one. */
function findingsOf({ build, manifest, spec }: Dataset): readonly Finding[] {
  if (spec === undefined) return []; // the config's own errors come first
  return build?.findings ?? manifest?.findings ?? [];
}
