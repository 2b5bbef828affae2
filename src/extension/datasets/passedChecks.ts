import { plannedChecks } from '../../config';
import type { DatasetSpec, Quality } from '../../protocol';

/**
 * How many checks of a dataset passed: `all` where those that are usually made of it were made and none failed. The
 * Testing view makes some of them.
 * @param spec absent while the config has errors in the dataset: then nobody knows what all of them are
 */
export function passedChecks({ checks, passed }: Quality, spec: DatasetSpec | undefined): number | 'all' {
  const made = new Set(checks.map(({ name }) => name));
  const isWhole = spec !== undefined && plannedChecks(spec.checks, 'usual').every(({ name }) => made.has(name));
  return passed && isWhole ? 'all' : checks.filter(({ status }) => status === 'passed').length;
}
