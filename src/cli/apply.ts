/** `mldata apply --manifest M FILES…` */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { runOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';
import { progressReporter } from './progress';
import { renderReport } from './render';
import { exitCodeOf } from './build';

interface ApplyOptions extends SharedOptions {
  readonly manifest: string;
  readonly output: string;
}

export function applyCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const command = new Command('apply')
    .description('change new data as a build changed its own, with the numbers learned then')
    .argument('<files...>', 'data files, patterns or folders')
    .requiredOption('--manifest <manifest>', 'the manifest of the build, or its folder')
    .requiredOption('--output <folder>', 'the folder to write');
  return withSharedOptions(command).action(async (files: string[], options: ApplyOptions) => {
    try {
      const report = await engine.apply(
        {
          manifest: resolve(options.manifest),
          files: files.map((file) => resolve(file)),
          output: resolve(options.output),
          ...runOptions(options),
        },
        progressReporter(output),
        signal,
      );
      if (options.json) printDocument(report);
      else renderReport(report, output);
      exit(exitCodeOf(report));
    } finally {
      output.clear();
    }
  });
}
