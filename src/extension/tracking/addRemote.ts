/** "Add DVC Remote…": where DVC is to keep data, question by question. */
import { l10n, ThemeIcon, window, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { MldataError } from '../../protocol';
import type { Engine, Remote, RemoteRequest } from '../../protocol';
import { configOf, datasetOf } from '../commands/target';
import { folderOf } from '../datasets/paths';
import type { DatasetStore } from '../datasets/store';
import { ask, inform } from '../notifications';
import { requireEngineAllowed } from '../trust';
import { askInTurn, choose, write } from '../quickSteps';
import type { Ask } from '../quickSteps';
import { remoteKinds } from './remoteKinds';
import type { RemoteField, RemoteKind, SignIn } from './remoteKinds';
import { findDvcRoot } from '../datasets/trackedPlaces';
import type { Trackings } from '../datasets/trackings';

export interface RemoteTools {
  readonly engine: Pick<Engine, 'addRemote'>;
  readonly store: DatasetStore;
  readonly trackings: Trackings;
}

interface Answers {
  readonly kind?: RemoteKind;
  readonly name?: string;
  readonly url?: string;
  readonly signIn?: SignIn;
  /** By the names of fields. */
  readonly values: Readonly<Record<string, string>>;
  readonly isDefault?: boolean;
}

/** @param argument a dataset or config whose repository is meant; else the one of the active editor or the opened folder */
export async function addRemote({ engine, store, trackings }: RemoteTools, argument: unknown): Promise<void> {
  const folder = await pickFolder(store, argument);
  if (folder === undefined) return;
  requireEngineAllowed(folder);
  const root = await findDvcRoot(folder.fsPath);
  if (root === undefined) {
    throw new MldataError(
      'config',
      'dvc-repository-missing',
      l10n.t('{0} is in no DVC repository. Track a dataset with DVC first, which offers to make one.', folder.fsPath),
    );
  }
  const known = trackings.remotesIn(root).map(({ name }) => name);
  const questions = questionsWith(known);
  const answers = await askInTurn<Answers>(l10n.t('Add DVC Remote'), { values: {} }, questions);
  const request = answers && requestOf(root, answers);
  const remote = request && (await addOrReplace(engine, request));
  if (remote === undefined) return;
  await trackings.refresh();
  const files = remote.files.join(', ');
  void inform(l10n.t('Added the remote {0} at {1}. Written: {2}.', remote.name, remote.url, files));
}

async function pickFolder(store: DatasetStore, argument: unknown): Promise<Uri | undefined> {
  const config = datasetOf(store, argument)?.config ?? configOf(store, argument)?.uri;
  if (config !== undefined) return folderOf(config);
  const folders = workspace.workspaceFolders ?? [];
  return folders.length > 1 ? (await window.showWorkspaceFolderPick())?.uri : folders[0]?.uri;
}

/** What is asked of a kind depends on the answers before. */
function questionsWith(known: readonly string[]): (answers: Answers) => readonly Ask<Answers>[] {
  return ({ kind, signIn }) => {
    const isChosen = (kind?.signIns.length ?? 0) > 1;
    const fields = [...(signIn?.fields ?? [])];
    return [
      askKind,
      askName(known),
      askUrl,
      ...(kind?.fields ?? []).map(askField),
      isChosen ? askSignIn : [],
      ...fields.map(askField),
      askDefault(known),
    ].flat();
  };
}

const askKind: Ask<Answers> = async (place, { kind }) => {
  const items = remoteKinds().map((value) => ({
    label: value.label,
    description: value.detail,
    iconPath: new ThemeIcon(value.icon),
    value,
  }));
  const active = items.find(({ label }) => label === kind?.label)?.value;
  const chosen = await choose(place, l10n.t('Where is the data to be kept?'), items, active);
  // What was typed for another kind is no address or setting of this one.
  if (typeof chosen !== 'object' || chosen.label === kind?.label)
    return typeof chosen === 'object' ? { kind: chosen } : chosen;
  return { kind: chosen, url: '', values: {} };
};

function askName(known: readonly string[]): Ask<Answers> {
  return async (place, { name }) => {
    const text = await write(place, {
      prompt: l10n.t('Name of the remote'),
      value: name ?? freeName(known),
      validate: (given) => (/^[\w.-]+$/.test(given) ? undefined : l10n.t('Use letters, digits, `-`, `_` and dots.')),
    });
    return typeof text === 'string' ? { name: text } : text;
  };
}

function freeName(known: readonly string[]): string {
  const names = ['storage', ...known.map((_, index) => `storage-${index + 2}`)];
  return names.find((name) => !known.includes(name)) ?? '';
}

const askUrl: Ask<Answers> = async (place, { kind, url }) => {
  if (kind === undefined) return undefined;
  const { prompt, placeholder, pattern } = kind;
  const text = await write(place, {
    prompt,
    placeholder,
    value: url ?? '',
    validate: (given) => (pattern.test(given) ? undefined : l10n.t('Write it like {0}.', placeholder)),
  });
  return typeof text === 'string' ? { url: text } : text;
};

const askSignIn: Ask<Answers> = async (place, { kind, signIn }) => {
  const items = (kind?.signIns ?? []).map((value) => ({
    label: value.label,
    description: value.detail ?? '',
    value,
  }));
  const active = items.find(({ label }) => label === signIn?.label)?.value;
  const chosen = await choose(place, l10n.t('How does DVC sign in?'), items, active);
  return typeof chosen === 'object' ? { signIn: chosen } : chosen;
};

function askField({ name, prompt, placeholder, password = false, optional = false }: RemoteField): Ask<Answers> {
  return async (place, { values }) => {
    const text = await write(place, {
      prompt: password ? l10n.t('{0} (kept in .dvc/config.local, which git ignores)', prompt) : prompt,
      ...(placeholder !== undefined && { placeholder }),
      value: values[name] ?? '',
      password,
      validate: (given) => (optional || given !== '' ? undefined : l10n.t('This is needed.')),
    });
    return typeof text === 'string' ? { values: { ...values, [name]: text } } : text;
  };
}

function askDefault(known: readonly string[]): Ask<Answers> {
  return async (place, { isDefault = known.length === 0 }) => {
    const items = [
      { label: l10n.t('Yes'), description: l10n.t('`dvc push` and `dvc pull` use it'), value: true },
      { label: l10n.t('No'), description: l10n.t('Only where it is named'), value: false },
    ];
    const chosen = await choose(place, l10n.t('Is it the remote that is used where none is named?'), items, isDefault);
    return typeof chosen === 'boolean' ? { isDefault: chosen } : chosen;
  };
}

function requestOf(folder: string, answers: Answers): RemoteRequest | undefined {
  const { kind, name, url, signIn, values, isDefault = false } = answers;
  if (kind === undefined || name === undefined || url === undefined) return undefined;
  const fields = [...kind.fields, ...(signIn?.fields ?? [])].filter((field) => (values[field.name] ?? '') !== '');
  const of = (local: boolean): Record<string, string> =>
    Object.fromEntries(
      fields.filter((field) => (field.local ?? false) === local).map((field) => [field.name, values[field.name] ?? '']),
    );
  return { folder, name, url, default: isDefault, options: { ...signIn?.options, ...of(false) }, secrets: of(true) };
}

/** Undefined: one of that name is to stay. */
async function addOrReplace(engine: RemoteTools['engine'], request: RemoteRequest): Promise<Remote | undefined> {
  try {
    return await engine.addRemote(request);
  } catch (error) {
    if (!(error instanceof MldataError) || error.code !== 'remote-exists') throw error;
    const replace = l10n.t('Replace');
    const question = l10n.t('There is a remote {0} already.', request.name);
    const detail = l10n.t('Replacing it forgets its address, its settings and its credentials. No data is removed.');
    return (await ask(question, detail, replace)) === replace
      ? engine.addRemote({ ...request, force: true })
      : undefined;
  }
}
