/** Remotes of a DVC repository: where `dvc push` puts the bytes, and the clones of others pull them from. */
import { randomBytes } from 'node:crypto';
import { lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { MldataError, type Remote, type RemoteRequest, type TrackingStatus } from '../../../protocol';
import { makeFolder } from '../../folders';
import { documentHead } from '../../version';
import { replaceText } from '../change';
import { findGit, ignoredByGit, inRepository, trackedByGit } from '../git';
import type { DvcConfig } from './config';
import { editIni, readIni } from './ini';
import { kindOfAddress, localFolder, shownAddress, writtenPath } from './remoteAddress';
import { pathSettings, wrongValue, type RemoteKind } from './remoteKinds';
import { findDvc, type DvcRepository } from './repository';

/** In the order in which the config has them; a local one has the path that it stands for. */
export function listRemotes(config: DvcConfig): TrackingStatus['remotes'] {
  const chosen = defaultRemote(config);
  return [...config].flatMap(([section, settings]) => {
    const name = /^remote "(.*)"$/.exec(section)?.[1];
    const url = settings.get('url');
    if (name === undefined || url === undefined) return [];
    return [{ name, url: localFolder(url) ?? shownAddress(url.value), default: name === chosen }];
  });
}

/** The remote that is meant where none is named. */
export function defaultRemote(config: DvcConfig): string | undefined {
  return config.get('core')?.get('remote')?.value.toLowerCase();
}

/** What is written into the config of everybody, and into that of this clone. */
interface RemoteSettings {
  readonly shared: Readonly<Record<string, string>>;
  readonly secret: Readonly<Record<string, string>>;
}

/**
 * As `dvc remote add` does, with credentials in `.dvc/config.local` only. Comments of the config stay. Throws
 * `dvc-repository-missing`, `dvc-config-unreadable`, `remote-name`, `remote-url`, `remote-setting`, `remote-exists`,
 * `remote-secrets-exposed` and `tracking-unwritable`.
 */
export async function addRemote(request: RemoteRequest): Promise<Remote> {
  const dvc = await findDvc(request.folder);
  if (dvc === undefined) {
    const text = `There is no DVC repository at ${request.folder} or above. Make one first: \`dvc init\`, or \`mldata track --dvc --init\`.`;
    throw new MldataError('config', 'dvc-repository-missing', text);
  }
  const name = checkedName(request.name);
  const section = `remote "${name}"`;
  const settings = settingsOf(request, dvc);
  const before = { shared: await textAt(dvc, 'config'), local: await textAt(dvc, 'config.local') };
  const old = { shared: keysOf(before.shared, section), local: keysOf(before.local, section) };
  if (request.force !== true && old.shared.length + old.local.length > 0) {
    const text = `There is a remote ${name} already. Choose another name, or replace it (\`--force\`).`;
    throw new MldataError('usage', 'remote-exists', text);
  }
  const chosen = request.default ? edited(before.shared, 'core', { remote: name }) : before.shared;
  const shared = edited(chosen, section, { ...settings.shared, ...without(old.shared, settings.shared) });
  // What belonged to the old place would be sent to the new one, or make the config one that DVC refuses.
  const cleared = edited(before.local, section, without(old.local, {}));
  const local = edited(cleared, section, settings.secret);

  const files: string[] = [];
  if (Object.keys(settings.secret).length > 0 && (await ignoreLocal(dvc))) files.push('.dvc/.gitignore');
  // A remote without an address makes the config one that DVC refuses: settings of this clone come after it.
  if (cleared !== before.local) await writePrivate(dvc, cleared);
  await replaceText(join(dvc.folder, 'config'), shared);
  files.push('.dvc/config');
  if (local !== cleared) await writePrivate(dvc, local);
  if (local !== before.local) files.push('.dvc/config.local');
  return {
    ...documentHead('mldata/track-remote'),
    name,
    url: shownAddress(settings.shared['url'] ?? ''),
    default: request.default,
    files: files.toSorted(),
  };
}

/** In lower case, as DVC names it. */
function checkedName(written: string): string {
  const name = written.trim().toLowerCase();
  // DVC would empty the config when it next writes into it: with quotes it fails, and with letters that are not ASCII.
  if (/^[ -~]+$/.test(name) && !/['"[\]]/.test(name)) return name;
  const text = `A remote cannot be called ${JSON.stringify(written)}. Give it a name of plain letters and digits, such as \`storage\`.`;
  throw new MldataError('usage', 'remote-name', text);
}

function settingsOf({ url, folder, options = {}, secrets = {} }: RemoteRequest, dvc: DvcRepository): RemoteSettings {
  const kind = kindOfAddress(url);
  for (const key of Object.keys(options)) {
    if (!kind.secrets.includes(key)) continue;
    const text = `\`${key}\` lets whoever has it in, and \`.dvc/config\` is in git. Give it as a secret, which is kept in \`.dvc/config.local\`.`;
    throw new MldataError('usage', 'remote-setting', text);
  }
  const place = (given: Readonly<Record<string, string>>) =>
    Object.fromEntries(
      Object.entries(given).map(([key, value]) => {
        checkSetting(kind, url, key, value);
        return [key, pathSettings.includes(key) ? writtenPath(value, folder, dvc.folder) : value];
      }),
    );
  return { shared: { url: writtenPath(url, folder, dvc.folder), ...place(options) }, secret: place(secrets) };
}

function checkSetting(kind: RemoteKind, url: string, key: string, value: string): void {
  const type = Object.hasOwn(kind.settings, key) ? kind.settings[key] : undefined;
  if (type === undefined) {
    const known = Object.keys(kind.settings).toSorted().join(', ');
    const text = `A remote at ${url} has no setting \`${key}\`. It has ${known}.`;
    throw new MldataError('usage', 'remote-setting', text);
  }
  const wrong = wrongValue(type, value);
  if (wrong === undefined) return;
  throw new MldataError('usage', 'remote-setting', `\`${key}\` of a remote is ${wrong}.`);
}

/** Throws `remote-setting` where DVC would not read back what was written. */
function edited(text: string, section: string, values: Readonly<Record<string, string | undefined>>): string {
  const result = editIni(text, section, values);
  const { entries, broken } = readIni(result);
  const found = new Map(entries.filter((entry) => entry.section === section).map(({ key, value }) => [key, value]));
  for (const [key, value] of Object.entries(values)) {
    // `%(name)s` would stand for another setting.
    if (broken === undefined && found.get(key) === value && value?.includes('%(') !== true) continue;
    const text = `The value of \`${key}\` cannot stand in a config of DVC: it has line breaks, both kinds of quotes, or \`%(\` in it.`;
    throw new MldataError('usage', 'remote-setting', text);
  }
  return result;
}

/** Keys to be removed: those there were and are not to be. */
function without(old: readonly string[], now: Readonly<Record<string, string>>): Record<string, undefined> {
  return Object.fromEntries(old.filter((key) => !(key in now)).map((key) => [key, undefined]));
}

function keysOf(text: string, section: string): string[] {
  return readIni(text).entries.flatMap((entry) => (entry.section === section ? [entry.key] : []));
}

async function textAt(dvc: DvcRepository, name: string): Promise<string> {
  return readFile(join(dvc.folder, name), 'utf8').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  });
}

/** Sees to it that git never takes `config.local`, and tells whether a line of `.dvc/.gitignore` was needed for that. */
async function ignoreLocal(dvc: DvcRepository): Promise<boolean> {
  const git = await findGit(dvc.root).catch(() => undefined);
  if (git === undefined) return false;
  const path = inRepository(git, join(dvc.folder, 'config.local'));
  if ((await trackedByGit(git, [path])).length > 0) {
    throw exposed(`git tracks ${path}. Take it out first: \`git rm --cached ${path}\``);
  }
  if ((await ignoredByGit(git, [path])).length > 0) return false;
  const before = await textAt(dvc, '.gitignore');
  const ended = before === '' || before.endsWith('\n') ? before : `${before}\n`;
  await replaceText(join(dvc.folder, '.gitignore'), `${ended}/config.local\n`);
  if ((await ignoredByGit(git, [path])).length > 0) return true;
  throw exposed(`git does not ignore ${path} whatever \`.dvc/.gitignore\` says`);
}

function exposed(why: string): MldataError {
  return new MldataError('config', 'remote-secrets-exposed', `Credentials are not written: ${why}.`);
}

/** `config.local`, for nobody but its owner. Its draft lies where git does not look either. */
async function writePrivate(dvc: DvcRepository, text: string): Promise<void> {
  const file = join(dvc.folder, 'config.local');
  const draft = join(dvc.folder, 'tmp', `config.local.${randomBytes(4).toString('hex')}`);
  try {
    if ((await lstat(file).catch(() => undefined))?.isSymbolicLink()) throw new Error('it is a link');
    await makeFolder(join(dvc.folder, 'tmp'));
    const handle = await open(draft, 'wx', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new MldataError(
      'buildFailed',
      'tracking-unwritable',
      `${file.split(sep).join('/')} cannot be written: ${why}.`,
    );
  } finally {
    await rm(draft, { force: true });
  }
}
