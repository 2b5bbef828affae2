/** Problems that builds, validations and comparisons found in the data, on the lines of the config that speak of it. */
import { languages } from 'vscode';
import type { Drifts } from '../datasets/drifts';
import { findingsOf } from '../datasets/findings';
import type { Config } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';
import { Disposable } from '../disposable';
import { buildDiagnostic } from './findingDiagnostics';

export class BuildDiagnostics extends Disposable {
  private readonly collection = this._register(languages.createDiagnosticCollection('mldata.build'));

  constructor(
    private readonly store: DatasetStore,
    private readonly validations: Validations,
    private readonly drifts: Drifts,
  ) {
    super();
    this._register(store.onDidChange(() => this.show()));
    this._register(validations.onDidChange(() => this.show()));
    this._register(drifts.onDidChange(() => this.show()));
  }

  private show(): void {
    this.collection.clear();
    for (const config of this.store.configs) this.collection.set(config.uri, this.diagnosticsOf(config));
  }

  private diagnosticsOf({ uri, parsed, datasets }: Config) {
    return datasets
      .flatMap((dataset) => findingsOf(dataset, this.validations.of(dataset), this.drifts.of(dataset)))
      .map((finding) => buildDiagnostic(uri, parsed, finding));
  }
}
