/** What VS Code calls to run a suite inside its extension host: the tests of the variant that was asked for, or of some files. */
import { appendFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { takeCoverage } from 'node:v8';
import Mocha from 'mocha';
import CountingReporter from '../host/countingReporter';

export async function run(): Promise<void> {
  process.setSourceMapsEnabled(true); // so that stacks name the TypeScript lines
  const {
    MLDATA_TEST_VARIANT: variant = 'trusted',
    MLDATA_TEST_OUTPUT: output,
    MLDATA_TEST_FILES: files,
    NODE_V8_COVERAGE: coverage,
  } = process.env;
  const folder = path.join(__dirname, variant);
  if (output !== undefined) {
    // The console of an extension host is mixed with everybody else's, and loses its formats on the way.
    Mocha.reporters.Base.consoleLog = (...parts: unknown[]) => {
      appendFileSync(output, `${format(...parts)}\n`);
    };
  }
  const mocha = new Mocha({ ui: 'bdd', timeout: 60_000, slow: 5000, reporter: CountingReporter });
  for (const file of files?.split(path.delimiter) ?? testsIn(folder)) mocha.addFile(file);
  try {
    const failures = await new Promise<number>((resolve) => mocha.run(resolve));
    if (failures > 0) throw new Error(`${failures} failed`);
  } finally {
    if (coverage !== undefined) takeCoverage(); // the host is ended, it does not exit by itself
  }
}

function testsIn(folder: string): string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort();
  return all.filter((file) => file.endsWith('.test.js')).map((file) => path.join(folder, file));
}
