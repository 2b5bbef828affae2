/** What the latest export of each dataset and of each kind was, for everything that shows or uses it. Kept while the window is open. */
import { EventEmitter } from 'vscode';
import type { Export, Finding } from '../../protocol';
import { Disposable } from '../disposable';
import { datasetKey } from './model';
import type { DatasetName } from './validations';

export class Exports extends Disposable {
  private readonly changed = this._register(new EventEmitter<DatasetName>());
  readonly onDidChange = this.changed.event;
  /** By what they were made for. */
  private readonly latest = new Map<string, Map<Export['framework'], Export>>();

  /** The latest first. */
  of(dataset: DatasetName): readonly Export[] {
    return [...(this.latest.get(datasetKey(dataset))?.values() ?? [])].reverse();
  }

  /** What exports could not keep as it is, and what they missed in the config; each is said once. */
  findingsOf(dataset: DatasetName): readonly Finding[] {
    const all = this.of(dataset).flatMap(({ findings }) => findings);
    return [...new Map(all.map((finding) => [JSON.stringify(finding), finding])).values()];
  }

  keep(dataset: DatasetName, made: Export): void {
    const key = datasetKey(dataset);
    const known = this.latest.get(key) ?? new Map<Export['framework'], Export>();
    known.delete(made.framework); // so that it becomes the last
    this.latest.set(key, known.set(made.framework, made));
    this.changed.fire(dataset);
  }
}
