/** `mldata drift history [DATASETS…]` */
import { Command } from 'commander';
import { wholeNumber, withPlaceOptions, type CommandContext } from './command';
import { printDocument } from './document';
import { renderDriftHistory } from './renderDriftHistory';
import { targetsRequest } from './targets';

interface HistoryOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly prune?: number;
}

export function driftHistoryCommand({ engine, output }: CommandContext): Command {
  return withPlaceOptions(
    new Command('history').description('how far each version was from what its config held it against'),
  )
    .argument('[targets...]', 'datasets of the config, or build folders; every dataset when none is named')
    .option(
      '--prune <n>',
      'forget all but the last so many of each dataset',
      wholeNumber('Give a whole number from 1 on.'),
    )
    .action(async (targets: string[], _: object, command: Command) => {
      // The options that both have are the outer command's, wherever they stand.
      const options = command.optsWithGlobals<HistoryOptions>();
      const { prune, json } = options;
      const request = { ...(await targetsRequest(targets, options)), ...(prune !== undefined && { keep: prune }) };
      const history = await engine.driftHistory(request);
      if (json) printDocument(history);
      else renderDriftHistory(history, output);
    });
}
