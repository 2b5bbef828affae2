/** The files that say what the package is to pip, and whose the data is. */
import { dump } from 'js-yaml';
import type { DatasetSpec } from '../../../protocol';

export interface Project {
  readonly package: string;
  readonly version: string;
  readonly dataset: string;
  /** Patterns of the files below `data/` that come with it. */
  readonly data: readonly string[];
  readonly spec?: Pick<
    DatasetSpec,
    'title' | 'description' | 'license' | 'homepage' | 'citation' | 'keywords' | 'contributors'
  >;
}

/** Oldest releases that the package's code was tried with. */
const dependencies = ['torch>=1.13', 'numpy>=1.24', 'pyarrow>=12'];
const extras = { images: ['pillow'], audio: ['soundfile'], lightning: ['lightning'], test: ['pytest'] };

export function pyproject({ package: name, version, dataset, data, spec = {} }: Project): string {
  const summary = (spec.title ?? spec.description ?? `The dataset ${dataset}`).replace(/\s+/g, ' ').trim();
  const parts = [name, `${name}.metadata`, ...(data.length > 0 ? [`${name}.data`] : [])];
  const folders = [`src/${name}`, 'metadata', 'data'];
  const lines = [
    '[build-system]',
    'requires = ["setuptools>=64"]',
    'build-backend = "setuptools.build_meta"',
    '',
    '[project]',
    `name = ${toml(name)}`,
    `version = ${toml(version)}`,
    `description = ${toml(summary)}`,
    'readme = "README.md"',
    'requires-python = ">=3.9"',
    `dependencies = ${list(dependencies)}`,
    ...(spec.keywords?.length ? [`keywords = ${list(spec.keywords)}`] : []),
    '',
    '[project.optional-dependencies]',
    ...Object.entries(extras).map(([extra, packages]) => `${extra} = ${list(packages)}`),
    '',
    '# Installed, the documents and the data lie inside of the package.',
    '[tool.setuptools]',
    `packages = ${list(parts)}`,
    '',
    '[tool.setuptools.package-dir]',
    ...parts.map((part, index) => `${toml(part)} = ${toml(folders[index] ?? '')}`),
    '',
    '[tool.setuptools.package-data]',
    `${toml(name)} = ["py.typed"]`,
    `${toml(`${name}.metadata`)} = ["*.json"]`,
    ...(data.length > 0 ? [`${toml(`${name}.data`)} = ${list(data)}`] : []),
  ];
  return `${lines.join('\n')}\n`;
}

/** A basic string. Those of JSON are, but that TOML wants this one sign escaped too, and whole characters. */
function toml(value: string): string {
  return JSON.stringify(Buffer.from(value).toString()).replaceAll('\u007f', '\\u007f');
}

function list(values: readonly string[]): string {
  return `[${values.map(toml).join(', ')}]`;
}

export function licenceText({ dataset, spec = {} }: Project): string | undefined {
  const { title = dataset, license, homepage, contributors = [] } = spec;
  if (license === undefined) return undefined;
  return [
    `The data of "${title}" is under this licence: ${license}`,
    ...(contributors.length > 0 ? [`By: ${contributors.join(', ')}`] : []),
    ...(homepage === undefined ? [] : [`From: ${homepage}`]),
    '',
  ].join('\n');
}

/** Undefined where nobody is named who made the data: the format asks for that. */
export function citation({ dataset, version, spec = {} }: Project): string | undefined {
  const { title = dataset, description, license, homepage, citation: text, keywords, contributors = [] } = spec;
  if (contributors.length === 0) return undefined;
  const address = homepage !== undefined && /^https?:\/\/\S+$/.test(homepage);
  return dump(
    {
      'cff-version': '1.2.0',
      message: text === undefined ? 'Please cite the dataset as follows.' : `Please cite: ${text}`,
      type: 'dataset',
      title,
      version,
      authors: contributors.map((name) => ({ name })),
      ...(description !== undefined && { abstract: description }),
      ...(address && { url: homepage }),
      ...(keywords?.length && { keywords }),
      // The format takes identifiers of licences only.
      ...(license !== undefined && /^[\w.+-]+$/.test(license) && { license }),
    },
    { lineWidth: -1 },
  );
}
