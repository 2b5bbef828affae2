/** `datapackage.json` of Frictionless (specs.frictionlessdata.io/data-package, version 1): files with their schema. */
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

type Described = Pick<DatasetSpec, 'name'> & Partial<DatasetSpec>;

/** One resource for each file. */
export function toDataPackage(shape: TableShape, spec: Described, files: readonly PackagedFile[]): Written<JsonObject> {
  const { content: schema, losses } = toFrictionless(shape);
  const { name, title, description, license, homepage, keywords, contributors } = spec;
  const taken = new Set<string>();
  return {
    content: {
      profile: 'data-package',
      name: nameThere(name),
      ...present({ title, description, homepage, keywords }),
      ...(license !== undefined && { licenses: [{ name: license }] }),
      ...(contributors && { contributors: contributors.map((person) => ({ title: person })) }),
      resources: files.map(({ path, format, bytes, sha256 }) => ({
        name: freeName(nameThere(path.replace(/(\.[A-Za-z0-9]+)+$/, '')), taken),
        path,
        ...(format === 'csv' && { profile: 'tabular-data-resource', encoding: 'utf-8' }),
        format,
        ...present({ bytes, ...(sha256 !== undefined && { hash: `sha256:${sha256}` }) }),
        schema,
      })),
    },
    losses,
  };
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

function freeName(name: string, taken: Set<string>): string {
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
