/** Facts that the documents about a dataset ask for and its config does not say. */
import { readFile } from 'node:fs/promises';
import { parseConfig } from '../../../config';
import { isAddress } from '../../evolution';
import type { ConfigPath, ExportDocument, Finding, Location } from '../../../protocol';
import type { DatasetFacts } from './facts';

type Fact = 'description' | 'license' | 'homepage' | 'contributors';

interface Asked {
  /** As in: it asks for a description. */
  readonly words: string;
  readonly example: string;
}

const facts: Readonly<Record<Fact, Asked>> = {
  description: { words: 'a description', example: 'description: What the data is' },
  license: { words: 'a licence', example: 'license: CC0-1.0' },
  homepage: { words: 'the address of a page about it', example: 'homepage: https://example.org/data' },
  contributors: { words: 'who made it', example: 'contributors: [Ada Lovelace]' },
};

/** What each document asks for: Croissant requires all four, the others expect what they name. */
const asked: Readonly<Record<ExportDocument, readonly Fact[]>> = {
  croissant: ['description', 'license', 'homepage', 'contributors'],
  card: ['description', 'license'],
  datapackage: ['license'],
};

const names: Readonly<Record<ExportDocument, string>> = {
  croissant: 'Croissant',
  card: 'the dataset card',
  datapackage: 'the data package',
};

/** What a config needs for the documents, each at the line of the dataset in it; for files, all in one. */
export async function missingFacts(
  known: DatasetFacts,
  documents: readonly ExportDocument[],
  configPath: string | undefined,
): Promise<Finding[]> {
  const lacking = (Object.keys(facts) as Fact[]).filter((fact) => !isKnown(known, fact) && askers(fact).length > 0);
  function askers(fact: Fact): ExportDocument[] {
    return documents.filter((document) => asked[document].includes(fact));
  }
  if (lacking.length === 0) return [];
  if (configPath === undefined) return [ofFiles(known, lacking)];
  const text = await readFile(configPath, 'utf8').catch(() => undefined);
  const config = text === undefined ? undefined : parseConfig(text, configPath);
  return lacking.map((fact) => {
    const path: ConfigPath = ['datasets', known.name, fact];
    const place = config?.locate(path, 'key');
    return ofConfig(known, fact, askers(fact), path, place);
  });
}

function isKnown(known: DatasetFacts, fact: Fact): boolean {
  if (fact === 'homepage') return known.homepage !== undefined && isAddress(known.homepage);
  const value = known[fact];
  return value !== undefined && value.length > 0;
}

function ofConfig(
  { name, homepage }: DatasetFacts,
  fact: Fact,
  by: readonly ExportDocument[],
  configPath: ConfigPath,
  place: Location | undefined,
): Finding {
  const { words, example } = facts[fact];
  const is = fact === 'homepage' && homepage !== undefined ? `${homepage} is none` : 'the config says none';
  return {
    code: 'metadata-missing',
    severity: 'warning',
    message: `${capital(listed(by.map((document) => names[document])))} ${by.length > 1 ? 'ask' : 'asks'} for ${words}, and ${is}. It is left out.`,
    dataset: name,
    ...(place && { locations: [place] }),
    suggestion: `Write \`${example}\` under ${name}.`,
    configPath,
  };
}

function ofFiles({ name }: DatasetFacts, lacking: readonly Fact[]): Finding {
  return {
    code: 'metadata-missing',
    severity: 'warning',
    message: `Files say nothing of ${listed(lacking.map((fact) => facts[fact].words))}; the documents are written without.`,
    dataset: name,
    suggestion: 'Name the files as the source of a dataset in a config, say it there, and export the dataset.',
  };
}

function listed(words: readonly string[]): string {
  return words.length > 1 ? `${words.slice(0, -1).join(', ')} and ${words.at(-1) ?? ''}` : words.join('');
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
