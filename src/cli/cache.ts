/** `mldata cache [clear | prune]` */
import { Command } from 'commander';
import type { CacheReport, CacheRequest } from '../protocol';
import { cacheSizeOption, configPathOf, withPlaceOptions, type CommandContext } from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { bytes, count } from './numbers';

interface CacheOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly cacheSize?: string;
}

export function cacheCommand({ engine, output }: CommandContext): Command {
  const act = (action: CacheRequest['action']) => async (_: unknown, command: Command) => {
    const { cacheSize, json, ...options } = command.optsWithGlobals<CacheOptions>();
    const configPath = await configPathOf(options);
    const report = await engine.cache({ configPath, action, ...(cacheSize !== undefined && { cacheSize }) });
    if (json) printDocument(report);
    else render(report, action, output);
  };
  const shared = (command: Command) => withPlaceOptions(command).addOption(cacheSizeOption());
  const command = shared(new Command('cache'))
    .description('show what builds keep to read less the next time, and how much it is')
    .action(act('show'));
  command.addCommand(shared(new Command('clear').description('remove all of it')).action(act('clear')));
  command.addCommand(
    shared(new Command('prune').description('remove what was not used for longest, down to --cache-size')).action(
      act('prune'),
    ),
  );
  return command;
}

function render(
  { folder, entries, bytes: held, maxBytes, removed }: CacheReport,
  action: string,
  output: Console,
): void {
  if (action !== 'show') output.note(`Removed the rows of ${count(removed.entries, 'file')}, ${bytes(removed.bytes)}.`);
  output.line(folder);
  output.line(`  rows of ${count(entries, 'file')}, ${bytes(held)} of at most ${bytes(maxBytes)}`);
}
