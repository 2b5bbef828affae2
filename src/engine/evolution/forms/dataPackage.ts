/** `datapackage.json` of Frictionless (datapackage.org, version 2): files with their schema. */
import type { DatasetSpec, TableShape } from '../../../protocol';
import { isObject, present, textOf, type JsonObject, type Read, type Written } from './form';
import { fromFrictionless, toFrictionless } from './frictionless';

/** A file that holds rows of the schema. */
export interface PackagedFile {
  /** Relative to the descriptor, with forward slashes. */
  readonly path: string;
  readonly format: string;
  readonly bytes?: number;
  readonly sha256?: string;
}

type Described = Pick<DatasetSpec, 'name'> & Partial<DatasetSpec> & { /** In ISO 8601. */ readonly created?: string };

const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  jsonl: 'application/x-ndjson',
  json: 'application/json',
  parquet: 'application/vnd.apache.parquet',
  arrow: 'application/vnd.apache.arrow.file',
};

/** What its reader takes rows from by itself; other files it only holds against their size and hash. */
const tables: readonly string[] = ['csv', 'tsv'];
const texts: readonly string[] = [...tables, 'jsonl', 'json'];

/** One resource for each file. */
export function toDataPackage(shape: TableShape, spec: Described, files: readonly PackagedFile[]): Written<JsonObject> {
  const { content: schema, losses } = toFrictionless(shape);
  const { name, title, description, license, homepage, keywords, contributors, citation, created } = spec;
  const taken = new Set<string>();
  return {
    content: {
      $schema: 'https://datapackage.org/profiles/2.0/datapackage.json',
      name: nameThere(name),
      ...present({ title, description, created }),
      ...(homepage !== undefined && isAddress(homepage) && { homepage }),
      ...(keywords && keywords.length > 0 && { keywords }),
      ...(license !== undefined && { licenses: [licenseThere(license)] }),
      ...(contributors &&
        contributors.length > 0 && { contributors: contributors.map((person) => ({ title: person })) }),
      ...present({ citation }),
      resources: files.map(({ path, format, bytes, sha256 }) => {
        const isTable = tables.includes(format) && !path.endsWith('.zst');
        return {
          name: freeName(nameThere(path.replace(/(\.[A-Za-z0-9]+)+$/, '')), taken),
          path,
          type: isTable ? 'table' : 'file',
          format,
          ...present({ mediatype: mediaTypes[format] }),
          ...(texts.includes(format) && { encoding: 'utf-8' }),
          ...present({ bytes, ...(sha256 !== undefined && { hash: `sha256:${sha256}` }) }),
          schema: isTable ? asText(schema, shape) : schema,
        };
      }),
    },
    losses,
  };
}

/** What is said of columns whose values stand there as text: how times are written, and that only a missing value is none. */
function asText(schema: JsonObject, { columns }: TableShape): JsonObject {
  const fields = schema['fields'];
  if (!Array.isArray(fields)) return schema;
  return {
    ...schema,
    fields: fields.map((field: JsonObject, index) => {
      const column = columns[index];
      const type = field['type'];
      // The engine writes an interval in words, where ISO 8601 is asked for.
      if (column?.physicalType === 'INTERVAL') return { ...field, type: 'string' };
      if (type === 'datetime' || type === 'time') return { ...field, format: 'any' };
      // Else the empty text, which is one, would be missing.
      const hasAll = column?.nullable === false && type === 'string';
      return hasAll ? { ...field, missingValues: [] } : field;
    }),
  };
}

/** Whether it is an address on the web. */
export function isAddress(text: string): boolean {
  return /^https?:\/\/\S+$/.test(text) && URL.canParse(text);
}

/** Identifiers are names there, addresses are paths. */
function licenseThere(license: string): JsonObject {
  if (/^[-a-zA-Z0-9._]+$/.test(license)) return { name: license };
  return isAddress(license) ? { path: license } : { name: nameThere(license), title: license };
}

/** Names there are in lower case, of few characters. */
function nameThere(name: string): string {
  return (
    name
      .toLowerCase()
      .replace(/[^a-z0-9._-]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'data'
  );
}

/** The name itself, or with the first number that makes it another than those that are taken; it is taken then. */
export function freeName(name: string, taken: Set<string>): string {
  let free = name;
  for (let number = 2; taken.has(free); number++) free = `${name}-${number}`;
  taken.add(free);
  return free;
}

/** The names of the resources that have a schema. */
export interface ReadPackage {
  readonly names: readonly string[];
  /** Of the resource that was asked for, else of the only one; absent where neither is there. */
  readonly read?: Read;
}

/** Undefined for what is no data package. */
export function fromDataPackage(document: unknown, resource?: string): ReadPackage | undefined {
  if (!isObject(document) || !Array.isArray(document['resources'])) return undefined;
  const resources = document['resources'].flatMap((entry: unknown, index) => {
    const read = isObject(entry) ? fromFrictionless(entry['schema']) : undefined;
    return isObject(entry) && read ? [{ name: textOf(entry['name']) ?? String(index + 1), read }] : [];
  });
  const texts = new Set(resources.map(({ read }) => JSON.stringify(read.shape)));
  // Files of one schema are one table.
  const found =
    resource === undefined
      ? texts.size === 1
        ? resources[0]
        : undefined
      : resources.find(({ name }) => name === resource);
  return { names: resources.map(({ name }) => name), ...(found && { read: found.read }) };
}
