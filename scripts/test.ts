/**
 * Runs the suites named on the command line, or everything there is to check, and closes with the plain line
 * `N passed, N failed, N skipped`. A check without tests of its own (types, lint, …) counts as one.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { type Counts, noCounts, RESULTS_FILE, type SuiteResult } from '../test/host/countingReporter';
import { exitOf } from '../test/host/processes';
import { repository, temporaryFolder } from '../test/host/workspace';
import { NOT_ANSWERED } from './exitCodes';

interface Step {
  readonly name: string;
  /** Arguments of `node`. */
  readonly command: readonly string[];
  /** A suite writes counts; a check passes or fails as a whole. */
  readonly suite: boolean;
  /** Whether it runs what `dist/` holds. */
  readonly built?: boolean;
  /** The command by which the files of tests that failed, which follow it, are tried once more by themselves. */
  readonly again?: readonly string[];
  /** Not where others record the same: most processes live twice as long for it. */
  readonly recorded?: boolean;
}
/** Steps that run one after another. */
type Lane = readonly Step[];

/** `unsteady`: what failed at the first of two tries. */
interface Twice extends SuiteResult {
  readonly unsteady?: readonly string[];
}

const bin = (name: string): string => path.join('node_modules', name);
const typescript = (script: string): string[] => ['--import', 'tsx', script];
const check = (name: string, ...command: string[]): Step => ({ name, command, suite: false });
const mocha = (name: string, built = false, ...options: string[]): Step => ({
  name,
  command: [bin('mocha/bin/mocha.js'), ...options, `test/${name}/**/*.test.ts`],
  suite: true,
  built,
});
/** Side by side, where one may have to wait for the others longer than it waits at most: see `runTwice`. */
const sideBySide = (name: string, jobs: number, ...options: string[]): Step => ({
  ...mocha(name, true, ...options, ...parallel(jobs)),
  again: [bin('mocha/bin/mocha.js'), ...options],
});
// What systems tell of files, and when, is none of ours: see `runTwice`.
const vscode = (variant: string): Step => {
  const command = [...typescript('scripts/vscodeSuite.ts'), variant];
  return { name: `vscode (${variant})`, command, suite: true, built: true, again: command };
};

const build = check('build', 'esbuild.mjs', '--tests');
const tsc = bin('typescript/bin/tsc');
/** Files of tests. Those that are begun last are short, so that what runs side by side ends together. */
const largestFirst = (folder: string): string[] =>
  readdirSync(path.join(repository, folder))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => path.join(folder, name))
    .sort((a, b) => statSync(path.join(repository, b)).size - statSync(path.join(repository, a)).size);
const parallel = (jobs: number): string[] => ['--parallel', '--jobs', String(jobs)];
const cores = Math.max(2, availableParallelism());
const coverageCheck = check('coverage', ...typescript('scripts/coverage.ts'));
/** One after another; the lanes of each run side by side, and take about as long. */
const rounds: readonly (readonly Lane[])[] = [
  [
    [
      check('types', tsc, '--noEmit', '-p', '.'),
      check('types of the panels', tsc, '--noEmit', '-p', 'webview'),
      check(
        'format',
        bin('prettier/bin/prettier.cjs'),
        '--check',
        '**/*.{ts,mjs,css}',
        'package.json',
        '.vscode/*.json',
      ),
      check('schemas are current', ...typescript('scripts/schemas.ts'), '--check'),
      // It puts bundles of its own in the place of those that `build` makes, which the suites run and coverage is told by.
      mocha('packaging'),
      build,
    ],
    [mocha('unit'), check('lint', bin('eslint/bin/eslint.js'), '.')],
  ],
  [
    ['trusted', 'restricted', 'no-folder'].map(vscode),
    // What it runs of ours, the engine's suite runs and records.
    [{ ...sideBySide('interop', cores, '--require', './test/interop/setup.ts'), recorded: false }],
  ],
  // A workbench that takes the focus at the wrong moment is none of ours: see `runTwice`.
  [
    [
      {
        ...mocha('ui', true),
        command: [bin('mocha/bin/mocha.js'), ...parallel(3), ...largestFirst('test/ui')],
        again: [bin('mocha/bin/mocha.js')],
      },
    ],
  ],
  // One more than there are cores: some of their time is processes that start, and disks that are waited for.
  [[sideBySide('engine', cores + 1, '--require', './test/engine/setup.ts')]],
  [[coverageCheck], [check('audit', ...typescript('scripts/audit.ts'))]],
];

const coverage = path.join(repository, 'coverage', 'raw');
const STEP_MS = 40 * 60_000;

/** Steps by the first word of their name, and `build` where they need it. */
function select(names: readonly string[]): ReadonlySet<Step> {
  const all = rounds.flat(2);
  if (names.length === 0) return new Set(all);
  const word = (step: Step) => step.name.split(' ')[0] ?? '';
  const known = all.map(word);
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    throw new Error(`There is no ${unknown.join(', ')}. Name some of ${[...new Set(known)].join(', ')}.`);
  }
  const chosen = all.filter((step) => names.includes(word(step)));
  return new Set(chosen.some((step) => step.built) ? [build, ...chosen] : chosen);
}

