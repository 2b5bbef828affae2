/** The Testing view: each check of a dataset is a test that can be run, and fails on the line of its config. */
import { l10n, Location, MarkdownString, TestMessage, TestRunProfileKind, TestRunRequest, tests } from 'vscode';
import type { CancellationToken, TestItem, TestRun } from 'vscode';
import type { CheckName, Quality, QualityFinding } from '../../protocol';
import { saveConfigs } from '../commands/saveConfigs';
import type { Config, Dataset } from '../datasets/model';
import { datasetKey } from '../datasets/model';
import type { DatasetStore } from '../datasets/store';
import type { Validations } from '../datasets/validations';
import { Disposable } from '../disposable';
import { rangeOf } from '../language/findingDiagnostics';
import { itemsWithin, listTests } from './checkTests';
import type { CheckTest } from './checkTests';

/** A check that is to be made, and the test item it is shown by; the list may be made anew meanwhile. */
interface ChosenTest {
  readonly item: TestItem;
  readonly check: CheckName;
}

/** Checks a dataset, and keeps what comes of it; throws what stops it. */
export type Validate = (
  dataset: Dataset,
  checks: readonly CheckName[] | undefined,
  signal: AbortSignal,
) => Promise<Quality>;

export class ChecksTesting extends Disposable {
  private readonly controller = this._register(tests.createTestController('mldata.checks', l10n.t('Dataset Checks')));
  private tests = new Map<TestItem, CheckTest>();
  /** Datasets whose checks a run of this view is making: it shows the results itself. */
  private readonly running = new Set<string>();

  constructor(
    private readonly store: DatasetStore,
    validations: Validations,
    private readonly validate: Validate,
  ) {
    super();
    this.controller.createRunProfile(
      l10n.t('Run Checks'),
      TestRunProfileKind.Run,
      (request, token) => this.run(request, token),
      true,
    );
    this.controller.refreshHandler = () => store.refresh();
    this._register(store.onDidChange(() => this.list()));
    this._register(validations.onDidChange((dataset) => this.showElsewhere(dataset, validations.of(dataset))));
    this.list();
  }

  private list(): void {
    this.tests = listTests(this.controller, this.store.configs);
  }

  private async run(request: TestRunRequest, token: CancellationToken): Promise<void> {
    const run = this.controller.createTestRun(request);
    const stopping = new AbortController();
    const cancelling = token.onCancellationRequested(() => stopping.abort());
    try {
      for (const [dataset, chosen] of this.chosen(request)) {
        if (token.isCancellationRequested) break;
        await this.runDataset(run, dataset, chosen, stopping.signal);
      }
    } finally {
      cancelling.dispose();
      run.end();
    }
  }

  /** The checks that are asked for, by dataset. */
  private chosen({ include, exclude = [] }: TestRunRequest): Map<Dataset, ChosenTest[]> {
    const left = new Set(itemsWithin(exclude));
    const chosen = new Map<Dataset, ChosenTest[]>();
    for (const item of itemsWithin(include ?? this.controller.items)) {
      const test = this.tests.get(item);
      if (test?.check === undefined || left.has(item)) continue;
      const { dataset, check } = test;
      const known = chosen.get(dataset) ?? [];
      if (!known.some((each) => each.item === item)) chosen.set(dataset, [...known, { item, check }]);
    }
    return chosen;
  }

  private async runDataset(
    run: TestRun,
    dataset: Dataset,
    chosen: readonly ChosenTest[],
    signal: AbortSignal,
  ): Promise<void> {
    for (const { item } of chosen) run.started(item);
    const names = chosen.map(({ check }) => check);
    const key = datasetKey(dataset);
    this.running.add(key);
    try {
      // What the editor shows is what is checked.
      await saveConfigs((config) => config.toString() === dataset.config.toString());
      this.show(run, dataset, chosen, await this.validate(dataset, names, signal));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      for (const { item } of chosen) {
        if (signal.aborted) run.skipped(item);
        else run.errored(item, new TestMessage(message));
      }
    } finally {
      this.running.delete(key);
    }
  }

  /** What a validation that was started somewhere else found. */
  private showElsewhere(dataset: Pick<Dataset, 'config' | 'name'>, quality: Quality | undefined): void {
    const key = datasetKey(dataset);
    const found = this.store.find(dataset.config, dataset.name);
    if (quality === undefined || found === undefined || this.running.has(key)) return;
    const made = new Set(quality.checks.map(({ name }) => name));
    const shown = [...this.tests].flatMap(([item, { dataset: of, check }]) =>
      check !== undefined && made.has(check) && datasetKey(of) === key ? [{ item, check }] : [],
    );
    const items = shown.map(({ item }) => item);
    const run = this.controller.createTestRun(new TestRunRequest(items), dataset.name, false);
    this.show(run, found, shown, quality);
    run.end();
  }

  private show(run: TestRun, dataset: Dataset, chosen: readonly ChosenTest[], quality: Quality): void {
    const config = this.store.configs.find(({ uri }) => uri.toString() === dataset.config.toString());
    const results = new Map(quality.checks.map((result) => [result.name, result]));
    for (const { item, check } of chosen) {
      const result = results.get(check);
      const findings = quality.findings.filter((finding) => finding.check === check);
      for (const finding of findings) run.appendOutput(`${outputOf(finding)}\r\n`, undefined, item);
      if (result === undefined || result.status === 'skipped') {
        if (result?.reason !== undefined) run.appendOutput(`${result.reason}\r\n`, undefined, item);
        run.skipped(item);
      } else if (result.status === 'error') {
        run.errored(item, new TestMessage(result.reason ?? l10n.t('The check could not be made.')), result.durationMs);
      } else if (result.status === 'failed') {
        const failures = findings.filter(({ severity }) => severity === 'error');
        run.failed(
          item,
          failures.map((finding) => messageOf(finding, config, item)),
          result.durationMs,
        );
      } else {
        run.passed(item, result.durationMs);
      }
    }
  }
}

function outputOf({ severity, message, code }: QualityFinding): string {
  return `${severity}: ${message} [${code}]`;
}

/** On the line that the finding belongs to, else on that of its check. Values of the data are shown as text. */
function messageOf(finding: QualityFinding, config: Config | undefined, item: TestItem): TestMessage {
  const { message, suggestion, expected, actual, configPath } = finding;
  const text = new MarkdownString().appendText(suggestion === undefined ? message : `${message} ${suggestion}`);
  const shown = new TestMessage(text);
  if (expected !== undefined) shown.expectedOutput = expected;
  if (actual !== undefined) shown.actualOutput = actual;
  const place = configPath === undefined ? undefined : config?.parsed.locate(configPath, 'key');
  const range = place === undefined ? item.range : rangeOf(place);
  if (item.uri !== undefined && range !== undefined) shown.location = new Location(item.uri, range);
  return shown;
}
