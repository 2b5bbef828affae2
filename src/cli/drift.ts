/** `mldata drift [BASELINE] CURRENT` */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { driftReportEndings } from '../engine';
import {
  driftLevels,
  driftMetrics,
  driftPresets,
  ExitCode,
  MldataError,
  windowUnits,
  type Drift,
  type DriftBins,
  type DriftLevel,
  type DriftMetric,
  type DriftProgress,
  type DriftPreset,
  type DriftRequest,
  type DriftSpec,
} from '../protocol';
import { runOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';
import { driftHistoryCommand } from './driftHistory';
import { renderDrift } from './renderDrift';
import { stepProgress } from './stepProgress';
import { targetsRequest } from './targets';

interface DriftOptions extends SharedOptions {
  readonly baselineSplit?: string;
  readonly split?: string;
  readonly preset?: DriftPreset;
  readonly method?: 'auto' | DriftMetric;
  readonly metrics: DriftRequest['metrics'];
  readonly bins?: DriftBins;
  readonly window?: NonNullable<DriftSpec['window']>;
  readonly failOn: DriftLevel | 'never';
  readonly report: readonly string[];
  readonly verbose?: boolean;
}

const steps: Readonly<Record<DriftProgress['step'], string>> = {
  read: 'reading',
  columns: 'comparing columns',
  windows: 'comparing windows',
};

export function driftCommand(context: CommandContext, exit: (code: number) => void): Command {
  const { engine, output, signal } = context;
  const command = new Command('drift')
    .description('say how far the rows of a dataset, build or files are from those of another')
    .usage('[options] [baseline] <current>')
    .argument('<sides...>', 'baseline and current: datasets, versions such as NAME@previous, build folders, or files')
    .option('--split <name>', 'of the current side only this split')
    .option('--baseline-split <name>', 'of the baseline only this split; with one side: of the same dataset')
    .addOption(new Option('--preset <tool>', 'compute the measures the way this tool does').choices(driftPresets))
    .addOption(
      new Option('--method <measure>', 'the measure that decides; default: by type and number of rows').choices([
        'auto',
        ...driftMetrics,
      ]),
    )
    .addOption(
      new Option('--metrics <which>', 'all measures, or the deciding one and PSI')
        .choices(['deciding', 'all'])
        .default('deciding'),
    )
    .option('--bins <n>', 'so many quantile bins of the baseline; default: 10', quantileBins)
    .option('--window <column:unit>', `also compare windows of time; the unit is ${windowUnits.join(', ')}`, timeWindow)
    .addOption(
      new Option('--fail-on <level>', 'exit with 2 where a column drifted so far, was removed or has another type')
        .choices([...driftLevels, 'never'])
        .default('never'),
    )
    .addOption(
      new Option('--report <file>', `also write a report: ${driftReportEndings.join(', ')}; may be given several times`)
        .argParser(reportFile)
        .default([], 'none'),
    )
    .addCommand(driftHistoryCommand(context))
    .addHelpText(
      'after',
      '\nThe name of a version alone, such as previous or a tag, is one of the dataset on the other side. With one side the\n' +
        'baseline is what `drift.baseline` of the config says, or its split that --baseline-split names. Thresholds, bins and\n' +
        'columns are a matter of `drift:` in the config.\n',
    );
  return withSharedOptions(command).action(async (sides: readonly string[], options: DriftOptions) => {
    const { configPath, folder } = await targetsRequest([], options);
    const { baseline, current } = sidesOf(sides);
    const request: DriftRequest = {
      ...{ current, folder, metrics: options.metrics, settings: settingsOf(options) },
      ...(baseline !== undefined && { baseline }),
      ...(configPath !== undefined && { configPath }),
      ...(options.baselineSplit !== undefined && { baselineSplit: options.baselineSplit }),
      ...(options.split !== undefined && { currentSplit: options.split }),
      ...runOptions(options),
    };
    try {
      const drift = await engine.drift(
        request,
        stepProgress(output, current, (step: DriftProgress['step']) => steps[step]),
        signal,
      );
      output.clear();
      // What was found is not lost with a report.
      if (!options.json) renderDrift(drift, output, options.verbose === true);
      for (const file of options.report) await engine.writeDriftReport({ drift, file: resolve(file) });
      if (options.json) printDocument(drift);
      for (const file of options.report) output.note(`Wrote ${file}`);
      if (fails(drift, options.failOn)) exit(ExitCode.checkFailed);
    } finally {
      output.clear();
    }
  });
}

function sidesOf(sides: readonly string[]): { readonly baseline?: string; readonly current: string } {
  const [first = '', second, ...more] = sides;
  if (more.length > 0) {
    const message = `Two sides are compared, and ${sides.length} are named. Put a pattern in quotes, so that it is one.`;
    throw new MldataError('usage', 'wrong-usage', message);
  }
  return second === undefined ? { current: first } : { baseline: first, current: second };
}

function settingsOf({ preset, method, bins, window }: DriftOptions): DriftSpec {
  return { ...(preset && { preset }), ...(method && { method }), ...(bins && { bins }), ...(window && { window }) };
}

/** A column that is muted fails nothing; one that could not be compared may hide anything. */
function fails({ columns }: Drift, failOn: DriftOptions['failOn']): boolean {
  if (failOn === 'never') return false;
  const levels = driftLevels.slice(driftLevels.indexOf(failOn));
  const failing: readonly string[] = [...levels, 'removed', 'retyped', 'failed'];
  return columns.some(({ status, muted }) => muted !== true && failing.includes(status));
}

function quantileBins(value: string): DriftBins {
  const count = /^\d{1,4}$/.test(value) ? Number(value) : NaN;
  if (count >= 2 && count <= 1000) return { by: 'quantile', count };
  throw new InvalidArgumentError('Give a whole number from 2 to 1000.');
}

/** `Date:month`; a name may have colons too. */
function timeWindow(value: string): NonNullable<DriftSpec['window']> {
  const colon = value.lastIndexOf(':');
  const by = windowUnits.find((unit) => unit === value.slice(colon + 1));
  if (colon > 0 && by) return { column: value.slice(0, colon), by };
  throw new InvalidArgumentError(`Give a column and one of ${windowUnits.join(', ')}, such as Date:month.`);
}

function reportFile(file: string, before: readonly string[]): readonly string[] {
  if (driftReportEndings.some((ending) => file.toLowerCase().endsWith(ending))) return [...before, file];
  throw new InvalidArgumentError(
    `${file} says no kind of report. Give a file that ends in ${driftReportEndings.join(', ')}.`,
  );
}
