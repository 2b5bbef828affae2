/** What is asked before an export. Enter takes what most want. */
import * as path from 'node:path';
import { l10n, ThemeIcon, Uri, window, workspace } from 'vscode';
import { exportDocuments, exportFormats } from '../../protocol';
import type {
  ColumnType,
  ExportDocument,
  ExportFormat,
  ExportFramework,
  ExportRequest,
  SplitRecord,
} from '../../protocol';
import { rows } from '../format';
import { askInTurn, choose, chooseSome } from '../quickSteps';
import type { Ask, Choice, Group } from '../quickSteps';
import { columnIcons } from '../views/icons';
import type { ExportSubject } from './exportSubject';
import { formatWord } from './progressText';

/** Files in formats that one chooses, or a package for a framework. */
type ExportKind = 'files' | ExportFramework;

/** One that may be what is to be predicted. */
export interface TargetColumn {
  readonly name: string;
  readonly type: ColumnType;
}

interface Answers extends Pick<ExportRequest, 'formats' | 'documents' | 'splits' | 'targetColumn'> {
  readonly kind: ExportKind;
  readonly compression?: string;
  readonly output?: string;
}

const OTHER_FOLDER = Symbol('other folder');

/**
 * The request as the user wants it, undefined where they leave.
 * @param framework absent: what to make is asked first
 * @param columns of the data, asked for once the target has to be chosen from them
 */
export async function askForExport(
  subject: ExportSubject,
  framework: ExportFramework | undefined,
  columns: () => Promise<readonly TargetColumn[]>,
): Promise<ExportRequest | undefined> {
  const title = l10n.t('Export {0}', subject.title);
  const answers = await askInTurn<Answers>(title, { kind: framework ?? 'files' }, ({ kind }) => [
    ...(framework === undefined ? [askKind] : []),
    ...(kind === 'files' ? [askFormats] : []),
    ...(splitsOf(subject).length > 1 ? [askSplits(subject)] : []),
    ...(kind === 'pytorch' && !hasTarget(subject) ? [askTarget(columns)] : []),
    ...(kind === 'pytorch' ? [askCompression] : []),
    askFolder(subject),
  ]);
  if (answers === undefined) return undefined;
  const { kind, ...chosen } = answers;
  return { ...subject.request, ...chosen, ...(kind !== 'files' && { framework: kind }) };
}

const askKind: Ask<Answers> = async (place, { kind }) => {
  const items: readonly Choice<ExportKind>[] = [
    choice('files', l10n.t('Files'), l10n.t('In formats of your choice'), 'file'),
    choice('pytorch', l10n.t('PyTorch Package'), l10n.t('Python code that loads the data, and an example'), 'package'),
    choice('huggingface', l10n.t('Hugging Face Dataset'), l10n.t('A folder for load_dataset, with a card'), 'hubot'),
  ];
  const chosen = await choose(place, l10n.t('What to make?'), items, kind);
  return typeof chosen === 'string' ? { kind: chosen } : chosen;
};

const askFormats: Ask<Answers> = async (place, { formats = ['parquet'], documents = [] }) => {
  const groups: readonly Group<ExportFormat | ExportDocument>[] = [
    {
      heading: l10n.t('Formats'),
      choices: [
        choice('parquet', formatWord('parquet'), l10n.t('Small and quick to read; keeps every type')),
        choice('csv', formatWord('csv'), l10n.t('For spreadsheets; types are not kept')),
        choice('jsonl', formatWord('jsonl'), l10n.t('One object in each line')),
        choice('arrow', formatWord('arrow'), l10n.t('Read without decoding; large')),
        choice('json', formatWord('json'), l10n.t('One list of objects')),
      ],
    },
    {
      heading: l10n.t('Descriptions'),
      choices: [
        choice('card', l10n.t('Dataset card'), 'README.md'),
        choice('croissant', 'Croissant', l10n.t('For search engines and loaders of datasets')),
        choice('datapackage', 'Data Package', l10n.t('For Frictionless tools')),
      ],
    },
  ];
  const chosen = await chooseSome(place, l10n.t('Which formats?'), groups, [...formats, ...documents], (values) =>
    exportFormats.some(among(values)) ? undefined : l10n.t('Choose at least one format.'),
  );
  if (typeof chosen !== 'object') return chosen;
  return { formats: exportFormats.filter(among(chosen)), documents: exportDocuments.filter(among(chosen)) };
};

