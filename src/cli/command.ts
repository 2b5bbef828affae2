/** What every command is given, and the options they share. */
import type { Command } from 'commander';
import { InvalidArgumentError, Option } from 'commander';
import { CONFIG_FILES, memorySize } from '../config';
import { MldataError, type Engine, type RunOptions } from '../protocol';
import type { Console } from './console';
import { configIfAny } from './findConfig';

export interface CommandContext {
  readonly engine: Engine;
  readonly output: Console;
  readonly signal: AbortSignal;
}

export interface SharedOptions {
  readonly config?: string;
  readonly workers?: number;
  readonly memoryLimit?: string;
  readonly allowOutsidePaths?: boolean;
  readonly allowPrivateAddresses?: boolean;
  readonly json?: boolean;
}

/** Environment variables that stand in for options; an option wins. */
export const VARIABLES = {
  workers: 'MLDATA_WORKERS',
  memoryLimit: 'MLDATA_MEMORY_LIMIT',
  cacheSize: 'MLDATA_CACHE_SIZE',
} as const;

/** One that is empty is as if it weren't there. */
function fromEnvironment(name: keyof typeof VARIABLES, option: Option): Option {
  return process.env[VARIABLES[name]] === '' ? option : option.env(VARIABLES[name]);
}

/** Of commands that start no build: where the config is, and how they answer. */
export function withPlaceOptions(command: Command): Command {
  return command
    .option('--config <file>', 'the config file; default: .mldata.yaml of this folder or one above it')
    .option('--json', 'print exactly one JSON document on standard output')
    .option('--quiet', 'print errors only')
    .option('--verbose', 'print more');
}

export function withSharedOptions(command: Command): Command {
  return withPlaceOptions(command)
    .addOption(
      fromEnvironment(
        'workers',
        new Option('--workers <n>', 'engine threads; default: all cores').argParser(
          wholeNumber('Give a whole number from 1 on.'),
        ),
      ),
    )
    .addOption(
      fromEnvironment('memoryLimit', new Option('--memory-limit <size>', 'such as 512MB or 4GB').argParser(amount)),
    )
    .option('--allow-outside-paths', 'let paths of the config leave the git root');
}

/** Of commands that fetch. */
export function privateAddressesOption(): Option {
  return new Option('--allow-private-addresses', 'also fetch from this machine and its network');
}

export function runOptions({
  workers,
  memoryLimit,
  allowOutsidePaths,
  allowPrivateAddresses,
}: SharedOptions): RunOptions {
  return {
    ...(workers !== undefined && { threads: workers }),
    ...(memoryLimit !== undefined && { memoryLimit }),
    ...(allowOutsidePaths !== undefined && { allowOutsidePaths }),
    ...(allowPrivateAddresses !== undefined && { allowPrivateAddresses }),
  };
}

export function cacheSizeOption(): Option {
  return fromEnvironment(
    'cacheSize',
    new Option('--cache-size <size>', 'what kept rows may take, such as 512MB; default: 10GB').argParser(size),
  );
}

/** The absolute path of the config. Throws `config-not-found`. */
export async function configPathOf({ config }: SharedOptions): Promise<string> {
  const found = await configIfAny(config);
  if (found !== undefined) return found;
  throw new MldataError(
    'config',
    'config-not-found',
    `There is no ${CONFIG_FILES.join(' or ')} in this folder or above it. Create one with \`mldata init FILE\`, or name one with --config.`,
  );
}

/** @param complaint what to say of anything else */
export function wholeNumber(complaint: string): (value: string) => number {
  return (value) => {
    if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError(complaint);
    return Number(value);
  };
}

function amount(value: string): string {
  if (!memorySize.test(value)) {
    throw new InvalidArgumentError(
      `${value} is no amount of memory. Give a number with its unit, such as 512MB or 4GB.`,
    );
  }
  return value;
}

function size(value: string): string {
  if (memorySize.test(value)) return value;
  throw new InvalidArgumentError(`${value} is no size. Give a number with its unit, such as 512MB or 10GB.`);
}
