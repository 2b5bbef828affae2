/** `mldata init [FILES…]` */
import { join, resolve } from 'node:path';
import { Command } from 'commander';
import { CONFIG_FILES } from '../config';
import { runOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';

interface InitOptions extends SharedOptions {
  readonly datasets?: string;
  readonly force?: boolean;
}

export function initCommand({ engine, output, signal }: CommandContext): Command {
  const command = new Command('init')
    .description('write a first .mldata.yaml from the data')
    .argument('[files...]', 'data files, patterns or folders; one dataset each')
    .option('--datasets <folder>', 'every data file and sub-folder of this folder becomes a dataset')
    .option('--force', 'replace an existing config');
  return withSharedOptions(command).action(async (files: string[], options: InitOptions) => {
    const result = await engine.init(
      {
        files: files.map((file) => resolve(file)),
        ...(options.datasets !== undefined && { datasetsFolder: resolve(options.datasets) }),
        configPath: resolve(options.config ?? join('.', CONFIG_FILES[0])),
        force: options.force ?? false,
        ...runOptions(options),
      },
      signal,
    );
    if (options.json) printDocument(result);
    else
      output.note(
        `Wrote ${result.configPath} with ${result.datasets.join(', ')}. Look it over, then run \`mldata build\`.`,
      );
  });
}
