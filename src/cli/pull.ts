/** `mldata pull [TARGETS…]` */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { CONFIG_FILES, isAddress } from '../config';
import type { Pull, PullProgress } from '../protocol';
import {
  configPathOf,
  privateAddressesOption,
  runOptions,
  withSharedOptions,
  type CommandContext,
  type SharedOptions,
} from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { configIfAny } from './findConfig';
import { bytes, count } from './numbers';
import { progressLine } from './progress';

interface PullOptions extends SharedOptions {
  readonly update?: boolean;
}

export function pullCommand({ engine, output, signal }: CommandContext): Command {
  const command = new Command('pull')
    .description('fetch sources that have an address, and build nothing')
    .argument('[targets...]', 'datasets of the config, or addresses of files; every dataset when none is named')
    .option('--update', 'ask whether what was fetched before is still what is there, and fetch it again if not')
    .addOption(privateAddressesOption());
  return withSharedOptions(command).action(async (targets: string[], options: PullOptions) => {
    const request = {
      configPath: await placeOf(targets, options),
      ...(targets.length > 0 && { targets }),
      ...(options.update && { update: true }),
      // Whoever types the command answers for the config.
      trusted: true,
      ...runOptions(options),
    };
    try {
      const pull = await engine.pull(request, pullReporter(output), signal);
      if (options.json) printDocument(pull);
      else render(pull, output);
    } finally {
      output.clear();
    }
  });
}

/** The config, or where one would be: addresses need none, and what they bring is kept in this folder then. */
async function placeOf(targets: readonly string[], options: PullOptions): Promise<string> {
  if (targets.length === 0 || !targets.every(isAddress)) return configPathOf(options);
  return (await configIfAny(options.config)) ?? resolve(CONFIG_FILES[0]);
}

/** A live line for each source that is being fetched for a person; for a log, what is said of them. */
export function pullReporter(
  output: Pick<Console, 'interactive' | 'columns' | 'note' | 'redraw'>,
): (progress: PullProgress) => void {
  const running = new Map<string, string>();
  return (progress) => {
    if ('said' in progress) {
      output.note(progress.said);
      return;
    }
    const { origin, fraction = 0, rows, unpacking, ...at } = progress;
    const step = unpacking ? 'unpacking' : 'fetching';
    const which = `${origin} ${step}`;
    if (!output.interactive && !running.has(which)) output.note(`${origin}: ${step}`);
    const detail = rows === undefined ? bytes(at.bytes) : count(rows, 'row');
    const line = progressLine({ ...at, detail, fraction, name: origin, step });
    running.set(which, line.slice(0, output.columns - 1));
    if (output.interactive) output.redraw([...running.values()]);
  };
}

function render({ sources }: Pull, output: Console): void {
  if (sources.length === 0) output.line('No source has an address: there is nothing to fetch.');
  for (const { dataset, origin, outcome, rows, bytes: size, sha256 } of sources) {
    const amount = rows === undefined ? bytes(size) : `${count(rows, 'row')}, ${bytes(size)}`;
    const name = dataset === undefined ? '' : `${dataset}: `;
    output.line(
      `${name}${outcome === 'fetched' ? 'fetched' : 'unchanged'} ${origin}  ${amount}, sha256 ${sha256.slice(0, 12)}`,
    );
  }
}
