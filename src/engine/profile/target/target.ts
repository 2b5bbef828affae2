/** What a model is to predict, and how every other column goes with it. */
import { MAX_SHOWN_CLASSES, perClassOf } from './perClass';
import { classesOf, numbersOf, type Classes } from '../pairs/associations';
import { correlationRatios } from '../pairs/correlationRatio';
import { cramersV } from '../pairs/cramersV';
import { measureInTime, type Measure } from '../pairs/measures';
import { inBatches } from '../../inBatches';
import { pearson } from '../pairs/pearson';
import type { DescribedColumn, ProfileContext } from '../context';
import type { AssociationMethod, TargetProfile } from '../../../protocol';

/** Classes that are listed. */
const MAX_LISTED = 1000;
/** Columns of one table of codes. */
const CODES_AT_ONCE = 100;

/** The first column whose role is `target`. */
export function targetColumn(columns: readonly DescribedColumn[]): DescribedColumn | undefined {
  return columns.find(({ column }) => column.spec.role === 'target');
}

/** Undefined without a column of the role `target`, or where it is neither of classes nor of numbers. */
export async function targetOf(
  context: ProfileContext,
  columns: readonly DescribedColumn[],
): Promise<TargetProfile | undefined> {
  const target = targetColumn(columns);
  if (!target) return undefined;
  const { semantic } = target.figures;
  const others = columns.filter((column) => column !== target);
  if (semantic === 'numeric') {
    const associations = await withNumbers(context, target, others);
    return { column: target.column.name, kind: 'numeric', associations };
  }
  if (semantic !== 'categorical' && semantic !== 'boolean') return undefined;
  const balance = await balanceOf(context, target);
  const associations = await withClasses(context, target, others);
  const shown = (balance.classes ?? []).slice(0, MAX_SHOWN_CLASSES).map(({ value }) => value);
  const perClass = await perClassOf(context, target, shown, associations, others);
  return {
    column: target.column.name,
    kind: 'classes',
    ...balance,
    associations,
    ...(perClass.length > 0 && { perClass }),
  };
}

async function balanceOf(
  { database, relation }: ProfileContext,
  { column: { id } }: DescribedColumn,
): Promise<Pick<TargetProfile, 'classes' | 'imbalanceRatio'>> {
  const rows = await database.rows(
    `SELECT CAST(${id} AS VARCHAR) AS value, count(*) AS rows, min(count(*)) OVER () AS least FROM ${relation} ` +
      `WHERE ${id} IS NOT NULL GROUP BY ${id} ORDER BY rows DESC, value LIMIT ${MAX_LISTED}`,
  );
  const [first] = rows;
  return {
    classes: rows.map((row) => ({ value: String(row['value']), count: Number(row['rows']) })),
    imbalanceRatio: first ? Number(first['rows']) / Number(first['least']) : null,
  };
}

type Associations = TargetProfile['associations'];

/** Categories and booleans by Cramér's V, numbers and times by the correlation ratio within the target's classes. */
async function withClasses(
  context: ProfileContext,
  target: DescribedColumn,
  others: readonly DescribedColumn[],
): Promise<Associations> {
  const { database, relation } = context;
  const own = classesOf(target);
  if (!own) return [];
  const { classes, measures } = divided(others);
  const found: Associations = [];
  for (const batch of inBatches(classes, CODES_AT_ONCE)) {
    const values = await cramersV(
      database,
      relation,
      batch.map((other) => [own, other] as const),
    );
    found.push(...defined('cramersV', batch, values));
  }
  const ratios = measures.length > 0 ? await correlationRatios(database, relation, own.id, measures) : [];
  return strongestFirst([...found, ...defined('correlationRatio', measures, ratios)]);
}

/** Categories and booleans by the correlation ratio of the target within them, numbers and times by Pearson's r. */
async function withNumbers(
  context: ProfileContext,
  target: DescribedColumn,
  others: readonly DescribedColumn[],
): Promise<Associations> {
  const { database, relation } = context;
  const own = numbersOf(target);
  if (!own) return [];
  const { classes, measures } = divided(others);
  const found: Associations = [];
  for (const one of classes) {
    found.push(...defined('correlationRatio', [one], await correlationRatios(database, relation, one.id, [own])));
  }
  const values = await pearson(
    database,
    relation,
    measures.map((measure) => [own, measure] as const),
  );
  return strongestFirst([...found, ...defined('pearson', measures, values)]);
}

function divided(columns: readonly DescribedColumn[]): { classes: Classes[]; measures: Measure[] } {
  const classes: Classes[] = [];
  const measures: Measure[] = [];
  for (const column of columns) {
    const one = classesOf(column);
    const measure = column.figures.semantic === 'identifier' ? undefined : measureInTime(column);
    if (one) classes.push(one);
    else if (measure) measures.push(measure);
  }
  return { classes, measures };
}

function defined(
  method: AssociationMethod,
  columns: readonly { readonly name: string }[],
  values: readonly (number | null)[],
): Associations {
  return columns.flatMap(({ name }, index) => {
    const value = values[index] ?? null;
    return value === null ? [] : [{ column: name, method, value }];
  });
}

/** By absolute value, ties by the name. */
function strongestFirst(associations: Associations): Associations {
  return [...associations].sort(
    (x, y) => Math.abs(y.value) - Math.abs(x.value) || (x.column < y.column ? -1 : x.column > y.column ? 1 : 0),
  );
}
