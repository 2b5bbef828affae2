/** `mldata validate [TARGETS…]` */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { qualityReportEndings, readConfig, readUserConfig } from '../engine';
import {
  checkNames,
  ExitCode,
  MldataError,
  type CheckName,
  type Quality,
  type ValidateProgress,
  type ValidateRequest,
} from '../protocol';
import { configPathOf, runOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';
import { renderError } from './render';
import { renderQuality } from './renderQuality';
import { sampleAmount, sampleSeed } from './sampleOptions';
import { stepProgress } from './stepProgress';
import { targetsRequest } from './targets';

const failures = ['error', 'warning', 'never'] as const;

interface ValidateOptions extends SharedOptions {
  readonly checks?: readonly CheckName[];
  readonly source?: boolean;
  readonly split?: string;
  readonly sample?: NonNullable<ValidateRequest['sample']>;
  readonly seed?: number;
  readonly failOn: (typeof failures)[number];
  readonly report: readonly string[];
  readonly quarantine?: string;
}

type Step = ValidateProgress['step'];
const doing = (step: Step) => (step === 'read' ? 'reading' : `checking ${step}`);
/** A line for each check would be many. */
const noted = (step: Step) => (step === 'read' ? 'reading' : 'checking');

export function validateCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const command = new Command('validate')
    .description('check the rows of datasets, builds or files, and say which are not as they should be')
    .argument('[targets...]', 'datasets of the config, build folders, or files, folders or patterns of data')
    .option('--checks <names>', `make only these: ${checkNames.join(', ')}; several with commas`, namesOfChecks)
    .option('--source', 'of a build folder: the files it was built from')
    .option('--split <name>', 'only the rows of this split')
    .option('--sample <amount>', 'check so many rows, such as 10000, or a share of them, such as 1%', sampleAmount)
    .option('--seed <n>', 'which rows a sample draws', sampleSeed)
    .addOption(
      new Option('--fail-on <severity>', 'what makes it exit with 2: error, warning, or never')
        .choices(failures)
        .default('error'),
    )
    .addOption(
      new Option(
        '--report <file>',
        `also write a report: ${qualityReportEndings.join(', ')}; may be given several times`,
      )
        .argParser(reportFile)
        .default([], 'none'),
    )
    .option('--quarantine <folder>', 'move image and audio files that are not whole to this folder')
    .addHelpText(
      'after',
      '\nWithout a target all datasets of the config are checked, each as its sources are now: whether its next build\n' +
        'would pass. A folder of a build is checked as it was built. Checks are named under `checks:` in the config; most\n' +
        'are made also where it names none.\n',
    );
  return withSharedOptions(command).action(async (named: readonly string[], options: ValidateOptions) => {
    const { configPath, folder } = await targetsRequest([], options);
    const targets = named.length > 0 ? named : await allDatasets(options);
    const qualities: Quality[] = [];
    const troubles: unknown[] = [];
    try {
      for (const target of targets) {
        const request: ValidateRequest = {
          target,
          folder,
          ...(configPath !== undefined && { configPath }),
          ...(options.checks && { checks: options.checks }),
          ...(options.source && { source: true }),
          ...(options.split !== undefined && { split: options.split }),
          ...(options.sample !== undefined && { sample: options.sample }),
          ...(options.seed !== undefined && { seed: options.seed }),
          ...(options.quarantine !== undefined && { quarantine: resolve(options.quarantine) }),
          ...runOptions(options),
        };
        try {
          const quality = await engine.validate(request, stepProgress(output, target, doing, noted), signal);
          output.clear();
          qualities.push(quality);
          // What was found is not lost with a report, nor with another target.
          if (!options.json) renderQuality(quality, output);
        } catch (error) {
          if (signal.aborted) throw error;
          troubles.push(error);
        }
      }
      if (qualities.length === 0) throw troubles[0];
      for (const file of options.report) await engine.writeQualityReport({ qualities, folder, file: resolve(file) });
      // Of documents there is one: of several targets a list of theirs.
      if (options.json) printDocument(targets.length === 1 ? qualities[0] : qualities);
      for (const file of options.report) output.note(`Wrote ${file}`);
    } finally {
      output.clear();
    }
    for (const trouble of troubles) renderError(trouble, output);
    const [first] = troubles;
    if (first !== undefined) exit(first instanceof MldataError ? first.exitCode : ExitCode.buildFailed);
    else if (qualities.some((quality) => fails(quality, options.failOn))) exit(ExitCode.checkFailed);
  });
}

async function allDatasets(options: ValidateOptions): Promise<readonly string[]> {
  const configPath = await configPathOf(options);
  return (await readConfig({ configPath }, await readUserConfig())).datasetNames;
}

function fails({ passed, findings }: Quality, failOn: ValidateOptions['failOn']): boolean {
  if (failOn === 'never') return false;
  return !passed || (failOn === 'warning' && findings.some(({ severity }) => severity === 'warning'));
}

function namesOfChecks(value: string): CheckName[] {
  return value.split(',').map((part) => {
    const name = checkNames.find((known) => known === part.trim());
    if (name) return name;
    throw new InvalidArgumentError(`There is no check ${part.trim()}. The checks are ${checkNames.join(', ')}.`);
  });
}

function reportFile(file: string, before: readonly string[]): readonly string[] {
  if (qualityReportEndings.some((ending) => file.toLowerCase().endsWith(ending))) return [...before, file];
  throw new InvalidArgumentError(
    `${file} says no kind of report. Give a file that ends in ${qualityReportEndings.join(', ')}.`,
  );
}
