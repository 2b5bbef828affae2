/** Values that have to stand in another dataset. */
import { isNumeric } from '../schema';
import { valuesOf } from '../words';
import type { ForeignKey } from '../../protocol';
import type { CheckContext, CheckFinding, ReferencedRows } from './check';
import { firstRows } from './firstRows';

export async function foreignKeyFindings(context: CheckContext): Promise<CheckFinding[]> {
  const findings: CheckFinding[] = [];
  for (const [index, key] of (context.schema.foreignKeys ?? []).entries()) {
    const configPath = ['schema', 'foreignKeys', index];
    const found = await keyFinding(key, context);
    if (found) findings.push({ ...found, configPath });
  }
  return findings;
}

async function keyFinding({ fields, reference }: ForeignKey, context: CheckContext): Promise<CheckFinding | undefined> {
  const { resource } = reference;
  const there = resource === undefined ? context : context.references.get(resource);
  const name = resource ?? 'the dataset';
  if (!there)
    return unchecked(
      `${name} is not built, so that ${fields.join(', ')} could not be held against it.`,
      `Build it first: \`mldata build ${name}\`.`,
    );
  const own = columnsOf(fields, context.columns);
  const others = columnsOf(reference.fields, there.columns);
  if (!own || !others) {
    const [missing, where] = own ? [reference.fields, name] : [fields, 'the rows'];
    return unchecked(`Not all of the columns ${missing.join(', ')} are in ${where}.`, 'Correct the names of the key.');
  }
  const pairs = own.map((column, index) => comparable(column, others[index] ?? column));
  const value = tuple(pairs.map(([mine]) => mine));
  const known = pairs.map(([, theirs]) => `${theirs} IS NOT NULL`).join(' AND ');
  const broken =
    `${own.map(({ id }) => `${id} IS NOT NULL`).join(' AND ')} AND ` +
    `${value} NOT IN (SELECT ${tuple(pairs.map(([, theirs]) => theirs))} FROM ${there.relation} WHERE ${known})`;
  const row = await context.database.row(`SELECT count(*) AS rows FROM ${context.relation} WHERE ${broken}`);
  const count = Number(row['rows']);
  if (count === 0) return undefined;
  const column = fields.join(', ');
  return {
    code: 'constraint-foreign-key',
    severity: 'error',
    message: `${valuesOf(count)} of ${column} ${count === 1 ? 'stands' : 'stand'} in no row of ${name} (${reference.fields.join(', ')}).`,
    column,
    count,
    ...(await firstRows(context, broken, value)),
    suggestion: `Correct the values, or add the rows to ${name} and build it again.`,
  };
}

function unchecked(message: string, suggestion: string): CheckFinding {
  return { code: 'foreign-key-unchecked', severity: 'warning', message, suggestion };
}

type Columns = ReferencedRows['columns'];

function columnsOf(names: readonly string[], columns: Columns): Columns | undefined {
  const found = names.flatMap((name) => columns.find((column) => column.name === name) ?? []);
  return found.length === names.length ? found : undefined;
}

/** SQL of both values, as text where their types differ. */
function comparable(a: Columns[number], b: Columns[number]): [string, string] {
  const alike = a.physicalType === b.physicalType || (isNumeric(a.physicalType) && isNumeric(b.physicalType));
  return alike ? [a.id, b.id] : [`CAST(${a.id} AS VARCHAR)`, `CAST(${b.id} AS VARCHAR)`];
}

function tuple(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `row(${values.join(', ')})`;
}
