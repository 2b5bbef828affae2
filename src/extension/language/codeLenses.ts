/** Above a dataset what can be done with it and what came of it last, above a step its preview. */
import { CodeLens, EventEmitter, l10n, workspace } from 'vscode';
import type { CodeLensProvider, Command, TextDocument } from 'vscode';
import { stepsOf } from '../../config/language';
import type { Quality } from '../../protocol';
import { CommandId } from '../commandIds';
import type { Drifts } from '../datasets/drifts';
import type { Dataset } from '../datasets/model';
import { passedChecks } from '../datasets/passedChecks';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';
import { Disposable } from '../disposable';
import { countFindings, countWords } from '../views/findingDecorations';
import { describeDataset } from '../views/words';
import type { ConfigTexts } from './configTexts';
import { rangeOf } from './findingDiagnostics';

export class CodeLenses extends Disposable implements CodeLensProvider {
  private readonly changed = this._register(new EventEmitter<void>());
  readonly onDidChangeCodeLenses = this.changed.event;

  constructor(
    private readonly texts: ConfigTexts,
    private readonly store: DatasetStore,
    private readonly validations: Validations,
    private readonly drifts: Drifts,
  ) {
    super();
    this._register(store.onDidChange(() => this.changed.fire()));
    this._register(validations.onDidChange(() => this.changed.fire()));
    this._register(drifts.onDidChange(() => this.changed.fire()));
    this._register(workspace.onDidGrantWorkspaceTrust(() => this.changed.fire()));
  }

  provideCodeLenses(document: TextDocument): CodeLens[] {
    const parsed = this.texts.of(document);
    const mayRun = workspace.isTrusted && document.uri.scheme === 'file';
    return parsed.datasetNames.flatMap((name) => {
      const at = parsed.locate(['datasets', name], 'key');
      const dataset = this.store.find(document.uri, name);
      if (at === undefined || dataset === undefined) return [];
      const range = rangeOf(at);
      const lenses = this.commands(dataset, mayRun).map((command) => new CodeLens(range, command));
      const { steps, at: list } = stepsOf(parsed.document.data, name);
      // The steps of `defaults` are those of several datasets.
      if (!mayRun || list[0] !== 'datasets') return lenses;
      const previews = steps.flatMap((_, index) => {
        const place = parsed.locate([...list, index], 'value');
        const ref = { config: document.uri, name, step: index + 1 };
        const command = { title: l10n.t('Preview'), command: CommandId.previewTransforms, arguments: [ref] };
        return place === undefined ? [] : [new CodeLens(rangeOf(place), command)];
      });
      return [...lenses, ...previews];
    });
  }

  private commands(dataset: Dataset, mayRun: boolean): Command[] {
    const { config, name, build, status, spec } = dataset;
    const ref = { config, name };
    const run = (title: string, command: CommandId): Command => ({ title, command, arguments: [ref] });
    // Against what the config says, where it does.
    const against = spec?.drift?.baseline === undefined ? {} : { baseline: '' };
    const drift = { title: l10n.t('Drift'), command: CommandId.showDrift, arguments: [{ ...ref, ...against }] };
    const result = this.result(dataset);
    return [
      ...(mayRun && status !== 'building' ? [run(l10n.t('Build'), CommandId.buildDataset)] : []),
      ...(mayRun ? [run(l10n.t('Validate'), CommandId.validateDataset)] : []),
      ...(mayRun ? [run(l10n.t('Profile'), CommandId.showProfile)] : []),
      ...(mayRun && spec?.drift !== undefined ? [drift] : []),
      build === undefined ? { title: result, command: '' } : run(result, CommandId.showReport),
    ];
  }

  /** Rows and age of the build, and what the latest validation came to. */
  private result(dataset: Dataset): string {
    const built = describeDataset(dataset, new Date(), { drift: this.drifts.of(dataset) });
    const quality = this.validations.of(dataset);
    if (quality === undefined) return built;
    const checked = checkWords(quality, dataset);
    return checked === undefined ? built : `${built} · ${checked}`;
  }
}

/** Undefined where no check had anything to look at. */
function checkWords(quality: Quality, { spec }: Dataset): string | undefined {
  const found = countWords(countFindings(quality.findings));
  if (found !== undefined) return l10n.t('checks: {0}', found);
  if (!quality.passed) return l10n.t('checks not passed');
  const passed = passedChecks(quality, spec);
  if (passed === 'all') return l10n.t('checks passed');
  if (passed === 0) return undefined;
  return passed === 1 ? l10n.t('1 check passed') : l10n.t('{0} checks passed', passed);
}
