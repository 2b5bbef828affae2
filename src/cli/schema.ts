/** `mldata schema infer|show|diff|history|export|import` */
import { resolve } from 'node:path';
import { Command, InvalidArgumentError, Option } from 'commander';
import { ExitCode, schemaFormats, type SchemaDiff, type SchemaFormat } from '../protocol';
import { runOptions, withPlaceOptions, withSharedOptions, type CommandContext, type SharedOptions } from './command';
import { printDocument } from './document';
import {
  renderExport,
  renderHistory,
  renderLosses,
  renderSchema,
  renderSchemaDiff,
  renderWritten,
} from './renderSchema';
import { targetsRequest } from './targets';

const TARGET =
  'a dataset of the config, a version such as NAME@previous, a build folder, or a file, folder or pattern of data';

const failures = ['breaking', 'any', 'never'] as const;

interface IntoOptions extends SharedOptions {
  readonly dataset?: string;
}

interface DiffOptions extends SharedOptions {
  readonly failOn: (typeof failures)[number];
}

interface ExportOptions extends SharedOptions {
  readonly format: SchemaFormat;
  readonly output?: string;
}

interface ImportOptions extends IntoOptions {
  readonly resource?: string;
}

export function schemaCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const schema = new Command('schema').description(
    'show the schema of data, what changed of it, and bring it to and from other tools',
  );

  const infer = intoConfig(new Command('infer'))
    .description('tell a schema from the values, as YAML for the config')
    .argument('<target>', 'a dataset, of which the sources are read, or a build, a file, a folder or a pattern of data')
    .action(async (target: string, options: IntoOptions) => {
      const request = { ...(await placeOf(options)), target, infer: true, ...into(options) };
      const found = await engine.schema(request, signal);
      if (options.json) printDocument(found);
      else if (found.written) renderWritten(found.written, output);
      // For the config, or for a script.
      else process.stdout.write(found.yaml ?? '');
      if (!options.json) for (const { message } of found.losses ?? []) output.line(message);
    });

  const show = withSharedOptions(new Command('show'))
    .description('show the columns, and what is declared of them')
    .argument('<target>', TARGET)
    .action(async (target: string, options: SharedOptions) => {
      const found = await engine.schema({ ...(await placeOf(options)), target }, signal);
      if (options.json) printDocument(found);
      else renderSchema(found, output);
    });

  const diff = withSharedOptions(new Command('diff'))
    .description('show what changed between two schemas, and for whom that breaks something')
    .argument('<before>', TARGET)
    .argument('<after>', 'the same; `previous`, `current` and tags alone are versions of the dataset on the other side')
    .addOption(
      new Option(
        '--fail-on <changes>',
        'what makes it exit with 2: breaking for any change that is not compatible, any, or never',
      )
        .choices(failures)
        .default('never'),
    )
    .addHelpText(
      'after',
      '\nbackward-breaking: what is made for the schema after cannot read the data before.\n' +
        'forward-breaking: what is made for the schema before cannot read the data after. breaking: both.\n',
    )
    .action(async (before: string, after: string, options: DiffOptions) => {
      const found = await engine.schemaDiff({ ...(await placeOf(options)), before, after }, signal);
      if (options.json) printDocument(found);
      else renderSchemaDiff(found, output);
      if (fails(found, options.failOn)) exit(ExitCode.checkFailed);
    });

  const history = withPlaceOptions(new Command('history'))
    .description('show how the schema of a dataset changed from version to version')
    .argument('<dataset>', 'a dataset of the config, or a build folder')
    .action(async (target: string, options: SharedOptions) => {
      const { configPath, folder } = await targetsRequest([], options);
      const found = await engine.schemaHistory({ target, folder, ...(configPath !== undefined && { configPath }) });
      if (options.json) printDocument(found);
      else renderHistory(found, output);
    });

  const exported = withSharedOptions(new Command('export'))
    .description('write the schema in the form of another tool')
    .argument('<target>', TARGET)
    .addOption(new Option('--format <format>', 'the form').choices(schemaFormats).makeOptionMandatory())
    .option('--output <file>', 'where; left out: standard output')
    .action(async (target: string, options: ExportOptions) => {
      const { format } = options;
      const file = options.output === undefined ? {} : { output: resolve(options.output) };
      const done = await engine.exportSchema({ ...(await placeOf(options)), target, format, ...file }, signal);
      if (options.json) printDocument(done);
      else if (done.file === undefined) process.stdout.write(`${JSON.stringify(done.content, null, 2)}\n`);
      if (!options.json) renderExport(done, output);
    });

  const imported = intoConfig(new Command('import'))
    .description('read a schema of another tool, as YAML for the config')
    .argument(
      '<file>',
      'a Table Schema or datapackage.json of Frictionless, a JSON Schema, or an Arrow or Parquet file',
    )
    .option('--resource <name>', 'of a data package with several schemas: which', resourceName)
    .action(async (file: string, options: ImportOptions) => {
      const { resource } = options;
      const named = resource === undefined ? {} : { resource };
      const request = { ...(await placeOf(options)), file: resolve(file), ...named, ...into(options) };
      const found = await engine.importSchema(request, signal);
      if (options.json) printDocument(found);
      else if (found.written) renderWritten(found.written, output);
      else process.stdout.write(found.yaml ?? '');
      if (!options.json) renderLosses(found.losses ?? [], output);
    });

  for (const command of [infer, show, diff, history, exported, imported]) schema.addCommand(command);
  return schema;
}

function intoConfig(command: Command): Command {
  return withSharedOptions(command).option(
    '--dataset <name>',
    'write it into the config, as the schema of this dataset; what else is declared of its columns stays',
  );
}

function into({ dataset }: IntoOptions): { readonly into?: string } {
  return dataset === undefined ? {} : { into: dataset };
}

function resourceName(value: string): string {
  if (value !== '') return value;
  throw new InvalidArgumentError('Give the name of a resource.');
}

async function placeOf(options: SharedOptions) {
  const { configPath, folder } = await targetsRequest([], options);
  return { folder, ...(configPath !== undefined && { configPath }), ...runOptions(options) };
}

function fails({ changes, compatibility }: SchemaDiff, failOn: DiffOptions['failOn']): boolean {
  if (failOn === 'never') return false;
  return failOn === 'any' ? changes.length > 0 : compatibility !== 'compatible';
}
