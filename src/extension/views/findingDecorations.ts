/** Badges of the Datasets view: how many errors, else warnings, stand against a dataset or a column. */
import { EventEmitter, FileDecoration, l10n, ThemeColor, Uri, window } from 'vscode';
import type { FileDecorationProvider } from 'vscode';
import type { Finding } from '../../protocol';
import { Disposable } from '../disposable';
import type { Drifts } from '../datasets/drifts';
import { findingsOf } from '../datasets/findings';
import { datasetKey } from '../datasets/model';
import type { Dataset } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';

const SCHEME = 'mldata-findings';

/** Two characters are all that a badge may have. */
const MOST_SHOWN = 99;

/** Names a dataset or a column of it to the decorations; no file lies there. */
export function findingsUri(dataset: Pick<Dataset, 'config' | 'name'>, column?: string): Uri {
  return Uri.from({ scheme: SCHEME, path: `/${datasetKey(dataset)}`, query: column ?? '' });
}

export interface FindingCounts {
  readonly errors: number;
  readonly warnings: number;
}

export function countFindings(findings: readonly Finding[]): FindingCounts {
  const of = (wanted: Finding['severity']): number => findings.filter(({ severity }) => severity === wanted).length;
  return { errors: of('error'), warnings: of('warning') };
}

/** For a tooltip and a screen reader; undefined where there is nothing to say. */
export function countWords({ errors, warnings }: FindingCounts): string | undefined {
  const parts = [
    errors === 0 ? undefined : errors === 1 ? l10n.t('1 error') : l10n.t('{0} errors', errors),
    warnings === 0 ? undefined : warnings === 1 ? l10n.t('1 warning') : l10n.t('{0} warnings', warnings),
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join(', ');
}

export class FindingDecorations extends Disposable implements FileDecorationProvider {
  private readonly changed = this._register(new EventEmitter<undefined>());
  readonly onDidChangeFileDecorations = this.changed.event;
  /** By the text of {@link findingsUri}. */
  private counts = new Map<string, FindingCounts>();

  constructor(
    private readonly store: DatasetStore,
    private readonly validations: Validations,
    private readonly drifts: Drifts,
  ) {
    super();
    this._register(window.registerFileDecorationProvider(this));
    this._register(store.onDidChange(() => this.count()));
    this._register(validations.onDidChange(() => this.count()));
    this._register(drifts.onDidChange(() => this.count()));
    this.count();
  }

  private count(): void {
    this.counts = new Map(
      this.store.datasets.flatMap((dataset) =>
        countsOf(dataset, findingsOf(dataset, this.validations.of(dataset), this.drifts.of(dataset))),
      ),
    );
    this.changed.fire(undefined);
  }

  provideFileDecoration(uri: Uri): FileDecoration | undefined {
    const counts = uri.scheme === SCHEME ? this.counts.get(uri.toString()) : undefined;
    const tooltip = counts && countWords(counts);
    if (counts === undefined || tooltip === undefined) return undefined;
    const { errors, warnings } = counts;
    const most = errors > 0 ? errors : warnings;
    const badge = most > MOST_SHOWN ? '9+' : String(most);
    return new FileDecoration(
      badge,
      tooltip,
      new ThemeColor(errors > 0 ? 'list.errorForeground' : 'list.warningForeground'),
    );
  }
}

/** Of the dataset, and of each of its columns. */
function countsOf(dataset: Dataset, findings: readonly Finding[]): [string, FindingCounts][] {
  const columns = new Set(findings.flatMap(({ column }) => column ?? []));
  const ofColumns = [...columns].map((name): [string, FindingCounts] => [
    findingsUri(dataset, name).toString(),
    countFindings(findings.filter(({ column }) => column === name)),
  ]);
  return [[findingsUri(dataset).toString(), countFindings(findings)], ...ofColumns];
}
