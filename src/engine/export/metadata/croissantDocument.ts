/** A document of Croissant as its specification has it, and what its reader refuses beyond that. */
import * as z from 'zod';
import { sha256Schema, type ExportedFile } from '../../../protocol';

/** The context of version 1.0, key by key: its reader warns of another one. */
export const croissantContext = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  rai: 'http://mlcommons.org/croissant/RAI/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  equivalentProperty: 'cr:equivalentProperty',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileProperty: 'cr:fileProperty',
  fileObject: 'cr:fileObject',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  samplingRate: 'cr:samplingRate',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
} as const;

/** White space in an id is an error there. */
const id = z.string().regex(/^\S+$/);
const reference = z.strictObject({ '@id': id });
const words = z.string().min(1);

const sourceSchema = z.strictObject({
  fileObject: reference.optional(),
  fileSet: reference.optional(),
  extract: z
    .union([z.strictObject({ column: z.string() }), z.strictObject({ fileProperty: z.literal('filename') })])
    .optional(),
  transform: z.union([z.strictObject({ jsonPath: words }), z.strictObject({ regex: words })]).optional(),
});
export type Source = z.infer<typeof sourceSchema>;

const fieldSchema = z.strictObject({
  '@type': z.literal('cr:Field'),
  '@id': id,
  name: z.string(),
  description: z.string().optional(),
  dataType: z.string().startsWith('sc:').optional(),
  repeated: z.literal(true).optional(),
  source: sourceSchema.optional(),
  references: z.strictObject({ field: reference }).optional(),
  get subField() {
    return z.array(fieldSchema).min(1).optional();
  },
});
export type Field = z.infer<typeof fieldSchema>;

const recordSetSchema = z.strictObject({
  '@type': z.literal('cr:RecordSet'),
  '@id': id,
  name: words,
  dataType: z.literal('cr:Split').optional(),
  key: z.union([reference, z.array(reference)]).optional(),
  field: z.array(fieldSchema),
  data: z.array(z.record(z.string(), z.string())).optional(),
});
export type RecordSet = z.infer<typeof recordSetSchema>;

const distributionSchema = z.discriminatedUnion('@type', [
  z.strictObject({
    '@type': z.literal('cr:FileObject'),
    '@id': id,
    name: words,
    contentUrl: words,
    contentSize: z.string().regex(/^\d+ B$/),
    encodingFormat: words,
    sha256: sha256Schema,
  }),
  z.strictObject({
    '@type': z.literal('cr:FileSet'),
    '@id': id,
    name: words,
    encodingFormat: words,
    includes: z.array(words).min(1),
  }),
]);

const documentSchema = z.strictObject({
  '@context': z.custom<typeof croissantContext>((value) => value === croissantContext),
  '@type': z.literal('sc:Dataset'),
  conformsTo: z.literal('http://mlcommons.org/croissant/1.0'),
  name: words,
  alternateName: words.optional(),
  description: z.string().optional(),
  license: z.string().optional(),
  url: z.url().optional(),
  creator: z.array(z.strictObject({ '@type': z.string(), name: z.string() })).optional(),
  datePublished: z.iso.datetime({ offset: true }).optional(),
  citeAs: z.string().optional(),
  keywords: z.array(z.string()).optional(),
  distribution: z.array(distributionSchema),
  recordSet: z.array(recordSetSchema).optional(),
});
export type CroissantDocument = z.infer<typeof documentSchema>;

/** What is wrong with a document, in words; nothing where its reader takes it. */
export function croissantFaults(document: CroissantDocument, files: readonly ExportedFile[]): string[] {
  const { error } = documentSchema.safeParse(document);
  if (error) return error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  const { distribution, recordSet = [] } = document;
  const fields = recordSet.flatMap((set) => set.field.flatMap(withParts));
  const ids = [...distribution, ...recordSet, ...fields].map((node) => node['@id']);
  const there = new Set(ids);
  const fieldIds = new Set(fields.map((field) => field['@id']));
  return [
    ...ids.filter((one, index) => ids.indexOf(one) !== index).map((one) => `${one} is the id of two nodes`),
    ...fields.flatMap((field) => fieldFaults(field, there, fieldIds)),
    ...recordSet.flatMap(({ key = [] }) =>
      [key].flat().flatMap((one) => (fieldIds.has(one['@id']) ? [] : [`the key ${one['@id']} is no field`])),
    ),
    ...distribution.flatMap((file) => {
      if (file['@type'] === 'cr:FileSet') return [];
      const written = files.find(({ path }) => path === file.contentUrl);
      return written?.sha256 === file.sha256 ? [] : [`${file.contentUrl} is not what was written`];
    }),
  ];
}

function withParts(field: Field): Field[] {
  return [field, ...(field.subField ?? []).flatMap(withParts)];
}

function fieldFaults(field: Field, ids: ReadonlySet<string>, fieldIds: ReadonlySet<string>): string[] {
  const { source, references, dataType, subField } = field;
  const file = source?.fileObject ?? source?.fileSet;
  return [
    ...(dataType === undefined && subField === undefined ? [`${field['@id']} has no type`] : []),
    ...(file && !ids.has(file['@id']) ? [`${field['@id']} is read from ${file['@id']}, which is not there`] : []),
    ...(references && !fieldIds.has(references.field['@id'])
      ? [`${field['@id']} refers to ${references.field['@id']}, which is no field`]
      : []),
  ];
}
