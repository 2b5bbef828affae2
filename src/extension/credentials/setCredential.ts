/** "Set Credential…": which of those that configs name, and what it is, typed unseen. */
import { l10n, workspace } from 'vscode';
import { credentialNamesIn, isCredentialName, writtenReference } from '../../config';
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

export async function setCredential(store: DatasetStore, credentials: CredentialStore): Promise<void> {
  const [folder] = workspace.workspaceFolders ?? [];
  if (folder === undefined) return;
  requireEngineAllowed(folder.uri);
  const named = new Set(store.configs.flatMap(({ parsed }) => credentialNamesIn(parsed.document.data)));
  const known = [...new Set([...named, ...credentials.names])].sort();
  const answers = await askInTurn<Answers>(l10n.t('Set Credential'), {}, ({ listed }) => [
    ...(known.length > 0 ? [askListed(known, credentials)] : []),
    ...(known.length === 0 || listed === '' ? [askName] : []),
    askValue,
  ]);
  if (answers === undefined) return;
  const name = answers.listed || answers.name;
  if (name === undefined) return;
  if (answers.value) {
    await credentials.set(name, answers.value);
    void inform(
      l10n.t(
        'Set the credential {0} for this workspace. A config names it as {1}.',
        name,
        writtenReference({ kind: 'credential', name }),
      ),
    );
  } else if (await confirmRemoval(name)) {
    await credentials.remove(name);
    void inform(l10n.t('Removed the credential {0}.', name));
  }
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

const askValue: Ask<Answers> = async (place) => {
  const text = await write(place, {
    prompt: l10n.t('The password or token; leave it empty to remove the one that is set'),
    password: true,
  });
  return typeof text === 'string' ? { value: text } : text;
};

async function confirmRemoval(name: string): Promise<boolean> {
  const remove = l10n.t('Remove');
  const detail = l10n.t('What names it cannot be read until it is set again.');
  return (await ask(l10n.t('Remove the credential {0}?', name), detail, remove)) === remove;
}
