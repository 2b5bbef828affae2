/** How the columns that tell most of the target are spread within each of its classes. */
import type { TargetProfile } from '../../../protocol';
import { classesOf } from '../pairs/associations';
import { binOf } from '../pairs/bins';
import type { DescribedColumn, ProfileContext } from '../context';
import { textList } from '../../duckdb';

/** The largest classes only: more are not told apart on a screen. */
export const MAX_SHOWN_CLASSES = 10;
const MAX_COLUMNS = 6;
const MAX_VALUES = 10;

type PerClass = NonNullable<TargetProfile['perClass']>[number];

/** @param shown classes as text */
export async function perClassOf(
  context: ProfileContext,
  target: DescribedColumn,
  shown: readonly string[],
  associations: TargetProfile['associations'],
  others: readonly DescribedColumn[],
): Promise<PerClass[]> {
  const byName = new Map(others.map((column) => [column.column.name, column]));
  const found: PerClass[] = [];
  for (const { column } of associations) {
    const described = byName.get(column);
    if (!described || found.length === MAX_COLUMNS) continue;
    if (classesOf(described)) found.push(await byValue(context, target, shown, described));
    else if ((described.figures.numeric?.histogram.edges.length ?? 0) > 1)
      found.push(await byBin(context, target, shown, described));
  }
  return found;
}

async function byBin(
  { database, relation }: ProfileContext,
  { column: target }: DescribedColumn,
  shown: readonly string[],
  { column, figures }: DescribedColumn,
): Promise<PerClass> {
  const edges = figures.numeric?.histogram.edges ?? [];
  const rows = await database.rows(
    `SELECT class, ${binOf('x', edges)} AS bin, count(*) AS rows, kahan_sum(x) AS sum FROM ` +
      `(SELECT CAST(${target.id} AS VARCHAR) AS class, ${column.id}::DOUBLE AS x FROM ${relation} WHERE isfinite(${column.id}::DOUBLE)) ` +
      `WHERE class IN (SELECT unnest(${textList(shown)})) GROUP BY ALL ORDER BY class, bin`,
  );
  return {
    column: column.name,
    edges: [...edges],
    classes: shown.map((value) => {
      const own = rows.filter((row) => row['class'] === value);
      const counts = edges.slice(1).map(() => 0);
      for (const row of own) counts[Number(row['bin'])] = Number(row['rows']);
      const all = counts.reduce((sum, count) => sum + count, 0);
      const mean = own.reduce((sum, row) => sum + Number(row['sum']) / all, 0);
      return { value, counts, mean: all > 0 && Number.isFinite(mean) ? mean : null };
    }),
  };
}

async function byValue(
  { database, relation }: ProfileContext,
  { column: target }: DescribedColumn,
  shown: readonly string[],
  { column }: DescribedColumn,
): Promise<PerClass> {
  const rows = await database.rows(
    `SELECT class, value, count(*) AS rows, sum(count(*)) OVER (PARTITION BY value)::BIGINT AS whole FROM ` +
      `(SELECT CAST(${target.id} AS VARCHAR) AS class, left(CAST(${column.id} AS VARCHAR), 200) AS value ` +
      `FROM ${relation} WHERE ${column.id} IS NOT NULL) ` +
      `WHERE class IN (SELECT unnest(${textList(shown)})) GROUP BY class, value ORDER BY whole DESC, value, class`,
  );
  const values = [...new Set(rows.map((row) => String(row['value'])))].slice(0, MAX_VALUES);
  return {
    column: column.name,
    values,
    classes: shown.map((value) => {
      const counts = [...values.map(() => 0), 0];
      for (const row of rows.filter((one) => one['class'] === value)) {
        const place = values.indexOf(String(row['value']));
        const at = place < 0 ? values.length : place;
        counts[at] = (counts[at] ?? 0) + Number(row['rows']);
      }
      return { value, counts };
    }),
  };
}
