/** Constraints that the types of the columns cannot answer, found before a row is read for them. */
import { firstLine, text, type Database } from '../duckdb';
import { misfit } from './literals';
import { MldataError, type Finding, type Scalar } from '../../protocol';
import type { StageColumn } from './columns';

const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'] as const;

/** Throws `constraint-type` or `invalid-pattern` with a finding for each. */
export async function refuseUnfit(database: Database, columns: readonly StageColumn[], dataset: string): Promise<void> {
  const findings: Finding[] = [];
  for (const column of columns)
    findings.push(...unfitLiterals(column, dataset), ...(await refusedPattern(database, column, dataset)));
  const [first] = findings;
  if (!first) return;
  const said = findings.map(({ message }) => message).join(' ');
  throw new MldataError('config', first.code, `${dataset}: ${said} ${first.suggestion ?? ''}`.trim(), findings);
}

function unfitLiterals(column: StageColumn, dataset: string): Finding[] {
  const { name, spec } = column;
  const written: { key: keyof typeof spec; value: Scalar; ordering: boolean; index?: number }[] = bounds.flatMap(
    (key) => (spec[key] === undefined ? [] : [{ key, value: spec[key], ordering: true }]),
  );
  // The first of an enum speaks for the others.
  const index = spec.enum?.findIndex((value) => misfit(column, value, false) !== undefined) ?? -1;
  const listed = spec.enum?.[index];
  if (listed !== undefined) written.push({ key: 'enum', value: listed, ordering: false, index });
  return written.flatMap(({ key, value, ordering, index }): Finding[] => {
    const held = misfit(column, value, ordering);
    if (held === undefined) return [];
    return [
      {
        code: 'constraint-type',
        severity: 'error',
        message: `\`${key}\` of ${name} says \`${value}\`, but the values of ${name} are ${held}.`,
        dataset,
        column: name,
        suggestion: spec.type
          ? 'Correct the value in the config.'
          : `Declare the \`type\` of ${name}, so that values of another are found, or correct the value in the config.`,
        configPath: ['datasets', dataset, 'schema', 'columns', name, key, ...(index === undefined ? [] : [index])],
      },
    ];
  });
}

/** The config knows most of the syntax; the engine has the last word. */
async function refusedPattern(database: Database, { name, spec }: StageColumn, dataset: string): Promise<Finding[]> {
  if (spec.pattern === undefined) return [];
  try {
    await database.row(`SELECT regexp_full_match('', ${text(spec.pattern)}) AS matches`);
    return [];
  } catch (error) {
    if (error instanceof MldataError) throw error;
    return [
      {
        code: 'invalid-pattern',
        severity: 'error',
        message: `The \`pattern\` of ${name} is not a regular expression in RE2 syntax: ${firstLine(error).replace(/^Invalid Input Error: /, '')}.`,
        dataset,
        column: name,
        suggestion: 'Correct the pattern.',
        configPath: ['datasets', dataset, 'schema', 'columns', name, 'pattern'],
      },
    ];
  }
}
