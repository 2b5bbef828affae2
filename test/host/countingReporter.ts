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
  /** Of the tests that failed. */
  readonly files: readonly string[];
}

/** Name of the environment variable that holds the path of the results file. */
export const RESULTS_FILE = 'MLDATA_TEST_RESULTS';

export default class CountingReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    const file = process.env[RESULTS_FILE];
    if (file === undefined) return;
    const failures: string[] = [];
    const files = new Set<string>();
    runner.on('fail', (test: Mocha.Test, error: Error) => {
      failures.push(`${test.fullTitle()}\n${error.stack ?? error.message}`);
      if (test.file !== undefined) files.add(test.file);
    });
    runner.once('end', () => {
      const { passes, failures: failed, pending } = this.stats;
      const result: SuiteResult = { counts: { passed: passes, failed, skipped: pending }, failures, files: [...files] };
      writeFileSync(file, JSON.stringify(result));
    });
  }
}
