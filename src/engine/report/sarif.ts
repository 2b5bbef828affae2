/**
 * Findings as SARIF 2.1.0, which code hosts and editors show on the lines concerned: one run for all datasets, a
 * rule for each code. After https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html.
 */
import { createHash } from 'node:crypto';
import type { Finding, FindingHelp, Quality, QualityFinding, Severity } from '../../protocol';
import { plain } from './escape';
import type { Grounds, Place } from './grounds';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';
/** What paths are relative to. */
const ROOT = '%SRCROOT%';

const levels: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'note' };

/** What checks found, or what a comparison did, which makes no checks. */
export interface Judged extends Pick<Quality, 'dataset' | 'config' | 'tool' | 'generatedAt' | 'durationMs' | 'rows'> {
  readonly checks?: Quality['checks'];
  readonly findings: readonly (Finding & Partial<Pick<QualityFinding, 'check'>>)[];
}

interface Found {
  readonly document: Judged;
  readonly finding: Judged['findings'][number];
}

/** @param docs what is said of each code; one without is called by its name */
export function sarif(documents: readonly Judged[], grounds: Grounds, docs: ReadonlyMap<string, FindingHelp>): object {
  const found = documents.flatMap((document) => document.findings.map((finding) => ({ document, finding })));
  const codes = [...new Set(found.map(({ finding }) => finding.code))].sort();
  const prints = fingerprints(found);
  return {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'mldata',
            version: documents[0]?.tool.version,
            rules: codes.map((code) => rule(code, found, docs.get(code))),
          },
        },
        originalUriBaseIds: { [ROOT]: { description: { text: 'The root of the repository.' } } },
        columnKind: 'utf16CodeUnits',
        invocations: documents.map(invocation),
        results: found.map((each, at) => result(each, codes, grounds, prints[at] ?? '')),
      },
    ],
  };
}

function rule(code: string, found: readonly Found[], doc: FindingHelp | undefined): object {
  const { check, docs: address } = found.find(({ finding }) => finding.code === code)?.finding ?? {};
  const name = code.replaceAll('-', ' ');
  const text = [
    doc?.cause ?? (check === undefined ? 'A finding.' : `A finding of the check ${check}.`),
    doc?.remedy ?? '',
  ]
    .join(' ')
    .trim();
  return {
    id: code,
    shortDescription: { text: `${name.charAt(0).toUpperCase()}${name.slice(1)}` },
    fullDescription: { text: doc?.cause ?? text },
    help: { text: withoutMarkup(text), markdown: text },
    ...(address !== undefined && URL.canParse(address) && { helpUri: address }),
    properties: { tags: ['data quality', check ?? 'drift'] },
  };
}

/** Whether every check of a dataset could be made, and those that could not. */
function invocation({ dataset, checks = [], durationMs, rows, generatedAt }: Judged): object {
  const broken = checks.filter(({ status }) => status === 'error');
  return {
    executionSuccessful: broken.length === 0,
    endTimeUtc: generatedAt,
    ...(broken.length > 0 && {
      toolExecutionNotifications: broken.map(({ name, reason }) => ({
        level: 'error',
        message: { text: plain(`The check ${name} of ${dataset} could not be made. ${reason ?? ''}`).trim() },
      })),
    }),
    properties: { dataset, rows, durationMs },
  };
}

function result({ document, finding }: Found, codes: readonly string[], grounds: Grounds, print: string): object {
  const { code, severity, message, suggestion, check, column, split, count, locations = [] } = finding;
  const { expected, actual, samples } = finding;
  const written = grounds.written(document, finding.configPath ?? ['datasets', document.dataset]);
  const places = grounds.places(document, locations);
  // Rows of text have a line to show them on; of other data the line of the config is what a person can open.
  const [first, ...others] =
    places[0]?.line === undefined && written !== undefined
      ? [written, ...places]
      : [...places, ...(written === undefined ? [] : [written])];
  return {
    ruleId: code,
    ruleIndex: codes.indexOf(code),
    level: levels[severity],
    message: { text: plain(suggestion === undefined ? message : `${message} ${suggestion}`) },
    locations: first === undefined ? [] : [{ ...location(first, written), ...logical(document, column) }],
    relatedLocations: others.map((place, at) => ({ id: at + 1, ...location(place, written) })),
    ...(count !== undefined && count > 0 && { occurrenceCount: count }),
    // By the second one code hosts know a result again when lines before it come and go.
    partialFingerprints: { 'mldata/finding/v1': print, primaryLocationLineHash: print },
    properties: {
      dataset: document.dataset,
      ...(check !== undefined && { check }),
      ...(column !== undefined && { column }),
      ...(split !== undefined && { split }),
      ...(expected !== undefined && { expected: plain(expected) }),
      ...(actual !== undefined && { actual: plain(actual) }),
      ...(samples !== undefined && { samples: samples.map(plain) }),
    },
  };
}

function location(place: Place, written: Place | undefined): object {
  const { uri, row, text, line, column, endLine, endColumn } = place;
  const what = place === written ? 'The line of the config' : row === undefined ? undefined : `Row ${row}`;
  return {
    physicalLocation: {
      artifactLocation: /^[a-z]+:/.test(uri) ? { uri } : { uri, uriBaseId: ROOT },
      ...(line !== undefined && {
        region: {
          startLine: line,
          ...(column !== undefined && { startColumn: column }),
          ...(endLine !== undefined && { endLine }),
          ...(endColumn !== undefined && { endColumn }),
          ...(text !== undefined && { snippet: { text: plain(text) } }),
        },
      }),
    },
    ...(what !== undefined && { message: { text: what } }),
  };
}

function logical({ dataset }: Judged, column: string | undefined): object {
  const whole = { name: dataset, fullyQualifiedName: dataset, kind: 'module' };
  const part = { name: column, fullyQualifiedName: `${dataset}.${column ?? ''}`, kind: 'member' };
  return { logicalLocations: [column === undefined ? whole : part] };
}

/** The same for the same finding of other rows: of what it is about, and which one of those it is. */
function fingerprints(found: readonly Found[]): string[] {
  const before = new Map<string, number>();
  return found.map(({ document, finding }) => {
    const { check, code, column, split, configPath } = finding;
    const about = JSON.stringify([document.dataset, check, code, column, split, configPath]);
    const nth = (before.get(about) ?? 0) + 1;
    before.set(about, nth);
    return `${createHash('sha256').update(about).digest('hex').slice(0, 32)}:${nth}`;
  });
}

function withoutMarkup(markdown: string): string {
  return markdown.replaceAll('`', '').replace(/\[([^\]]*)\]\([^)]*\)/g, '$1');
}
