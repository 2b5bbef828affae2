/** Columns that tell the target all by themselves: often it was written into them, or they were known after it only. */
import type { Database, Row } from '../../duckdb';
import { isNested } from '../../schema';
import type { TargetProfile } from '../../../protocol';
import { classesOf, numbersOf } from '../pairs/associations';
import { measureInTime } from '../pairs/measures';
import type { DescribedColumn, ProfileContext } from '../context';
import { coefficient, inBatches } from '../pairs/pairs';
import { withSample } from '../pairs/sampleRows';
import { targetColumn } from './target';

/** How much of the target a column alone determines. */
export interface Determined {
  readonly column: string;
  /**
   * From 0, nothing, to 1, all. Of classes: the share of the mistakes that knowing the column spares whoever guesses the
   * most frequent class (Goodman and Kruskal's λ, 1954). Of numbers: the share of their variance (η²).
   */
  readonly share: number;
}

/** Rows that are looked at, of more a sample. Of fewer than the least nothing is said. */
const ROWS = { most: 50_000, least: 50 };
/** Columns that are looked at: those that go with the target most, then the others in their order. */
const MAX_COLUMNS = 500;
const COLUMNS_AT_ONCE = 20;
/** Rows for each value on average, below which values tell rows rather than classes. */
const ROWS_PER_VALUE = 10;
/** Numbers are told apart by ranges of equally many rows. */
const RANGES = { most: 100, rows: 10 };

/**
 * Of each column, by its values where they are few, else by ranges of numbers and times, else by whether it is missing;
 * a missing value is one of its own. Identifiers and what is not trained on are left out. The strongest first.
 */
export async function determined(
  context: ProfileContext,
  columns: readonly DescribedColumn[],
  associations: TargetProfile['associations'],
): Promise<Determined[]> {
  const target = targetColumn(columns);
  const guess = target && guessOf(target);
  if (!target || !guess || context.rows < ROWS.least) return [];
  const strength = new Map(associations.map(({ column }, index) => [column, index]));
  const rank = ({ column }: DescribedColumn) => strength.get(column.name) ?? columns.length;
  const candidates = columns
    .filter((described) => described !== target && isTrainedOn(described))
    .sort((a, b) => rank(a) - rank(b))
    .slice(0, MAX_COLUMNS);
  const ids = [target, ...candidates].map(({ column }) => column.id);
  return withSample(context, ids, { atMost: ROWS.most, among: columns.length }, async ({ relation, rows }) => {
    const base = await guess.base(context.database, relation);
    const cells = candidates.flatMap((described) => {
      const cell = cellOf(described, rows);
      return cell === undefined ? [] : [{ column: described.column.name, cell }];
    });
    const found: Determined[] = [];
    for (const batch of inBatches(cells, COLUMNS_AT_ONCE)) {
      const queries = batch.map(
        ({ cell }, index) =>
          `SELECT ${index} AS place, * FROM (${guess.query(`(SELECT ${cell} AS cell, ${guess.value} AS y FROM ${relation})`)})`,
      );
      for (const row of await context.database.rows(queries.join(' UNION ALL '))) {
        const column = batch[Number(row['place'])]?.column ?? '';
        const share = coefficient(guess.share(row, base));
        if (share !== null) found.push({ column, share });
      }
    }
    return found.sort((a, b) => b.share - a.share || (a.column < b.column ? -1 : 1));
  });
}

/** Not what tells rows apart, nor what a person keeps from the training. */
function isTrainedOn({ column: { spec }, figures }: DescribedColumn): boolean {
  return (
    figures.semantic !== 'identifier' && (spec.role === undefined || spec.role === 'feature' || spec.role === 'time')
  );
}

/** SQL that puts rows into cells; undefined where the column tells nothing. */
function cellOf(described: DescribedColumn, rows: number): string | undefined {
  const { column, figures } = described;
  const partly = figures.nulls > 0 && figures.distinct > 0;
  if (figures.distinct * ROWS_PER_VALUE <= rows && !isNested(column.physicalType))
    return figures.distinct > 1 || partly ? column.id : undefined;
  const value = measureInTime(described)?.value;
  if (value !== undefined) {
    const ranges = Math.max(1, Math.min(RANGES.most, Math.floor(rows / RANGES.rows)));
    // Equal values have one rank, so that no range parts them.
    const rank = `rank() OVER (PARTITION BY ${value} IS NULL ORDER BY ${value})`;
    return `CASE WHEN ${value} IS NOT NULL THEN (${rank} - 1) * ${ranges} // ${rows} END`;
  }
  return partly ? `${column.id} IS NULL` : undefined;
}

interface Guess {
  /** SQL for the target. */
  readonly value: string;
  /** What is known without any column. */
  readonly base: (database: Database, relation: string) => Promise<Row>;
  /** What is known with one, given a relation of `cell` and `y`. */
  readonly query: (cells: string) => string;
  readonly share: (row: Row, base: Row) => number;
}

function guessOf(target: DescribedColumn): Guess | undefined {
  return target.figures.semantic === 'numeric' ? amount(numbersOf(target)?.value) : label(classesOf(target)?.id);
}

function label(value: string | undefined): Guess | undefined {
  if (value === undefined) return undefined;
  return {
    value,
    base: (database, relation) =>
      database.row(
        `SELECT max(n) AS told, sum(n)::BIGINT AS n FROM (SELECT count(*) AS n FROM ${relation} WHERE ${value} IS NOT NULL GROUP BY ${value})`,
      ),
    query: (cells) =>
      `SELECT sum(most)::BIGINT AS told FROM (SELECT max(n) AS most FROM ` +
      `(SELECT cell, count(*) AS n FROM ${cells} WHERE y IS NOT NULL GROUP BY cell, y) GROUP BY cell)`,
    share: (row, base) => {
      const [told, before, n] = [Number(row['told']), Number(base['told']), Number(base['n'])];
      return n > before ? (told - before) / (n - before) : NaN;
    },
  };
}

function amount(value: string | undefined): Guess | undefined {
  if (value === undefined) return undefined;
  return {
    value,
    base: (database, relation) =>
      database.row(
        `SELECT count(y)::DOUBLE AS n, sum(y) AS sum, sum(y * y) AS squares FROM (SELECT ${value} AS y FROM ${relation})`,
      ),
    query: (cells) =>
      `SELECT sum(sum * sum / n) AS told FROM (SELECT sum(y) AS sum, count(*) AS n FROM ${cells} WHERE y IS NOT NULL GROUP BY cell)`,
    share: (row, base) => {
      const mean = Number(base['sum']) ** 2 / Number(base['n']);
      const all = Number(base['squares']) - mean;
      return all > 0 ? Math.max(0, (Number(row['told']) - mean) / all) : NaN;
    },
  };
}
