/** `mldata track remote add NAME URL` */
import { Command, InvalidArgumentError, Option } from 'commander';
import { MldataError } from '../protocol';
import { readSecrets } from './ask';
import { withPlaceOptions, type CommandContext } from './command';
import { printDocument } from './document';

interface RemoteOptions {
  readonly default?: boolean;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly option: Readonly<Record<string, string>>;
  readonly secret: readonly string[];
}

export function trackRemoteCommand({ engine, output }: CommandContext): Command {
  const add = withPlaceOptions(new Command('add').description('add a place where DVC pushes to and pulls from'))
    .argument('<name>', 'what it is called')
    .argument('<url>', 'a folder, or an address that begins with s3:, gs:, azure:, ssh:, http: or https:')
    .option('--default', 'push to it and pull from it where none is named')
    .addOption(
      new Option('--option <key=value>', 'a setting that everybody may see; may be given several times')
        .argParser(setting)
        .default({}, 'none'),
    )
    .addOption(
      new Option(
        '--secret <key>',
        'a credential, whose value is the next line of standard input; may be given several times',
      )
        .argParser((key: string, before: readonly string[]) => [...before, key])
        .default([], 'none'),
    )
    .option('--force', 'replace a remote of this name')
    .action(async (name: string, url: string, _: object, command: Command) => {
      // `track` itself takes those of its own that stand behind.
      const options = command.optsWithGlobals<RemoteOptions>();
      const secrets = await readSecrets(options.secret);
      if (secrets === undefined) {
        const text = `Standard input has fewer lines than there are credentials: ${options.secret.join(', ')}, one line each.`;
        throw new MldataError('usage', 'wrong-usage', text);
      }
      const added = await engine.addRemote({
        folder: process.cwd(),
        ...{ name, url, default: options.default === true, options: options.option, secrets },
        ...(options.force && { force: true }),
      });
      if (options.json) {
        printDocument(added);
        return;
      }
      output.note(`${added.name} is ${added.url}${added.default ? ', the default remote' : ''}.`);
      output.note(`  written  ${added.files.join(', ')}`);
      if (added.files.includes('.dvc/config.local'))
        output.note('  Credentials are in .dvc/config.local, which git ignores.');
      output.note(`Next: git add .dvc/config, and dvc push${added.default ? '' : ` --remote ${added.name}`}.`);
    });
  return new Command('remote').description('where DVC pushes to and pulls from').addCommand(add);
}

function setting(value: string, before: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const equals = value.indexOf('=');
  if (equals > 0) return { ...before, [value.slice(0, equals)]: value.slice(equals + 1) };
  throw new InvalidArgumentError('Give a key and a value, such as region=eu-west-1.');
}
