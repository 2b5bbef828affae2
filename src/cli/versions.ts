/** `mldata versions list|show|restore|tag|gc` */
import { Command, InvalidArgumentError, Option } from 'commander';
import { memoryBytes, memorySize } from '../config';
import { splitReference } from '../engine';
import { MldataError, type VersionRequest } from '../protocol';
import { wholeNumber, withPlaceOptions, type CommandContext } from './command';
import { printDocument } from './document';
import { renderGc, renderRestore, renderTag, renderVersion, renderVersions } from './renderVersions';
import { targetsRequest } from './targets';

interface SharedOptions {
  readonly config?: string;
  readonly json?: boolean;
}

interface RestoreOptions extends SharedOptions {
  readonly allowOutsidePaths?: boolean;
  readonly force?: boolean;
}

interface TagOptions extends SharedOptions {
  readonly rollback?: boolean;
  readonly delete?: boolean;
}

interface GcOptions extends SharedOptions {
  readonly dryRun?: boolean;
  readonly keep?: number;
  readonly maxBytes?: string;
}

const REFERENCE =
  'DATASET@VERSION: an id or its first digits, a tag, current or previous; a dataset may be the path of its build';

export function versionsCommand({ engine, output, signal }: CommandContext): Command {
  const versions = new Command('versions').description('list, restore and name the builds of a dataset');

  const list = shared('list', 'list the versions of datasets, newest first')
    .argument('[targets...]', 'datasets of the config, or build folders; every dataset when none is named')
    .action(async (targets: string[], options: SharedOptions) => {
      const found = await engine.versions(await targetsRequest(targets, options));
      if (options.json) printDocument(found);
      else renderVersions(found, output);
    });

  const show = shared('show', 'show what a version is made of')
    .argument('<version>', REFERENCE)
    .action(async (reference: string, options: SharedOptions) => {
      const shown = await engine.version(await versionRequest(reference, options));
      if (options.json) printDocument(shown);
      else renderVersion(shown, output);
    });

  const restore = shared('restore', 'put a kept version back in the folder of its build')
    .argument('<version>', REFERENCE)
    .option('--allow-outside-paths', 'let the output folder lie outside the git root')
    .option('--force', 'replace files of the build that somebody changed')
    .action(async (reference: string, options: RestoreOptions) => {
      const { allowOutsidePaths, force } = options;
      const request = await versionRequest(reference, options);
      const restored = await engine.restore(
        { ...request, ...(allowOutsidePaths !== undefined && { allowOutsidePaths }), ...(force && { force }) },
        signal,
      );
      if (options.json) printDocument(restored);
      else renderRestore(restored, output);
    });

  const tag = shared('tag', 'give a version a name, move the name, or take it back')
    .argument('<version>', REFERENCE)
    .argument('<name>', 'the tag, such as production')
    .addOption(new Option('--rollback', 'let the tag mean again what it meant before').conflicts('delete'))
    .option('--delete', 'take the tag away')
    .action(async (reference: string, name: string, options: TagOptions) => {
      if ((options.rollback || options.delete) && splitReference(reference).target !== reference) {
        throw new MldataError(
          'usage',
          'wrong-usage',
          `Name the dataset alone with --rollback and --delete: they are about the tag, not about ${reference}.`,
        );
      }
      const action = options.rollback ? 'rollback' : options.delete ? 'delete' : 'move';
      const moved = await engine.tag({ ...(await versionRequest(reference, options)), tag: name, action }, signal);
      if (options.json) printDocument(moved);
      else renderTag(moved, output);
    });

  const gc = shared('gc', 'remove the bytes of versions that are not kept')
    .argument('[targets...]', 'datasets of the config, or build folders; every dataset when none is named')
    .option('--dry-run', 'only say what would be removed')
    .option(
      '--keep <n>',
      'how many versions of a dataset keep their bytes; default: versions.keep of the config, or 10',
      wholeNumber('Give a whole number from 1 on.'),
    )
    .option('--max-bytes <size>', 'how much space they may take, such as 20GB; default: versions.maxBytes', amount)
    .action(async (targets: string[], options: GcOptions) => {
      const { dryRun = false, keep, maxBytes } = options;
      const done = await engine.collect({
        ...(await targetsRequest(targets, options)),
        dryRun,
        ...(keep !== undefined && { keep }),
        ...(maxBytes !== undefined && { maxBytes: memoryBytes(maxBytes) }),
      });
      if (options.json) printDocument(done);
      else renderGc(done, output);
    });

  for (const command of [list, show, restore, tag, gc]) versions.addCommand(command);
  return versions;
}

function shared(name: string, description: string): Command {
  return withPlaceOptions(new Command(name).description(description));
}

async function versionRequest(reference: string, options: SharedOptions): Promise<VersionRequest> {
  const { targets: _targets, ...place } = await targetsRequest([], options);
  return { ...place, reference };
}

function amount(value: string): string {
  if (memorySize.test(value)) return value;
  throw new InvalidArgumentError(`${value} is no amount of space. Give a number with its unit, such as 500MB or 20GB.`);
}