function askSplits(subject: ExportSubject): Ask<Answers> {
  return async (place, { splits }) => {
    const all = splitsOf(subject);
    const choices = all.map((split) => choice(split.name, split.name, rows(split.rows)));
    const names = all.map(({ name }) => name);
    const chosen = await chooseSome(place, l10n.t('Which splits?'), [{ choices }], splits ?? names);
    return typeof chosen === 'object' ? { splits: chosen } : chosen;
  };
}

/** What is to be predicted often stands last. */
function askTarget(columns: () => Promise<readonly TargetColumn[]>): Ask<Answers> {
  return async (place, { targetColumn }) => {
    const all = await columns();
    const items = all.map(({ name, type }) => ({
      label: name,
      description: type,
      iconPath: columnIcons[type],
      value: name,
    }));
    const chosen = await choose(
      place,
      l10n.t('Which column is to be predicted?'),
      items,
      targetColumn ?? all.at(-1)?.name,
    );
    return typeof chosen === 'string' ? { targetColumn: chosen } : chosen;
  };
}

const askCompression: Ask<Answers> = async (place, { compression = 'zstd' }) => {
  const items: readonly Choice<string>[] = [
    choice('zstd', l10n.t('Parquet with Zstandard'), l10n.t('Small files')),
    choice('snappy', l10n.t('Parquet with Snappy'), l10n.t('Larger files that take less work to read')),
    choice('none', l10n.t('Parquet without compression'), l10n.t('The largest files')),
  ];
  const chosen = await choose(place, l10n.t('How is the data kept?'), items, compression);
  return typeof chosen === 'string' ? { compression: chosen } : chosen;
};

/** Another folder is one that the export comes to lie in, so that what is replaced is never a folder of the user's own. */
function askFolder({ title, home }: ExportSubject): Ask<Answers> {
  return async (place, { kind }) => {
    const name = kind === 'files' ? title : `${title}-${kind}`;
    const usual = path.join(home, name);
    const items: readonly Choice<string | typeof OTHER_FOLDER>[] = [
      choice(usual, workspace.asRelativePath(usual), undefined, 'folder'),
      choice(OTHER_FOLDER, l10n.t('In Another Folder…'), l10n.t('Makes {0} in it', name), 'folder-opened'),
    ];
    for (;;) {
      const chosen = await choose(place, l10n.t('Where to?'), items, usual);
      if (typeof chosen === 'string') return { output: chosen };
      if (chosen !== OTHER_FOLDER) return chosen;
      const picked = await window.showOpenDialog({
        title: l10n.t('Folder for {0}', name),
        openLabel: l10n.t('Export Here'),
        canSelectFiles: false,
        canSelectFolders: true,
        defaultUri: Uri.file(path.dirname(home)),
      });
      const [folder] = picked ?? [];
      if (folder !== undefined) return { output: path.join(folder.fsPath, name) };
    }
  };
}

function splitsOf({ dataset }: ExportSubject): readonly SplitRecord[] {
  return dataset?.manifest?.splits ?? [];
}

/** Exactly one of the columns that were built, as the config says now, else as it said then. */
function hasTarget({ dataset }: ExportSubject): boolean {
  const declared = dataset?.spec?.schema.columns ?? {};
  const built = dataset?.manifest?.columns ?? [];
  return built.filter(({ name, role }) => (declared[name]?.role ?? role) === 'target').length === 1;
}

function choice<T>(value: T, label: string, description?: string, icon?: string): Choice<T> {
  return {
    label,
    value,
    ...(description !== undefined && { description }),
    ...(icon !== undefined && { iconPath: new ThemeIcon(icon) }),
  };
}

function among(chosen: readonly string[]): (each: string) => boolean {
  return (each) => chosen.includes(each);
}
