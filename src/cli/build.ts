/** `mldata build [NAMES…]` */
import { Command, Option } from 'commander';
import { ExitCode, type BuildReport, type BuildRequest } from '../protocol';
import {
  cacheSizeOption,
  configPathOf,
  privateAddressesOption,
  runOptions,
  withSharedOptions,
  type CommandContext,
  type SharedOptions,
} from './command';
import { printDocument } from './document';
import { progressReporter } from './progress';
import { renderPlan, renderReport } from './render';

interface BuildOptions extends SharedOptions {
  readonly format?: string;
  readonly compression?: string;
  readonly dryRun?: boolean;
  readonly force?: boolean;
  readonly keepGoing?: boolean;
  readonly offline?: boolean;
  readonly update?: boolean;
  readonly publishFailing?: boolean;
  readonly cache: boolean;
  readonly cacheSize?: string;
  readonly dvc?: boolean;
  readonly track: boolean;
}

export function buildCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const command = new Command('build')
    .description('build datasets: read, check, split, write and hash them')
    .argument('[names...]', 'datasets of the config; all when none is named')
    .option('--format <formats>', 'write these formats instead: parquet, csv, jsonl, arrow; several with commas')
    .option('--compression <codec>', 'use this codec instead, such as zstd:9')
    .option('--force', 'build also what is up to date, and read every file anew')
    .addOption(new Option('--offline', 'fetch nothing, also where a source is missing').conflicts('update'))
    .option('--update', 'ask whether sources that were fetched before changed, and fetch them again if so')
    .addOption(privateAddressesOption())
    .option('--keep-going', 'after a failure, go on with what does not need the dataset that failed')
    .option('--publish-failing', 'publish also what does not pass the checks of its config, or breaks its schema')
    .option('--no-cache', 'use nothing that was kept of earlier builds, and keep nothing')
    .addOption(cacheSizeOption())
    .addOption(new Option('--dvc', 'track what is built with DVC, whatever its config says').conflicts('track'))
    .option('--no-track', 'track nothing, whatever the config says')
    .option('--dry-run', 'say what would be done, and do nothing');
  return withSharedOptions(command).action(async (names: string[], options: BuildOptions) => {
    const request: BuildRequest = {
      configPath: await configPathOf(options),
      ...(names.length > 0 && { names }),
      ...(options.format !== undefined && { format: options.format }),
      ...(options.compression !== undefined && { compression: options.compression }),
      ...(options.force && { force: true }),
      ...(options.offline && { offline: true }),
      ...(options.update && { update: true }),
      ...(options.keepGoing && { keepGoing: true }),
      ...(options.publishFailing && { publishFailing: true }),
      ...(!options.cache && { cache: false }),
      // Whoever types the command answers for the config.
      trusted: true,
      ...(options.cacheSize !== undefined && { cacheSize: options.cacheSize }),
      ...(options.dvc && { track: 'dvc' as const }),
      ...(!options.track && { track: false as const }),
      ...runOptions(options),
    };
    if (options.dryRun) {
      const plan = await engine.plan(request, signal);
      if (options.json) printDocument(plan);
      else renderPlan(plan, output);
      return;
    }
    try {
      const report = await engine.build(request, progressReporter(output), signal);
      if (options.json) printDocument(report);
      else renderReport(report, output);
      exit(exitCodeOf(report));
    } finally {
      output.clear();
    }
  });
}

/** The exit code of the first dataset that failed. */
export function exitCodeOf({ datasets }: BuildReport): number {
  const failed = datasets.find(({ status }) => status === 'failed');
  if (!failed) return ExitCode.ok;
  const kind = failed.error?.kind;
  return kind !== undefined && kind in ExitCode ? ExitCode[kind as keyof typeof ExitCode] : ExitCode.buildFailed;
}
