/** `mldata profile TARGET` */
import { extname, resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { ProfileProgress, ProfileRequest } from '../protocol';
import { runOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';
import { renderProfile } from './renderProfile';
import { sampleAmount, sampleSeed } from './sampleOptions';
import { stepProgress } from './stepProgress';
import { targetsRequest } from './targets';

interface ProfileOptions extends SharedOptions {
  readonly source?: boolean;
  readonly split?: string;
  readonly sample?: NonNullable<ProfileRequest['sample']>;
  readonly seed?: number;
  readonly fast?: boolean;
  readonly report: readonly string[];
}

const steps: Readonly<Record<ProfileProgress['step'], string>> = {
  read: 'reading',
  columns: 'describing columns',
  pairs: 'comparing columns',
  rows: 'looking for missing and duplicate rows',
  splits: 'describing splits',
};

export function profileCommand({ engine, output, signal }: CommandContext): Command {
  const command = new Command('profile')
    .description('describe the rows of a dataset or of files: every column, what goes with what, and what stands out')
    .argument(
      '<target...>',
      'a dataset of the config, a build folder, or a file, folder or pattern of data; several files are looked at as one',
    )
    .option('--source', 'of a dataset that is built: the files that the config names, as they are read')
    .option('--split <name>', 'of a build: only this split')
    .option('--sample <amount>', 'look at so many rows, such as 10000, or at a share of them, such as 1%', sampleAmount)
    .option('--seed <n>', 'which rows a sample draws', sampleSeed)
    .option('--fast', 'sketches instead of some exact figures; each is marked')
    .addOption(
      new Option('--report <file>', 'also write a report: .json, .md or .html; may be given several times')
        .argParser(reportFile)
        .default([], 'none'),
    )
    .addHelpText(
      'after',
      '\nA target that is the name of a dataset is that dataset: what was built of it, or the files its config names\n' +
        'where nothing is. Anything else is a path, and needs no config: data.csv, "raw/*.parquet", datasets/people.\n' +
        'Of a folder, the builds below it are left out. Several paths are files of one dataset: raw/*.csv.\n',
    );
  return withSharedOptions(command).action(async (targets: readonly string[], options: ProfileOptions) => {
    const [target = '', ...others] = targets;
    const { configPath, folder } = await targetsRequest([], options);
    const request: ProfileRequest = {
      target,
      folder,
      ...(others.length > 0 && { others }),
      ...(configPath !== undefined && { configPath }),
      ...(options.source && { source: true }),
      ...(options.split !== undefined && { split: options.split }),
      ...(options.sample !== undefined && { sample: options.sample }),
      ...(options.seed !== undefined && { seed: options.seed }),
      ...(options.fast && { fast: true }),
      ...runOptions(options),
    };
    try {
      const onProgress = stepProgress(output, target, (step: ProfileProgress['step']) => steps[step]);
      const profile = await engine.profile(request, { onProgress, onUpdate: () => undefined }, signal);
      output.clear();
      // What was found out is not lost with a report; of documents there is one, be it about what failed.
      if (!options.json) renderProfile(profile, output);
      for (const file of options.report) await engine.writeReport({ profile, file: resolve(file) });
      if (options.json) printDocument(profile);
      for (const file of options.report) output.note(`Wrote ${file}`);
    } finally {
      output.clear();
    }
  });
}

const reportEndings = ['.json', '.md', '.html'];

function reportFile(file: string, before: readonly string[]): readonly string[] {
  if (reportEndings.includes(extname(file).toLowerCase())) return [...before, file];
  throw new InvalidArgumentError(`${file} says no kind of report. Give a file that ends in .json, .md or .html.`);
}
