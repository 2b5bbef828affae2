/** `mldata diff A B` */
import { Command } from 'commander';
import type { Diff } from '../protocol';
import { runOptions, wholeNumber, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';
import { renderDiff } from './renderDiff';
import { targetsRequest } from './targets';

interface DiffOptions extends SharedOptions {
  readonly rows: number;
}

export function diffCommand({ engine, output, signal }: CommandContext): Command {
  const command = new Command('diff')
    .description('show what is different between two builds: config, columns and rows')
    .argument('<before>', 'a dataset, a version such as NAME@previous, a build folder or a manifest')
    .argument('<after>', 'the same')
    .option(
      '--rows <n>',
      'show so many added, removed and changed rows each',
      wholeNumber('Give a whole number from 1 on.'),
      5,
    );
  return withSharedOptions(command).action(async (before: string, after: string, options: DiffOptions) => {
    const { configPath, folder } = await targetsRequest([], options);
    const place = { folder, ...(configPath !== undefined && { configPath }) };
    const diff: Diff = await engine.diff(
      { ...place, before, after, rows: options.rows, ...runOptions(options) },
      signal,
    );
    if (options.json) printDocument(diff);
    else renderDiff(diff, output);
  });
}
