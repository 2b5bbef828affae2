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
    .description('show what builds keep to read less the next time and what was fetched, and how much it is')
    .action(act('show'));
  command.addCommand(
    shared(
      new Command('clear').description('remove all that builds keep, and what was fetched that no config names'),
    ).action(act('clear')),
  );
  command.addCommand(
    shared(
      new Command('prune').description(
        'remove what was fetched that no config names, and what was not used for longest, down to --cache-size',
      ),
    ).action(act('prune')),
  );
  return command;
}

function render(
  { folder, entries, bytes: held, maxBytes, removed, snapshots, removedSnapshots }: CacheReport,
  action: string,
  output: Console,
): void {
  if (action !== 'show') {
    output.note(`Removed the rows of ${count(removed.entries, 'file')}, ${bytes(removed.bytes)}.`);
    output.note(
      `Removed what was fetched of ${count(removedSnapshots.entries, 'source')} that no config names, ${bytes(removedSnapshots.bytes)}.`,
    );
  }
  output.line(folder);
  output.line(`  rows of ${count(entries, 'file')}, ${bytes(held)} of at most ${bytes(maxBytes)}`);
  const { unnamed } = snapshots;
  const left =
    unnamed === undefined
      ? '; the config has errors, so that it is not known which of them it names'
      : unnamed.bytes > 0
        ? `; ${bytes(unnamed.bytes)} of it no config names any more (\`mldata cache prune\` removes that)`
        : '';
  output.line(`  fetched of ${count(snapshots.entries, 'source')}, ${bytes(snapshots.bytes)}${left}`);
}
