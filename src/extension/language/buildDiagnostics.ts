/** Problems that builds, validations, comparisons and exports found in the data, on the lines of the config that speak of it. */
import { languages } from 'vscode';
import type { Drifts } from '../datasets/drifts';
import type { Exports } from '../datasets/exports';
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
    private readonly exports: Exports,
  ) {
    super();
    this._register(store.onDidChange(() => this.show()));
    this._register(validations.onDidChange(() => this.show()));
    this._register(drifts.onDidChange(() => this.show()));
    this._register(exports.onDidChange(() => this.show()));
  }

  private show(): void {
    this.collection.clear();
    for (const config of this.store.configs) this.collection.set(config.uri, this.diagnosticsOf(config));
  }

  private diagnosticsOf({ uri, parsed, datasets }: Config) {
    return datasets
      .flatMap((dataset) => [
        ...findingsOf(dataset, this.validations.of(dataset), this.drifts.of(dataset)),
        ...this.exports.findingsOf(dataset),
      ])
      .map((finding) => buildDiagnostic(uri, parsed, finding));
  }
}
