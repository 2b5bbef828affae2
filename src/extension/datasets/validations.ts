/** What the latest validation of each dataset found, for everything that shows it. Kept while the window is open. */
import { EventEmitter } from 'vscode';
import type { Quality } from '../../protocol';
import { Disposable } from '../disposable';
import { datasetKey } from './model';
import type { Dataset } from './model';

export type DatasetName = Pick<Dataset, 'config' | 'name'>;

export class Validations extends Disposable {
  private readonly changed = this._register(new EventEmitter<DatasetName>());
  readonly onDidChange = this.changed.event;
  private readonly latest = new Map<string, Quality>();

  of(dataset: DatasetName): Quality | undefined {
    return this.latest.get(datasetKey(dataset));
  }

  keep(dataset: DatasetName, quality: Quality): void {
    this.latest.set(datasetKey(dataset), quality);
    this.changed.fire(dataset);
  }
}
