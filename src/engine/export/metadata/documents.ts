/** The documents that describe exported data to others, each held against what its readers take before it is written. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { toDataPackage } from '../../evolution';
import { MldataError, type ExportDocument, type Finding } from '../../../protocol';
import type { ExportedData, Written } from '../exported';
import { CARD_FILE, cardFaults, cardOf } from './card';
import { CROISSANT_FILE, croissantOf } from './croissant';
import { croissantFaults } from './croissantDocument';
import { dataPackageFaults } from './dataPackageFaults';
import { factsOf, type DatasetFacts } from './facts';
import { missingFacts } from './missing';

/** Its standard says that it is called so, and lies above all that it names. */
const PACKAGE_FILE = 'datapackage.json';

const paths: Readonly<Record<ExportDocument, string>> = {
  croissant: CROISSANT_FILE,
  datapackage: PACKAGE_FILE,
  card: CARD_FILE,
};

interface Described {
  readonly text: string;
  /** What its readers would not take. */
  readonly faults: readonly string[];
  readonly findings: readonly Finding[];
}

const writers: Readonly<Record<ExportDocument, (facts: DatasetFacts) => Described>> = {
  croissant: (facts) => {
    const { document, leftOut, hasRecords } = croissantOf(facts);
    return {
      text: jsonText(document),
      faults: croissantFaults(document, facts.files),
      findings: hasRecords ? leftOut.map((column) => withoutColumn(facts, column)) : [withoutRecords(facts)],
    };
  },
  datapackage: (facts) => {
    const { name, builtAt, shape, files, keywords, contributors, ...spec } = facts;
    const { content } = toDataPackage(
      shape,
      { ...spec, name, keywords: [...keywords], contributors: [...contributors], ...(builtAt && { created: builtAt }) },
      files.map(({ format = '', ...file }) => ({ ...file, format })),
    );
    const document: unknown = JSON.parse(jsonText(content));
    return {
      text: jsonText(content),
      faults: dataPackageFaults(document, files),
      findings: [],
    };
  },
  card: (facts) => {
    const text = cardOf(facts);
    return { text, faults: cardFaults(text, facts), findings: [] };
  },
};

/**
 * Writes them into the folder of the export: they name files by paths from where they lie. Throws `metadata-invalid`
 * where one would not be taken by those who read it; what the config does not say is a finding at its line.
 * @param there files of a package, which has such documents of its own
 */
export async function writeDocuments(
  data: ExportedData,
  asked: readonly ExportDocument[],
  there: ReadonlySet<string> = new Set(),
): Promise<Written> {
  const documents = asked.filter((document) => !there.has(paths[document]));
  if (documents.length === 0) return { files: [], findings: [] };
  const facts = factsOf(data);
  const described = documents.map((document) => ({ path: paths[document], ...writers[document](facts) }));
  const faults = described.flatMap(({ path, faults: own }) => own.map((fault) => invalid(facts, path, fault)));
  const [fault] = faults;
  if (fault) throw new MldataError('buildFailed', fault.code, fault.message, faults);
  for (const { path, text } of described) await writeFile(join(data.folder, path), text);
  return {
    files: described.map(({ path }) => ({ path, kind: 'metadata' as const })),
    findings: [
      ...(await missingFacts(facts, documents, data.configPath)),
      ...described.flatMap(({ findings }) => findings),
    ],
  };
}

function jsonText(document: object): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function invalid({ name }: DatasetFacts, path: string, fault: string): Finding {
  return {
    code: 'metadata-invalid',
    severity: 'error',
    message: `${path} would not be valid: ${fault}. Nothing was exported.`,
    dataset: name,
    suggestion: 'Export without this document, and tell the authors of mldata.',
  };
}

function withoutColumn({ name }: DatasetFacts, column: string): Finding {
  return {
    code: 'export-lossy',
    severity: 'info',
    message: `Croissant has no words for the type of ${column}: the records of ${CROISSANT_FILE} are without it.`,
    dataset: name,
    column,
  };
}

function withoutRecords({ name }: DatasetFacts): Finding {
  return {
    code: 'export-lossy',
    severity: 'info',
    message: `Readers of Croissant open Parquet, CSV and JSON Lines, of which there are none here: ${CROISSANT_FILE} names the files, and no records.`,
    dataset: name,
    suggestion: 'Export Parquet too.',
  };
}
