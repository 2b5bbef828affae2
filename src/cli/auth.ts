/** `mldata auth login|status|logout SOURCE` */
import { Command } from 'commander';
import { ExitCode, MldataError, type CredentialsReport, type CredentialsRequest } from '../protocol';
import { readSecrets } from './ask';
import { withPlaceOptions, type CommandContext } from './command';
import type { Console } from './console';
import { printDocument } from './document';
import { configIfAny } from './findConfig';
import { tableLines } from './table';

interface AuthOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly allowPrivateAddresses?: boolean;
}

export function authCommand({ engine, output, signal }: CommandContext, exit: (code: number) => void): Command {
  const auth = new Command('auth').description('secrets that a config names: kept in the keyring, checked, forgotten');

  const tell = (report: CredentialsReport, json: boolean | undefined): void => {
    if (json) printDocument(report);
    else render(report, output);
    const isSound = report.credentials.every(({ state }) => state === 'valid' || state === 'unchecked');
    if (!isSound) exit(ExitCode.authentication);
  };

  const login = shared('login', 'keep the secret that a line of standard input brings, or that you type unseen')
    .argument('<source>', SOURCE)
    .action(async (source: string, options: AuthOptions) => {
      const request = await requestOf(source, options);
      const names = await engine.credentialNames(request);
      const secrets = await readSecrets(names);
      if (secrets === undefined) throw nothingGiven(names);
      for (const [name, value] of Object.entries(secrets)) {
        await engine.keepCredential({ name, value });
        output.note(`Kept ${name} in the keyring of this machine.`);
      }
      tell(await engine.credentialStatus(request, signal), options.json);
    });

  const status = shared('status', 'tell of each secret whether it is valid, expired, invalid or missing')
    .argument('[source]', `${SOURCE}; all that the config uses when none is named`)
    .action(async (source: string | undefined, options: AuthOptions) => {
      tell(await engine.credentialStatus(await requestOf(source, options), signal), options.json);
    });

  const logout = shared('logout', 'remove the secret from the keyring')
    .argument('<source>', SOURCE)
    .action(async (source: string, options: AuthOptions) => {
      const request = await requestOf(source, options);
      for (const name of await engine.credentialNames(request)) {
        const removed = await engine.forgetCredential(name);
        output.note(removed ? `Removed ${name} from the keyring.` : `The keyring has no ${name}.`);
      }
      if (options.json) printDocument(await engine.credentialStatus(request, signal));
    });

  for (const command of [login, status, logout]) auth.addCommand(command);
  return auth;
}

const SOURCE = 'a dataset of the config, the name of a credential, or huggingface';

function shared(name: string, description: string): Command {
  return withPlaceOptions(new Command(name).description(description)).option(
    '--allow-private-addresses',
    'also ask addresses of this machine and its network',
  );
}

async function requestOf(
  source: string | undefined,
  { config, allowPrivateAddresses }: AuthOptions,
): Promise<CredentialsRequest> {
  const configPath = await configIfAny(config);
  return {
    ...(configPath !== undefined && { configPath }),
    ...(source !== undefined && { source }),
    ...(allowPrivateAddresses !== undefined && { allowPrivateAddresses }),
  };
}

function nothingGiven(names: readonly string[]): MldataError {
  const lines = names.length === 1 ? 'a line' : `${names.length} lines, in this order`;
  return new MldataError(
    'usage',
    'credential-empty',
    `Nothing was given for ${names.join(', ')}. Type it when asked, or give ${lines} on standard input.`,
  );
}

function render({ credentials }: CredentialsReport, output: Console): void {
  if (credentials.length === 0) output.note('The config names no credential.');
  const rows = credentials.map(({ name, state, from = '', message }) => [name, state, from, message]);
  for (const line of tableLines(rows)) output.line(line);
}
