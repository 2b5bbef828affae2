/** `mldata alerts list|test|acknowledge` */
import { Command } from 'commander';
import { ExitCode } from '../protocol';
import { configPathOf, withPlaceOptions, type CommandContext } from './command';
import { printDocument } from './document';
import { renderAcknowledged, renderAlerts, renderDeliveries } from './renderAlerts';

interface PlaceOptions {
  readonly config?: string;
  readonly json?: boolean;
}

interface TestOptions extends PlaceOptions {
  readonly allowOutsidePaths?: boolean;
  readonly allowPrivateAddresses?: boolean;
}

export function alertsCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const alerts = new Command('alerts').description(
    'what was told of datasets that drifted, and whether it would arrive',
  );

  const list = shared('list', 'list the alerts, newest first').action(
    async (dataset: string | undefined, options: PlaceOptions) => {
      const found = await engine.alerts(await requestOf(dataset, options));
      if (options.json) printDocument(found);
      else renderAlerts(found, output);
    },
  );

  const test = shared('test', 'send a trial alert to every place that the config names')
    .option('--allow-outside-paths', 'let paths of the config leave the git root')
    .option('--allow-private-addresses', 'also ask webhooks of this machine and its network')
    .action(async (dataset: string | undefined, options: TestOptions) => {
      const { allowOutsidePaths, allowPrivateAddresses } = options;
      const request = {
        ...(await requestOf(dataset, options)),
        // Whoever types the command answers for the config.
        trusted: true,
        ...(allowOutsidePaths !== undefined && { allowOutsidePaths }),
        ...(allowPrivateAddresses !== undefined && { allowPrivateAddresses }),
      };
      const sent = await engine.testAlerts(request, signal);
      // Of documents there is one: of several datasets a list of theirs.
      if (options.json) printDocument(sent.length === 1 ? sent[0] : sent);
      else renderDeliveries(sent, output);
      if (sent.some(({ deliveries }) => deliveries.some(({ ok }) => !ok))) exit(ExitCode.buildFailed);
    });

  const acknowledge = shared(
    'acknowledge',
    'say that somebody has seen to the alerts: what drifts after that is told again',
  ).action(async (dataset: string | undefined, options: PlaceOptions) => {
    const done = await engine.acknowledgeAlerts(await requestOf(dataset, options));
    if (options.json) printDocument(done);
    else renderAcknowledged(done, output);
  });

  for (const command of [list, test, acknowledge]) alerts.addCommand(command);
  return alerts;
}

function shared(name: string, description: string): Command {
  const command = new Command(name).description(description);
  return withPlaceOptions(command).argument('[dataset]', 'a dataset of the config; all of them when none is named');
}

async function requestOf(dataset: string | undefined, options: PlaceOptions) {
  return { configPath: await configPathOf(options), ...(dataset !== undefined && { dataset }) };
}
