/**
 * Croissant 1.0 (docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html): JSON-LD that says which files there are and
 * how records come out of them. What its own reader, `mlcroissant`, takes and refuses is what counts.
 */
import { isAddress } from '../../evolution';
import type { ExportedFile, ExportFormat } from '../../../protocol';
import { patternsOf, type DatasetFacts } from './facts';
import { croissantFields, slugOf } from './croissantFields';
import { croissantContext, type CroissantDocument, type RecordSet, type Source } from './croissantDocument';
import { licenseAddress } from './licenses';

export const CROISSANT_FILE = 'croissant.json';

const mediaTypes: Readonly<Record<ExportFormat, string>> = {
  // The one that its reader opens.
  parquet: 'application/x-parquet',
  csv: 'text/csv',
  jsonl: 'application/jsonlines',
  json: 'application/json',
  arrow: 'application/vnd.apache.arrow.file',
};

/** Formats that records are read from, the best first. */
const readable: readonly ExportFormat[] = ['parquet', 'jsonl', 'csv'];

export interface Croissant {
  readonly document: CroissantDocument;
  /** Columns that it has no words for, which its records are without. */
  readonly leftOut: readonly string[];
  /** Whether records come out of it: not of every format. */
  readonly hasRecords: boolean;
}

export function croissantOf(facts: DatasetFacts): Croissant {
  const { name, title, description, license, homepage, citation, keywords, contributors, builtAt, files } = facts;
  const source = readableFiles(facts);
  const fileIds = new Set(files.map(({ path }) => path));
  const set = source && asSet(source, facts) ? { id: freeId('files', fileIds), files: source } : undefined;
  const [first] = source ?? [];
  const from: Source | undefined = set
    ? { fileSet: { '@id': set.id } }
    : first && { fileObject: { '@id': first.path } };
  const records = from && source && recordSets(facts, from, source);
  return {
    document: {
      '@context': croissantContext,
      '@type': 'sc:Dataset',
      conformsTo: 'http://mlcommons.org/croissant/1.0',
      name: title ?? name,
      ...(title !== undefined && { alternateName: name }),
      ...(description !== undefined && { description }),
      ...(license !== undefined && { license: licenseAddress(license) ?? license }),
      ...(homepage !== undefined && isAddress(homepage) && { url: homepage }),
      ...(contributors.length > 0 && { creator: contributors.map((person) => ({ '@type': 'Person', name: person })) }),
      ...(builtAt !== undefined && { datePublished: builtAt }),
      ...(citation !== undefined && { citeAs: citation }),
      ...(keywords.length > 0 && { keywords: [...keywords] }),
      distribution: [
        ...files.map((file) => ({
          '@type': 'cr:FileObject' as const,
          '@id': file.path,
          name: file.path,
          contentUrl: file.path,
          contentSize: `${file.bytes} B`,
          encodingFormat: mediaTypeOf(file),
          sha256: file.sha256,
        })),
        ...(set
          ? [
              {
                '@type': 'cr:FileSet' as const,
                '@id': set.id,
                name: set.id,
                encodingFormat: mediaTypeOf(set.files[0]),
                includes: patternsOf(set.files),
              },
            ]
          : []),
      ],
      ...(records && { recordSet: records.sets }),
    },
    leftOut: records?.leftOut ?? [],
    hasRecords: records !== undefined,
  };
}

/** Compressed text is opened where it is gzip. */
function readableFiles({ files }: DatasetFacts): readonly [ExportedFile, ...ExportedFile[]] | undefined {
  for (const format of readable) {
    const [first, ...others] = files.filter((file) => file.format === format && !file.path.endsWith('.zst'));
    if (first) return [first, ...others];
  }
  return undefined;
}

/** A record tells its split by the file it is in. */
function asSet(files: readonly ExportedFile[], { splits }: DatasetFacts): boolean {
  return files.length > 1 || splits.length > 0;
}

function mediaTypeOf({ format }: ExportedFile): string {
  const known = Object.entries(mediaTypes).find(([name]) => name === format);
  return known?.[1] ?? 'application/octet-stream';
}

/** Ids of files are their paths. */
function freeId(id: string, taken: ReadonlySet<string>): string {
  return taken.has(id) ? freeId(`${id}-`, taken) : id;
}

function recordSets(
  facts: DatasetFacts,
  from: Source,
  [{ format = 'parquet' }]: readonly [ExportedFile, ...ExportedFile[]],
): { readonly sets: RecordSet[]; readonly leftOut: readonly string[] } {
  const { splits, shape } = facts;
  const id = 'records';
  const taken = new Set<string>();
  const { fields, ids, leftOut } = croissantFields(shape.columns, { id, from, format, taken });
  const key = shape.primaryKey.flatMap((column) => {
    const field = ids.get(column);
    return field === undefined ? [] : [{ '@id': field }];
  });
  const records: RecordSet = {
    '@type': 'cr:RecordSet',
    '@id': id,
    name: id,
    ...(key.length > 0 && { key }),
    field: fields,
  };
  if (splits.length === 0) return { sets: [records], leftOut };
  const names = splits.map(({ name }) => name);
  const split: RecordSet['field'][number] = {
    '@type': 'cr:Field',
    '@id': slugOf(id, 'split', taken),
    name: 'split',
    description: 'The split that the record is in.',
    dataType: 'sc:Text',
    source: {
      ...from,
      extract: { fileProperty: 'filename' },
      // Its reader applies it twice: the second time to the name of a split.
      transform: { regex: `^(${names.join('|')})(?:[-.].*)?$` },
    },
    references: { field: { '@id': 'splits/name' } },
  };
  const table: RecordSet = {
    '@type': 'cr:RecordSet',
    '@id': 'splits',
    name: 'splits',
    dataType: 'cr:Split',
    key: { '@id': 'splits/name' },
    field: [{ '@type': 'cr:Field', '@id': 'splits/name', name: 'name', dataType: 'sc:Text' }],
    data: names.map((name) => ({ 'splits/name': name })),
  };
  return { sets: [table, { ...records, field: [...fields, split] }], leftOut };
}
