/** Changing values of a config file: checked before anything is written, and written in one step. */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { editConfig, parseConfig, parseUserConfig } from '../config';
import { hasErrors, MldataError, type Finding } from '../protocol';
import { makeFolder } from './folders';
import { textOf } from './userLayer';

export interface ConfigEntry {
  readonly path: readonly string[];
  /** Undefined: the entry goes. */
  readonly value: unknown;
}

interface ConfigFile {
  /** Absolute. */
  readonly file: string;
  /** The user's own config is made where there is none. */
  readonly kind: 'user' | 'workspace';
}

export type ConfigChange = ConfigFile & ConfigEntry;

const NEW_USER_CONFIG = 'version: 1\n';

/** As {@link changeConfigs}, of one value. */
export function changeConfig({ file, kind, path, value }: ConfigChange): Promise<boolean> {
  return changeConfigs({ file, kind, entries: [{ path, value }] });
}

/**
 * All of them or none. Tells whether there was anything to change. Throws `config-invalid`, `value-refused`,
 * `edit-refused`, `config-unwritable`.
 */
export async function changeConfigs({
  file,
  kind,
  entries,
}: ConfigFile & { readonly entries: readonly ConfigEntry[] }): Promise<boolean> {
  const before = await textOf(file);
  const isWritten = entries.some(({ value }) => value !== undefined);
  if (before === undefined && (kind === 'workspace' || !isWritten)) {
    if (kind === 'user') return false;
    throw new MldataError('config', 'config-unreadable', `${file} cannot be read: there is no such file.`);
  }
  const text = kind === 'user' ? started(before ?? '', file) : (before ?? '');
  const judge = (content: string): readonly Finding[] =>
    (kind === 'user' ? parseUserConfig : parseConfig)(content, file).findings;
  const faults = judge(text);
  // What is no YAML, or says a thing twice, cannot be changed in one place.
  if (faults.some(({ code }) => code.startsWith('yaml-') || code === 'duplicate-key')) throw invalid(file, faults);

  const after = entries.reduce((content, entry) => edited(content, file, entry), text);
  if (after === before) return false;
  const wrong = judge(after).find(({ severity }) => severity === 'error');
  if (wrong) {
    if (hasErrors(faults)) throw invalid(file, faults);
    const { message, suggestion } = wrong;
    const hint = suggestion === undefined || message.includes('Did you mean') ? '' : ` ${suggestion}`;
    const keys = entries.map(({ path }) => `\`${path.join('.')}\``).slice(0, SHOWN);
    throw new MldataError(
      'config',
      'value-refused',
      `${keys.join(', ')} ${keys.length === 1 ? 'was' : 'were'} not changed. ${message}${hint}`,
    );
  }
  await replaceFile(file, after);
  return true;
}

/**
 * Writes the whole text of a config, as one step. Throws `config-changed` where it is no longer what it was, and
 * `config-unwritable`.
 * @param before undefined: there was none
 */
export async function writeConfig(file: string, before: string | undefined, after: string): Promise<void> {
  if ((await textOf(file)) !== before) {
    throw new MldataError('config', 'config-changed', `${file} was changed meanwhile. Nothing was written. Try again.`);
  }
  await replaceFile(file, after);
}

const SHOWN = 5;

function edited(text: string, file: string, { path, value }: ConfigEntry): string {
  const after = editConfig(text, path, value);
  if (after !== undefined) return after;
  throw new MldataError(
    'config',
    'edit-refused',
    `${file}: \`${path.join('.')}\` cannot be changed by itself, because an alias, an anchor, a list or a text is in the way. Edit the file by hand.`,
  );
}

/** A file without content begins with the version. */
function started(text: string, file: string): string {
  if (text === '') return NEW_USER_CONFIG;
  const { findings, locate } = parseUserConfig(text, file);
  const isSilent = findings.length === 0 && locate([]) === undefined;
  return isSilent ? (editConfig(text, ['version'], 1) ?? text) : text;
}

function invalid(file: string, findings: readonly Finding[]): MldataError {
  return new MldataError('config', 'config-invalid', `${file} has errors. Correct them first.`, findings);
}

/** Behind a link, such as one into a repository of dotfiles, the file that it leads to. */
async function replaceFile(file: string, text: string): Promise<void> {
  try {
    await makeFolder(dirname(file));
    const target = await realpath(file).catch(() => file);
    const mode = await stat(target).then(
      (found) => found.mode & 0o777,
      () => 0o644,
    );
    const draft = join(dirname(target), `.${basename(target)}.${randomBytes(4).toString('hex')}`);
    try {
      const handle = await open(draft, 'wx', mode);
      try {
        await handle.writeFile(text);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, target);
    } finally {
      await rm(draft, { force: true });
    }
  } catch (error) {
    const { message } = error as Error;
    throw new MldataError('config', 'config-unwritable', `${file} cannot be written: ${message}. It is as it was.`);
  }
}
