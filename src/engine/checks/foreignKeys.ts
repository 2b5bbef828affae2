/** Values that have to stand in another dataset. */
import { isNumeric } from '../schema';
import { numberTypeOf } from '../statistics';
import { valuesOf } from '../words';
import { splitNames, type ForeignKey } from '../../protocol';
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
  if (resource === undefined && isPartOfBuild(context))
    return unchecked(
      `Only one split was opened, so that ${fields.join(', ')} could not be held against the whole dataset.`,
      'Validate the build without naming a split.',
    );
  const { whole = context.relation, columns } = context;
  const there = resource === undefined ? { relation: whole, columns } : context.references.get(resource);
  const name = resource ?? 'the dataset';
  if (!there)
    return unchecked(
      `${name} is not built, so that ${fields.join(', ')} could not be held against it.`,
      `Build it first: \`mldata build ${name}\`.`,
    );
  const own = columnsOf(fields, columns);
  const others = columnsOf(reference.fields, there.columns);
  const gone = fields.filter((field) => !columns.some((column) => column.name === field));
  if (gone.length > 0 && gone.every((field) => context.read?.includes(field)))
    return unchecked(
      `A step took ${gone.join(', ')} away, so that the key could not be held against ${name}.`,
      'Leave the columns in, or the key out.',
    );
  if (!own || !others) {
    const [missing, where] = own ? [reference.fields, name] : [fields, 'the rows'];
    return unchecked(`Not all of the columns ${missing.join(', ')} are in ${where}.`, 'Correct the names of the key.');
  }
  const pairs = own.map((column, index) => comparable(column, others[index] ?? column));
  const value = tuple(pairs.map(([mine]) => mine));
  const known = pairs.map(([, theirs]) => `${theirs} IS NOT NULL`).join(' AND ');
  // What is nothing in the type of the other column stands nowhere in it.
  const stands = `${value} IN (SELECT ${tuple(pairs.map(([, theirs]) => theirs))} FROM ${there.relation} WHERE ${known})`;
  const broken = `${own.map(({ id }) => `${id} IS NOT NULL`).join(' AND ')} AND NOT coalesce(${stands}, false)`;
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
    ...(await firstRows(context, broken, tuple(own.map(({ id }) => id)))),
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

/** Whether the rows are those of one split of a build, of which the others were not opened. */
function isPartOfBuild({ enforced, splits, spec }: CheckContext): boolean {
  return (
    !enforced && splits.length === 1 && splitNames.filter((name) => (spec?.split?.ratios[name] ?? 0) > 0).length > 1
  );
}

/** SQL of both values: as numbers where one is a number, as times where both are, else as text where their types differ. */
function comparable(a: Columns[number], b: Columns[number]): [string, string] {
  const [one, other] = [a.physicalType, b.physicalType];
  if (one === other || (isNumeric(one) && isNumeric(other))) return [a.id, b.id];
  if (isTime(one) && isTime(other)) return [`CAST(${a.id} AS TIMESTAMP)`, `CAST(${b.id} AS TIMESTAMP)`];
  if (isNumeric(one) && other === 'VARCHAR') return [a.id, asNumber(b.id, one)];
  if (one === 'VARCHAR' && isNumeric(other)) return [asNumber(a.id, other), b.id];
  return [`CAST(${a.id} AS VARCHAR)`, `CAST(${b.id} AS VARCHAR)`];
}

const isTime = (physicalType: string): boolean => /^(DATE|TIMESTAMP)/.test(physicalType);

/** SQL of a text as a number of the type; null for one that is none of it, also for one that would be rounded. */
function asNumber(id: string, physicalType: string): string {
  const number = `TRY_CAST(${id} AS ${physicalType})`;
  if (numberTypeOf(physicalType).floating) return number;
  return `CASE WHEN CAST(${number} AS DOUBLE) = TRY_CAST(${id} AS DOUBLE) THEN ${number} END`;
}

function tuple(values: readonly string[]): string {
  return values.length === 1 ? (values[0] ?? '') : `row(${values.join(', ')})`;
}
