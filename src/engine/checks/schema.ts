/** Whether rows fit the schema. What reading them found is told as it is; rows that were not held against it yet are now. */
import { identifier } from '../duckdb';
import { findBreaches } from '../schema';
import type { SchemaParameters } from '../../config';
import type { Check, CheckContext, CheckFinding } from './check';
import { foreignKeyFindings } from './foreignKeys';

export const schema: Check<SchemaParameters> = {
  name: 'schema',
  run: async (context, { order }) => {
    const { found, enforced, columns } = context;
    const findings = [...found];
    if (!enforced) findings.push(...(await breachFindings(context)));
    if (order) findings.push(...orderFindings(context));
    findings.push(...(await foreignKeyFindings(context)));
    const declared =
      Object.keys(context.schema.columns).length > 0 || columns.some(({ spec }) => Object.keys(spec).length > 0);
    return findings.length === 0 && !declared ? { skipped: 'The config declares no columns.' } : { findings };
  },
};

async function breachFindings(context: CheckContext): Promise<CheckFinding[]> {
  const { database, relation, columns, schema: declared, locate } = context;
  const checked = columns.map(({ name, id, physicalType, spec }) => ({ name, expression: id, physicalType, spec }));
  const table = `(SELECT __row AS id, * FROM ${relation}) AS ${identifier('rows')}`;
  const breaches = await findBreaches(database, table, checked, declared);
  const findings: CheckFinding[] = [];
  for (const { rows, ...breach } of breaches) {
    const locations = await locate(
      rows.map(({ id }) => id),
      rows.map(({ value }) => value),
    );
    const samples = [...new Set(rows.flatMap(({ value }) => value ?? []))];
    findings.push({ ...breach, severity: 'error', locations, samples });
  }
  return findings;
}

/** Declared columns among those that were read, in another order than that of the schema. */
function orderFindings(context: CheckContext): CheckFinding[] {
  const read = context.read ?? context.columns.map(({ name }) => name);
  const expected = Object.keys(context.schema.columns).filter((name) => read.includes(name));
  const actual = read.filter((name) => expected.includes(name));
  const first = actual.findIndex((name, index) => name !== expected[index]);
  if (first === -1) return [];
  return [
    {
      code: 'column-order',
      severity: 'error',
      message: `The columns stand in another order than the schema has them: ${actual[first] ?? ''} comes where ${expected[first] ?? ''} should.`,
      column: actual[first] ?? '',
      samples: actual.slice(first, first + 10),
      suggestion: 'Write the schema in the order of the data, or leave `order` out: columns are told by their names.',
      configPath: ['schema', 'columns'],
    },
  ];
}
