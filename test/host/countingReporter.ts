/**
 * Mocha's own `spec` output, plus the counts and what failed as a file for `scripts/test.ts`, which adds them up over
 * all suites and says the failures once more at the end.
 */
import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export interface SuiteResult {
  readonly counts: Counts;
  /** Title and message of each failed test. */
  readonly failures: readonly string[];
  /** What became of the tests of each file. */
  readonly files: Readonly<Record<string, Counts>>;
}

export const noCounts: Counts = { passed: 0, failed: 0, skipped: 0 };

/** Name of the environment variable that holds the path of the results file. */
export const RESULTS_FILE = 'MLDATA_TEST_RESULTS';

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env[RESULTS_FILE];
    if (file === undefined) return;
    const failures: string[] = [];
    const files: Record<string, Counts> = {};
    const count = ({ file }: Mocha.Runnable, field: keyof Counts): void => {
      if (file === undefined) return;
      const counts = (files[file] ??= noCounts);
      files[file] = { ...counts, [field]: counts[field] + 1 };
    };
    runner.on('pass', (test) => count(test, 'passed'));
    runner.on('pending', (test) => count(test, 'skipped'));
    runner.on('fail', (test: Mocha.Test, error: Error) => {
      count(test, 'failed');
      failures.push(`${test.fullTitle()}\n${error.stack ?? error.message}`);
    });
    runner.once('end', () => {
      const { passes, failures: failed, pending } = this.stats;
      const result: SuiteResult = { counts: { passed: passes, failed, skipped: pending }, failures, files };
      writeFileSync(file, JSON.stringify(result));
    });
  }
}