interface How {
  /** Whether it writes down what it covers. */
  readonly recorded: boolean;
  /** Whether others run beside it: it says its words at its end. */
  readonly beside: boolean;
}

async function run(step: Step, { recorded, beside }: How): Promise<SuiteResult> {
  if (!beside) console.log(`\n── ${step.name}`);
  const results = path.join(await temporaryFolder(), 'results.json');
  const covered = step.suite ? { [RESULTS_FILE]: results, ...(recorded ? { NODE_V8_COVERAGE: coverage } : {}) } : {};
  const child = spawn(process.execPath, step.command, {
    cwd: repository,
    env: { ...process.env, ...covered },
    stdio: beside ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
  });
  const words: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => words.push(chunk));
  const code = await withinTime(child, step);
  if (beside) console.log(`\n── ${step.name}\n${Buffer.concat(words).toString()}`);
  if (!step.suite) return withoutTests(code === 0 ? one('passed') : code === NOT_ANSWERED ? noCounts : one('failed'));
  const result = await readResult(results);
  // A suite that ended badly without a failing test of its own (it did not start, it was stopped) is a failure too.
  if (result === undefined) return withoutTests(one('failed'));
  return code === 0 || result.counts.failed > 0 ? result : { ...result, counts: add(result.counts, one('failed')) };
}

/** Files that failed beside others are tried once more by themselves, from their start; what failed first is told. */
async function runTwice(step: Step, how: How): Promise<Twice> {
  const first = await run(step, how);
  const failed = Object.entries(first.files).filter(([, { failed }]) => failed > 0);
  if (!step.again || failed.length === 0) return first;
  const command = [...step.again, ...failed.map(([file]) => file)];
  const second = await run({ ...step, name: `${step.name}, again`, command }, how);
  // After a hook that failed, fewer tests ran than there are: what the files came to the second time takes its place.
  const others = failed.reduce((counts, [, ofFile]) => subtract(counts, ofFile), first.counts);
  return { ...second, counts: add(others, second.counts), unsteady: first.failures };
}

async function withinTime(child: ChildProcess, { name }: Step): Promise<number | string> {
  const timer = setTimeout(() => {
    console.error(`${name} took longer than ${STEP_MS / 60_000} minutes and was stopped.`);
    child.kill('SIGTERM');
  }, STEP_MS);
  return exitOf(child).finally(() => {
    clearTimeout(timer);
  });
}

async function readResult(file: string): Promise<SuiteResult | undefined> {
  return readFile(file, 'utf8').then(
    (text) => JSON.parse(text) as SuiteResult,
    () => undefined,
  );
}

const withoutTests = (counts: Counts): SuiteResult => ({ counts, failures: [], files: {} });
const one = (field: keyof Counts): Counts => ({ ...noCounts, [field]: 1 });
const subtract = (a: Counts, b: Counts): Counts => ({
  passed: a.passed - b.passed,
  failed: a.failed - b.failed,
  skipped: a.skipped - b.skipped,
});
const add = (a: Counts, b: Counts): Counts => ({
  passed: a.passed + b.passed,
  failed: a.failed + b.failed,
  skipped: a.skipped + b.skipped,
});
const line = ({ passed, failed, skipped }: Counts): string => `${passed} passed, ${failed} failed, ${skipped} skipped`;

async function main(): Promise<void> {
  const steps = select(process.argv.slice(2));
  const recorded = steps.has(coverageCheck);
  if (recorded) await rm(coverage, { recursive: true, force: true });
  const results: (Twice & { step: Step; seconds: number })[] = [];
  const timed = async (step: Step, beside: boolean): Promise<void> => {
    const start = performance.now();
    const unbuilt = step.built && results.some((result) => result.step === build && result.counts.failed > 0);
    // What lies in `dist/` from earlier proves nothing.
    const result = unbuilt
      ? withoutTests(one('failed'))
      : await runTwice(step, { recorded: recorded && step.recorded !== false, beside });
    results.push({ step, ...result, seconds: (performance.now() - start) / 1000 });
  };
  for (const round of rounds) {
    const lanes = round.map((lane) => lane.filter((step) => steps.has(step))).filter((lane) => lane.length > 0);
    const inTurn = async (lane: Lane): Promise<void> => {
      for (const step of lane) await timed(step, lanes.length > 1);
    };
    await Promise.all(lanes.map(inTurn));
  }
  // Once more at the end: of a long log, the end is what is kept and read.
  for (const { step, failures, unsteady = [] } of results) {
    for (const failure of unsteady) console.log(`\n⚠ ${step.name}, at the first of two tries: ${failure}`);
    for (const failure of failures) console.log(`\n✖ ${step.name}: ${failure}`);
  }
  console.log();
  for (const { step, counts, seconds } of results) {
    console.log(`${counts.failed > 0 ? '✖' : '✔'} ${step.name}: ${line(counts)} (${seconds.toFixed(1)} s)`);
  }
  const total = results.map(({ counts }) => counts).reduce(add, noCounts);
  console.log(`\n${line(total)}`);
  process.exitCode = total.failed > 0 ? 1 : 0;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 64;
});
