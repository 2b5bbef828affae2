/** The checks of datasets as the Testing view lists them: a dataset, and under it each check that `validate` makes. */
import type { Range } from 'vscode';
import type { TestController, TestItem, TestItemCollection } from 'vscode';
import { checks } from '../../config';
import type { Check } from '../../config';
import type { CheckName, DatasetSpec } from '../../protocol';
import type { Config, Dataset } from '../datasets/model';
import { datasetKey } from '../datasets/model';
import { configLabel } from '../datasets/paths';
import { rangeOf } from '../language/findingDiagnostics';

/** What a test item stands for. */
export interface CheckTest {
  readonly dataset: Dataset;
  /** Absent: all checks of the dataset. */
  readonly check?: CheckName;
}

/** The checks that are made of a dataset: those that its config names, and those that are made of every one. */
export function checksOf(spec: DatasetSpec): Check[] {
  return Object.values<Check>(checks).filter(({ name, byDefault }) => {
    const named = spec.checks?.[name];
    return named !== false && (byDefault || named !== undefined);
  });
}

/** Lists the datasets anew; the results of tests that are still there stay. */
export function listTests(controller: TestController, configs: readonly Config[]): Map<TestItem, CheckTest> {
  const tests = new Map<TestItem, CheckTest>();
  const roots = configs.flatMap((config) => {
    const items = config.datasets.flatMap((dataset) => datasetItem(controller, config, dataset, tests));
    if (configs.length === 1 || items.length === 0) return items;
    const root = controller.createTestItem(config.uri.toString(), configLabel(config.uri), config.uri);
    root.children.replace(items);
    return [root];
  });
  controller.items.replace(roots);
  return tests;
}

function datasetItem(
  controller: TestController,
  { uri, parsed }: Config,
  dataset: Dataset,
  tests: Map<TestItem, CheckTest>,
): TestItem[] {
  const { spec, name } = dataset;
  if (spec === undefined) return [];
  const place = (path: string[]): Range => rangeOf(parsed.locate(path, 'key') ?? { file: '' });
  const item = controller.createTestItem(datasetKey(dataset), name, uri);
  item.range = place(['datasets', name]);
  tests.set(item, { dataset });
  item.children.replace(
    checksOf(spec).map(({ name: check }) => {
      const child = controller.createTestItem(`${datasetKey(dataset)}/${check}`, check, uri);
      child.range = place(['datasets', name, 'checks', check]);
      tests.set(child, { dataset, check });
      return child;
    }),
  );
  return [item];
}

/** The items themselves and all under them. */
export function* itemsWithin(items: TestItemCollection | readonly TestItem[]): Generator<TestItem> {
  const list = Array.isArray(items)
    ? (items as readonly TestItem[])
    : [...(items as TestItemCollection)].map(([, item]) => item);
  for (const item of list) {
    yield item;
    yield* itemsWithin(item.children);
  }
}
