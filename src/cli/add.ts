/** `mldata add SOURCE` */
import { dirname, relative, resolve, sep } from 'node:path';
import { Command } from 'commander';
import { CONFIG_FILES, schemeOf, shownAddress } from '../config';
import { addDataset, type AddedDataset } from '../config/language';
import { documentHead, textOf, writeConfig } from '../engine';
import { MldataError, type Added, type NewSource, type Peek } from '../protocol';
import { agrees, canAsk } from './ask';
import { runOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { configIfAny } from './findConfig';
import { renderPeek } from './renderPeek';

interface AddOptions extends SharedOptions {
  readonly name?: string;
  readonly table?: string;
  readonly query?: string;
  /** True: only that; false: without. */
  readonly preview?: boolean;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
  readonly allowPrivateAddresses?: boolean;
}

export function addCommand({ engine, output, signal }: CommandContext): Command {
  const command = new Command('add')
    .description('show the first rows of a source, and write it into .mldata.yaml as a dataset')
    .argument('<source>', 'a file, folder or pattern, or an address: https://, hf://, s3://, postgres://, sqlite:, …')
    .option('--name <name>', 'of the dataset; default: after the source')
    .option('--table <table>', 'of a database')
    .option('--query <sql>', 'of a database: a SELECT')
    .option('--preview', 'show the first rows, and write nothing')
    .option('--no-preview', 'write without a look at the source')
    .option('--dry-run', 'print what would be written, and write nothing')
    .option('--yes', 'do not ask before writing')
    .option('--allow-private-addresses', 'also ask addresses of this machine and its network');
  return withSharedOptions(command).action(async (place: string, options: AddOptions) => {
    const configPath = (await configIfAny(options.config)) ?? resolve(CONFIG_FILES[0]);
    const before = await textOf(configPath);
    const source = sourceOf(place, configPath, options);
    const request = {
      ...{ configPath, trusted: true },
      ...(options.allowPrivateAddresses !== undefined && { allowPrivateAddresses: options.allowPrivateAddresses }),
      ...runOptions(options),
    };
    const isWhole = schemeOf(source.place) === undefined || !needsRows(source);
    // What no config would take is not asked for either.
    const added = isWhole ? addDataset(before, configPath, source, options.name) : undefined;
    const { secrets = {}, source: clean = source } = added ?? {};
    if (options.dryRun && added) {
      tell(added, configPath, false, options, output);
      return;
    }
    const peek =
      options.preview === false ? undefined : await engine.peek({ ...request, source: clean, secrets }, signal);
    if (peek && !(options.json && options.preview)) renderPeek(peek, output);
    if (options.preview) {
      if (options.json) printDocument(peek);
      return;
    }
    if (!added) throw noRows(source, peek);
    if (canAsk() && !options.yes && !(await agrees(`Add ${added.name} to ${configPath}?`, signal))) return;
    // Only once they are kept may they leave the address.
    for (const [name, value] of Object.entries(secrets)) await engine.keepCredential({ name, value });
    await writeConfig(configPath, before, added.text);
    tell(added, configPath, true, options, output);
  });
}

/** Paths are typed where one is; in a config they are relative to it. */
function sourceOf(place: string, configPath: string, { table, query }: AddOptions): NewSource {
  const rows = { ...(table !== undefined && { table }), ...(query !== undefined && { query }) };
  if (schemeOf(place) === undefined) {
    return { place: relative(dirname(configPath), resolve(place)).split(sep).join('/') || '.', ...rows };
  }
  const [, scheme = '', file] = /^(sqlite|duckdb):(?:\/\/)?(.+)$/is.exec(place) ?? [];
  if (file === undefined) return { place, ...rows };
  return { place: `${scheme}:${relative(dirname(configPath), resolve(file)).split(sep).join('/')}`, ...rows };
}

/** A database of which nobody said which rows are meant: its tables are told. */
function needsRows({ place, table, query }: NewSource): boolean {
  return table === undefined && query === undefined && /^(postgres(ql)?|mysql|mariadb|sqlite|duckdb):/i.test(place);
}

function noRows({ place }: NewSource, peek: Peek | undefined): MldataError {
  const [first = 'NAME'] = peek?.tables ?? [];
  return new MldataError(
    'usage',
    'address-unclear',
    `Which rows of ${shownAddress(place)} are meant is not said. Say \`--table ${first}\`, or \`--query\` with a SELECT.`,
  );
}

function tell(
  { name, entry, secrets }: AddedDataset,
  configPath: string,
  written: boolean,
  { json }: AddOptions,
  output: Console,
): void {
  const credentials = Object.keys(secrets);
  const document: Added = {
    ...documentHead('mldata/add'),
    ...{ config: configPath, dataset: name, entry, written, credentials },
  };
  if (json) printDocument(document);
  else for (const line of entry.trimEnd().split('\n')) output.line(line);
  for (const credential of credentials) {
    output.note(
      written
        ? `The secret of the address is kept in the keyring of this machine, as ${credential}.`
        : `The secret of the address would be kept in the keyring of this machine, as ${credential}.`,
    );
  }
  output.note(
    written ? `Added ${name} to ${configPath}. Build it with \`mldata build ${name}\`.` : 'Nothing was written.',
  );
}
