/** What is asked of a new dataset: where it comes from, which rows of a database, and its name. */
import * as path from 'node:path';
import { l10n, RelativePattern, ThemeIcon, workspace } from 'vscode';
import type { Uri } from 'vscode';
import { datasetNameFor, isDataFile } from '../../config';
import { datasetNamePattern, MldataError } from '../../protocol';
import type { NewSource } from '../../protocol';
import { warn } from '../notifications';
import { choose, write } from '../quickSteps';
import type { Ask, Choice } from '../quickSteps';
import { isDatabase, isServer, sourceKinds } from './sourceKinds';
import type { SourceKind } from './sourceKinds';

export interface Answers {
  readonly kind?: SourceKind;
  readonly place?: string;
  /** Of the address of a server; in memory only. */
  readonly password?: string;
  /** Empty: a query is written. */
  readonly table?: string;
  readonly query?: string;
  readonly name?: string;
}

export interface AskedAbout {
  readonly folder: Uri;
  /** Names that datasets of the config have. */
  readonly taken: readonly string[];
  /** Of the database of the answers so far. Throws what asking it does. */
  readonly tables: (source: NewSource) => Promise<readonly string[]>;
}

/** Files that are offered; the others can be typed. */
const MOST_FILES = 200;

/** What is asked depends on the answers so far. @param known whether the place is */
export function questionsAbout(about: AskedAbout, known: boolean): (answers: Answers) => readonly Ask<Answers>[] {
  return (answers) => {
    const { kind, table } = answers;
    return [
      ...(known ? [] : [askKind, kind === 'file' ? askFile(about) : askPlace]),
      ...(isServer(kind) && !hasPassword(answers.place) ? [askPassword] : []),
      ...(isDatabase(kind) ? [askTable(about)] : []),
      ...(isDatabase(kind) && table === '' ? [askQuery] : []),
      askName(about),
    ];
  };
}

/** With the password in the address: it leaves it before anything is written. */
export function sourceOf({ place = '', password = '', table, query }: Answers): NewSource {
  const at = password === '' ? place : place.replace(/^([a-z]+:\/\/[^@/]*?)@/i, `$1:${encodeURIComponent(password)}@`);
  return { place: at, ...(table ? { table } : query ? { query } : {}) };
}

/** `user:…@`, be it a reference. */
function hasPassword(place = ''): boolean {
  return /^[a-z]+:\/\/[^/]*:[^/]*@/i.test(place) || !/^[a-z]+:\/\/[^/]+@/i.test(place);
}

const askKind: Ask<Answers> = async (place, { kind }) => {
  const items: Choice<SourceKind>[] = sourceKinds().map(({ kind: value, label, detail, icon }) => ({
    ...{ label, description: detail, iconPath: new ThemeIcon(icon), value },
  }));
  const chosen = await choose(place, l10n.t('Where does the data come from?'), items, kind);
  if (typeof chosen !== 'string') return chosen;
  // What was typed for another kind is no address of this one.
  return chosen === kind ? { kind: chosen } : { kind: chosen, place: '', password: '', table: '', query: '', name: '' };
};

function askFile({ folder }: AskedAbout): Ask<Answers> {
  return async (at, answers) => {
    const files = (await workspace.findFiles(new RelativePattern(folder, '**/*'), undefined, 20 * MOST_FILES))
      .map((uri) => path.relative(folder.fsPath, uri.fsPath).split(path.sep).join('/'))
      .filter((name) => isDataFile(name) && !name.split('/').some((part) => part.startsWith('.')))
      .sort();
    if (files.length === 0) return askPlace(at, answers);
    const items: Choice<string>[] = [
      ...files.slice(0, MOST_FILES).map((value) => ({ label: value, iconPath: new ThemeIcon('file'), value })),
      { label: l10n.t('Another Path or Pattern…'), alwaysShow: true, iconPath: new ThemeIcon('edit'), value: '' },
    ];
    const chosen = await choose(at, l10n.t('Which file?'), items, answers.place);
    if (chosen === '') return askPlace(at, answers);
    return typeof chosen === 'string' ? { place: chosen } : chosen;
  };
}

const askPlace: Ask<Answers> = async (at, { kind = 'file', place }) => {
  const known = sourceKinds().find((each) => each.kind === kind);
  const { prompt = '', placeholder = '', pattern = /./ } = known ?? {};
  const text = await write(at, {
    ...{ prompt, placeholder, value: place ?? '' },
    validate: (given) => (pattern.test(given) ? undefined : l10n.t('Write it like {0}.', placeholder)),
  });
  return typeof text === 'string' ? { place: text } : text;
};

const askPassword: Ask<Answers> = async (at, { password }) => {
  const text = await write(at, {
    prompt: l10n.t('Password; it is kept in the credentials of this workspace, not in the configuration'),
    value: password ?? '',
    password: true,
  });
  return typeof text === 'string' ? { password: text } : text;
};

function askTable({ tables }: AskedAbout): Ask<Answers> {
  return async (at, answers) => {
    const { place = '', password = '' } = answers;
    const found = await tables(sourceOf({ place, password })).catch((error: unknown) => {
      if (!(error instanceof MldataError) || error.kind === 'cancelled') throw error;
      // A server that is away for now may have the table all the same.
      void warn(error.message);
      return undefined;
    });
    if (found === undefined) return askTableName(at, answers);
    const items: Choice<string>[] = [
      ...found.map((value) => ({ label: value, iconPath: new ThemeIcon('table'), value })),
      { label: l10n.t('Write a Query…'), alwaysShow: true, iconPath: new ThemeIcon('edit'), value: '' },
    ];
    const chosen = await choose(at, l10n.t('Which table?'), items, answers.table || found[0]);
    return typeof chosen === 'string' ? { table: chosen } : chosen;
  };
}

const askTableName: Ask<Answers> = async (at, { table }) => {
  const text = await write(at, {
    prompt: l10n.t('Name of the table'),
    placeholder: 'public.people',
    value: table ?? '',
    validate: (given) => (given === '' ? l10n.t('This is needed.') : undefined),
  });
  return typeof text === 'string' ? { table: text } : text;
};

const askQuery: Ask<Answers> = async (at, { query }) => {
  const text = await write(at, {
    prompt: l10n.t('Query whose rows are taken'),
    placeholder: 'SELECT id, age FROM people WHERE age > 17',
    value: query ?? '',
    validate: (given) => (/^\s*(select|with|from|table|values)\b/i.test(given) ? undefined : l10n.t('Write a SELECT.')),
  });
  return typeof text === 'string' ? { query: text } : text;
};

function askName({ taken }: AskedAbout): Ask<Answers> {
  return async (at, answers) => {
    const text = await write(at, {
      prompt: l10n.t('Name of the dataset'),
      value: answers.name || datasetNameFor(sourceOf(answers), taken),
      validate: (given) => {
        if (!datasetNamePattern.test(given)) return l10n.t('Use letters, digits, `-`, `_` and dots.');
        return taken.includes(given) ? l10n.t('There is a dataset {0} already.', given) : undefined;
      },
    });
    return typeof text === 'string' ? { name: text } : text;
  };
}
