/** What is known of exported data: the one model that every document about it is written from. */
import { shapeOf, shapeOfManifest, specOf } from '../../evolution';
import type { DatasetSpec, ExportedFile, ExportFormat, TableShape } from '../../../protocol';
import type { ExportedColumn, ExportedData, ReadData } from '../exported';

export interface DatasetFacts {
  readonly name: string;
  readonly title?: string;
  readonly description?: string;
  /** An SPDX identifier, an address, or words. */
  readonly license?: string;
  readonly homepage?: string;
  readonly citation?: string;
  readonly keywords: readonly string[];
  readonly contributors: readonly string[];
  /** When it was built, in ISO 8601; absent for files. */
  readonly builtAt?: string;
  readonly rows: number;
  /** None where the rows are in no splits. */
  readonly splits: readonly { readonly name: string; readonly rows: number }[];
  /** The columns that were exported, with what is declared of their values. */
  readonly shape: TableShape;
  /** The format that lies in `data/`. */
  readonly format: ExportFormat;
  /** Files of data in all formats, by paths from the folder of the export. */
  readonly files: readonly ExportedFile[];
}

/** Throws RangeError where nothing was written. */
export function factsOf(data: ExportedData): DatasetFacts {
  const { name, rows, splits, files, formats, manifest, spec } = data;
  const [format] = formats;
  if (format === undefined) throw new RangeError('There is nothing to describe');
  return {
    name,
    ...wordsOf(spec),
    keywords: (spec?.keywords ?? []).filter(isSaid),
    contributors: (spec?.contributors ?? []).filter(isSaid),
    ...(manifest && { builtAt: manifest.createdAt }),
    ...{ rows, splits, format, files },
    shape: shapeOfData(data),
  };
}

function wordsOf(spec: DatasetSpec | undefined): Partial<DatasetFacts> {
  const keys = ['title', 'description', 'license', 'homepage', 'citation'] as const;
  return Object.fromEntries(keys.flatMap((key) => (isSaid(spec?.[key]) ? [[key, spec?.[key]]] : [])));
}

/** A blank says nothing, and its readers take none. */
function isSaid(text: string | undefined): boolean {
  return text !== undefined && text.trim() !== '';
}

/** What is declared of a column that steps have changed says nothing of its values any more. */
function shapeOfData({ columns, manifest, rows }: Pick<ReadData, 'columns' | 'manifest' | 'rows'>): TableShape {
  const held = manifest && shapeOfManifest(manifest);
  const declared = new Map(held?.columns.map((column) => [column.name, specOf(column)]));
  return shapeOf(
    columns.map(({ name, type, physicalType, nulls, spec }: ExportedColumn) => ({
      ...{ name, type, physicalType },
      spec: held === undefined ? spec : (declared.get(name) ?? {}),
      ...(rows > 0 && { missing: nulls }),
    })),
    held,
  );
}

/** The files of the format in `data/`. */
export function mainFiles({ files, format }: DatasetFacts): ExportedFile[] {
  return files.filter((file) => file.format === format);
}

/** Paths as patterns: the numbered files of a split are one. */
export function patternsOf(files: readonly ExportedFile[]): string[] {
  return [...new Set(files.map(({ path }) => path.replace(/-\d+(-of-\d+\.)/, '-*$1')))];
}
