/** What is to be said of the columns that the files have, beside what the schema declares. */
import type { StageColumn } from './columns';
import { WIDE } from './exact';
import { columnTypeOf } from './types';
import type { HeldType } from './heldTypes';
import type { OpenSource } from '../sources';
import { nearest } from '../../config';
import { MldataError, type ColumnSpec, type Finding, type TableSchema } from '../../protocol';

/** What is to be said of declared columns that are not there, extra ones, and files that differ from the first. */
export function columnFindings(sources: readonly OpenSource[], schema: TableSchema, dataset: string): Finding[] {
  const findings: Finding[] = [];
  const names = new Set(sources.flatMap((source) => source.columns.map((column) => column.name)));
  const declared = Object.keys(schema.columns);
  const free = [...names].filter((name) => !Object.hasOwn(schema.columns, name));
  for (const name of declared.filter((name) => !names.has(name))) {
    const optional = specOf(schema, name).required === false;
    const meant = nearest(name, free);
    findings.push({
      code: 'column-missing',
      severity: optional ? 'info' : 'error',
      message: optional
        ? `The declared column ${name} is in no file; it is written as null.`
        : `The declared column ${name} is in no file.`,
      dataset,
      column: name,
      locations: sources.slice(0, 1).map(({ file }) => ({ file: file.name, line: 1 })),
      suggestion: `${meant === undefined ? `The files have ${preview([...names])}.` : `Did you mean \`${meant}\`?`} Correct the name, remove it, or say \`required: false\`.`,
      configPath: ['datasets', dataset, 'schema', 'columns', name],
    });
  }
  for (const name of schema.primaryKey.filter((name) => !names.has(name) && !declared.includes(name))) {
    findings.push({
      code: 'column-missing',
      severity: 'error',
      message: `The primary key names the column ${name}, which is in no file.`,
      dataset,
      column: name,
      locations: sources.slice(0, 1).map(({ file }) => ({ file: file.name, line: 1 })),
      suggestion: `The files have ${preview([...names])}. Correct the name, or choose another key.`,
      configPath: ['datasets', dataset, 'schema', 'primaryKey'],
    });
  }
  if (schema.extraColumns !== 'ignore') {
    for (const name of [...names].filter((name) => !declared.includes(name))) {
      findings.push({
        code: 'column-extra',
        severity: schema.extraColumns === 'error' ? 'error' : 'warning',
        message: `The column ${name} is not declared.`,
        dataset,
        column: name,
        suggestion: 'Declare it under `schema.columns`, or say `extraColumns: ignore`.',
        configPath: ['datasets', dataset, 'schema', 'extraColumns'],
      });
    }
  }
  const [first, ...others] = sources;
  for (const source of others) {
    const difference = first && differenceOf(first, source);
    if (!difference) continue;
    findings.push({
      code: 'columns-differ',
      severity: 'warning',
      message: `${source.file.name} has other columns than ${first.file.name}: ${difference}. They are united by name.`,
      dataset,
      locations: [{ file: source.file.name, line: 1 }],
      suggestion: 'Check that the files belong together; what a file lacks is null.',
      configPath: ['datasets', dataset, 'source'],
    });
  }
  return findings;
}

function differenceOf(first: OpenSource, other: OpenSource): string | undefined {
  const expected = first.columns.map(({ name }) => name);
  const found = other.columns.map(({ name }) => name);
  const lacking = expected.filter((name) => !found.includes(name));
  const extra = found.filter((name) => !expected.includes(name));
  const parts = [
    lacking.length > 0 && `lacks ${preview(lacking)}`,
    extra.length > 0 && `adds ${preview(extra)}`,
  ].filter(Boolean);
  return parts.length > 0 ? parts.join(', ') : undefined;
}

/** What the schema says of a column; the names of objects' own properties are no columns. */
export function specOf(schema: TableSchema, name: string): ColumnSpec {
  return Object.hasOwn(schema.columns, name) ? (schema.columns[name] ?? {}) : {};
}

function preview(names: readonly string[]): string {
  return names.length > 8 ? `${names.slice(0, 8).join(', ')} and ${names.length - 8} more` : names.join(', ');
}

/** Why a column is stored otherwise than its files or its declaration would have it. */
export function typeFinding(
  { name, physicalType }: StageColumn,
  because: HeldType['because'],
  dataset: string,
): Finding[] {
  if (because === undefined) return [];
  const asText = physicalType === 'VARCHAR';
  const stored = columnTypeOf(physicalType) === 'integer' || physicalType === WIDE ? 'whole numbers' : 'decimals';
  const messages = {
    kinds: `The files hold values of different kinds as ${name}; the column is stored as text.`,
    rounding: asText
      ? `No one type keeps every value of ${name} as it is; the column is stored as text.`
      : `Doubles would round values of ${name}; the column is stored as ${stored}.`,
  };
  return [
    {
      code: 'exact-type',
      severity: asText ? 'warning' : 'info',
      message: messages[because],
      dataset,
      column: name,
      suggestion: asText
        ? 'Declare the type of the column, or write the files alike.'
        : 'Round the values in the files if doubles are wanted.',
      configPath: ['datasets', dataset, 'schema', 'columns', name],
    },
  ];
}

/** Names that differ only in letter case are one column to most readers of Parquet. */
export function refuseTwins(names: readonly string[], sources: readonly OpenSource[], dataset: string): void {
  const seen = new Map<string, string>();
  for (const name of names) {
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (twin === undefined) continue;
    const places = [twin, name].map((each) =>
      sources.find(({ columns }) => columns.some((column) => column.name === each)),
    );
    const files = places.flatMap((source) => (source ? [source.file.name] : []));
    const finding: Finding = {
      code: 'duplicate-column',
      severity: 'error',
      message: `The columns ${twin} and ${name} differ only in letter case.`,
      dataset,
      column: name,
      locations: files.map((file) => ({ file, line: 1 })),
      suggestion: `Name the column alike in ${files.length > 1 ? 'all files' : 'the file and the schema'}.`,
    };
    throw new MldataError('buildFailed', finding.code, `${files.join(', ')}: ${finding.message}`, [finding]);
  }
}
