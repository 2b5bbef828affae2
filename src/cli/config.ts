/** `mldata config [DATASET]`, `config get KEY`, `config set KEY VALUE` and `config unset KEY` */
import { resolve } from 'node:path';
import { Command } from 'commander';
import { parseKey, parseValue } from '../config';
import { changeConfig, effectiveConfig, effectiveValue, userFile, type EffectiveRequest } from '../engine';
import { MldataError, type ConfigEdit, type ConfigValueReport } from '../protocol';
import { configPathOf, VARIABLES, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';
import { findConfig } from './findConfig';
import { renderConfig, valueText } from './renderConfig';

interface ShowOptions extends SharedOptions {
  readonly showOrigin?: boolean;
}

interface EditOptions extends SharedOptions {
  readonly user?: boolean;
  readonly workspace?: boolean;
}

export function configCommand({ output }: CommandContext): Command {
  const show = withSharedOptions(
    new Command('config')
      .description('say which values hold and where they come from, or change one')
      .argument('[dataset]', 'a dataset of the config; all when none is named')
      .option('--show-origin', 'say where each value comes from'),
  ).action(async (dataset: string | undefined, options: ShowOptions, command: Command) => {
    const report = await effectiveConfig(await requestOf(options, command), dataset);
    if (options.json) printDocument(report);
    else renderConfig(report, options.showOrigin ?? false, output);
  });

  // The options that all share are the outer command's, wherever they stand.
  const get = new Command('get')
    .description('print the value that holds for a key')
    .argument('<key>', 'such as output.compression, datasets.NAME.split.seed or engine.workers')
    .action(async (key: string) => {
      const value = await effectiveValue(await requestOf(show.opts(), show), pathOf(key));
      const document: ConfigValueReport = { kind: 'mldata/config-value', version: 1, ...value };
      if (show.opts<SharedOptions>().json) printDocument(document);
      else if (value.value === null) output.note(`${key} has no value.`);
      // For scripts, which read standard output.
      else process.stdout.write(`${valueText(value.value)}\n`);
    });

  const edit = async (key: string, value: unknown, options: EditOptions): Promise<void> => {
    const { file, kind, path } = await targetOf(key, options, show.opts());
    const changed = await changeConfig({ file, kind, path, value });
    const document: ConfigEdit = { kind: 'mldata/config-edit', version: 1, file, key: path.join('.'), changed };
    if (show.opts<SharedOptions>().json) printDocument(document);
    else
      output.note(changed ? `Changed ${path.join('.')} in ${file}.` : `${file} says so already; nothing was changed.`);
  };
  const set = scoped(new Command('set').description('write a value, and keep comments and layout'))
    .argument('<value>', 'as in the file: 80%, zstd:3, "[parquet, csv]"')
    .action((key: string, value: string, options: EditOptions) => edit(key, parseValue(value), options));
  const unset = scoped(new Command('unset').description('remove a value, so that what lies below it holds')).action(
    (key: string, options: EditOptions) => edit(key, undefined, options),
  );
  for (const command of [get, set, unset]) show.addCommand(command);
  return show;
}

function scoped(command: Command): Command {
  return command
    .argument('<key>', 'such as output.compression, datasets.NAME.split.seed or engine.workers')
    .option('--user', 'in your own config; this is where `engine` goes')
    .option('--workspace', 'in the config of the workspace; this is where the rest goes');
}

/** A config that is named has to be there; without one the user's own is shown. */
async function requestOf(options: SharedOptions, command: Command): Promise<EffectiveRequest> {
  const { config, workers, memoryLimit } = options;
  const cacheSize = process.env[VARIABLES.cacheSize];
  const configPath = config === undefined ? await findConfig(process.cwd()) : resolve(config);
  const origin = (name: keyof typeof VARIABLES, option: string) =>
    command.getOptionValueSource(name) === 'env'
      ? ({ layer: 'environment', name: VARIABLES[name] } as const)
      : ({ layer: 'option', name: option } as const);
  return {
    ...(configPath !== undefined && { configPath }),
    ...(workers !== undefined && { workers: { value: workers, origin: origin('workers', '--workers') } }),
    ...(memoryLimit !== undefined && {
      memoryLimit: { value: memoryLimit, origin: origin('memoryLimit', '--memory-limit') },
    }),
    ...(cacheSize && { cacheSize: { value: cacheSize, origin: { layer: 'environment', name: VARIABLES.cacheSize } } }),
  };
}

function pathOf(key: string): string[] {
  const path = parseKey(key);
  if (path) return path;
  throw new MldataError(
    'usage',
    'wrong-usage',
    `${key} is no key. Write one such as output.compression; put quotes around a name with a dot in it: datasets."a.b".split.seed.`,
  );
}

const roots = ['version', 'versions', 'defaults', 'datasets', 'engine'];

async function targetOf(key: string, { user, workspace }: EditOptions, shared: SharedOptions) {
  if (user && workspace) {
    throw new MldataError('usage', 'wrong-usage', 'Say one of --user and --workspace: they are two files.');
  }
  const written = pathOf(key);
  const path = roots.includes(written[0] ?? '') ? written : ['defaults', ...written];
  const kind = user || (!workspace && path[0] === 'engine') ? ('user' as const) : ('workspace' as const);
  return { kind, path, file: kind === 'user' ? userFile() : await configPathOf(shared) };
}
