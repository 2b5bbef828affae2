/** `mldata put-back FOLDER [FILES…]` */
import { dirname, resolve } from 'node:path';
import { Command } from 'commander';
import { ExitCode, type PutBack } from '../protocol';
import { withPlaceOptions, type CommandContext, type SharedOptions } from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { configIfAny } from './findConfig';
import { count } from './numbers';

export function putBackCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const command = new Command('put-back')
    .description('move files back that `mldata validate --quarantine` moved to a folder')
    .argument('<folder>', 'the folder of quarantine')
    .argument('[files...]', 'only those that came from these places')
    .option('--allow-outside-paths', 'let files be put outside of the git root');
  return withPlaceOptions(command).action(
    async (quarantine: string, files: readonly string[], options: SharedOptions) => {
      const configPath = await configIfAny(options.config);
      const put = await engine.putBack(
        {
          quarantine: resolve(quarantine),
          folder: configPath === undefined ? process.cwd() : dirname(configPath),
          ...(options.allowOutsidePaths && { allowOutsidePaths: true }),
          ...(files.length > 0 && { files: files.map((file) => resolve(file)) }),
        },
        signal,
      );
      if (options.json) printDocument(put);
      else render(put, output);
      if (put.left.length > 0) exit(ExitCode.buildFailed);
    },
  );
}

function render({ folder, putBack, left }: PutBack, output: Console): void {
  for (const file of putBack) output.note(`Put back ${file}`);
  for (const { message } of left) output.line(`error: ${message}`);
  output.line(
    `${count(putBack.length, 'file')} of ${folder} put back${left.length > 0 ? `, ${left.length} not` : ''}.`,
  );
}
