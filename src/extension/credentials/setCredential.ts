/** "Set Credential…": which of those that configs name, and what it is, typed unseen. And "Remove Credential…". */
import { commands, l10n, window, workspace } from 'vscode';
import { isCredentialName, writtenReference } from '../../config';
import { MldataError } from '../../protocol';
import { CommandId } from '../commandIds';
import { datasetOf } from '../commands/target';
import { credentialsOfConfigs, credentialsOfDataset } from '../datasets/credentialNames';
import type { DatasetStore } from '../datasets/store';
import { ask, inform } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { askInTurn, choose, write } from '../quickSteps';
import type { Ask, Choice } from '../quickSteps';
import type { CredentialStore } from './credentialStore';

interface Answers {
  /** Empty: one that no config names yet. */
  readonly listed?: string;
  readonly name?: string;
  readonly value?: string;
}

/** @param argument a dataset, whose credential is meant, where it names one only */
export async function setCredential(
  store: DatasetStore,
  credentials: CredentialStore,
  argument: unknown,
): Promise<void> {
  if (!mayBeKept()) return;
  const meant = datasetOf(store, argument);
  const own = meant === undefined ? [] : credentialsOfDataset(store.configs, meant);
  const all = new Set([...credentialsOfConfigs(store.configs), ...credentials.names]);
  const known = own.length > 0 ? own : [...all].sort();
  const only = own.length === 1 ? own[0] : undefined;
  const start: Answers = only === undefined ? {} : { listed: only };
  const answers = await askInTurn<Answers>(l10n.t('Set Credential'), start, ({ listed }) => [
    ...(known.length > 0 && only === undefined ? [askListed(known, credentials)] : []),
    ...(known.length === 0 || listed === '' ? [askName] : []),
    askValueOf(listed || only),
  ]);
  const name = answers?.listed || answers?.name;
  if (!answers?.value || name === undefined) return;
  await credentials.set(name, answers.value);
  const reference = writtenReference({ kind: 'credential', name });
  const message = l10n.t('Set the credential {0} for this workspace. A config names it as {1}.', name, reference);
  const doctor = l10n.t('Run Doctor');
  void inform(message, ...(store.configs.length > 0 ? [doctor] : [])).then((choice) => {
    if (choice === doctor) void commands.executeCommand(CommandId.runDoctor);
  });
}

/** Asks which, and whether. */
export async function removeCredential(credentials: CredentialStore): Promise<void> {
  if (!mayBeKept()) return;
  const { names } = credentials;
  if (names.length === 0) {
    throw new MldataError('usage', 'no-credentials', l10n.t('No credential is set for this workspace.'));
  }
  const name = await window.showQuickPick(names, {
    title: l10n.t('Remove Credential'),
    placeHolder: l10n.t('Which credential to remove?'),
  });
  if (name === undefined) return;
  const remove = l10n.t('Remove');
  const detail = l10n.t('What names it cannot be read until it is set again.');
  if ((await ask(l10n.t('Remove the credential {0}?', name), detail, remove)) !== remove) return;
  await credentials.remove(name);
  void inform(l10n.t('Removed the credential {0}.', name));
}

/** They belong to the folder that is opened. Throws in a workspace that is not trusted. */
function mayBeKept(): boolean {
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) return false;
  requireEngineAllowed(folder.uri);
  return true;
}

function askListed(known: readonly string[], credentials: CredentialStore): Ask<Answers> {
  return async (place, { listed }) => {
    const items: Choice<string>[] = known.map((name) => ({
      label: name,
      description: credentials.names.includes(name) ? l10n.t('is set') : l10n.t('is not set'),
      value: name,
    }));
    items.push({ label: l10n.t('Another one…'), value: '' });
    const chosen = await choose(place, l10n.t('Which credential?'), items, listed);
    return typeof chosen === 'string' ? { listed: chosen } : chosen;
  };
}

const askName: Ask<Answers> = async (place, { name }) => {
  const text = await write(place, {
    prompt: l10n.t('Name of the credential'),
    value: name ?? '',
    validate: (given) => (isCredentialName(given) ? undefined : l10n.t('Use letters, digits, `-`, `_` and dots.')),
  });
  return typeof text === 'string' ? { name: text } : text;
};

function askValueOf(name: string | undefined): Ask<Answers> {
  return async (place) => {
    const text = await write(place, {
      prompt: name === undefined ? l10n.t('The password or token') : l10n.t('The password or token: {0}', name),
      password: true,
      validate: (given) => (given === '' ? l10n.t('Type it, or press Escape to leave things as they are.') : undefined),
    });
    return typeof text === 'string' ? { value: text } : text;
  };
}
