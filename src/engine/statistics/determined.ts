/** Columns that tell the target all by themselves: often it was written into them, or they were known after it only. */
import type { Database, Row } from '../duckdb';
import { inBatches } from '../inBatches';
import { isNested } from '../schema';
import { coefficient } from './coefficient';

/** How much of the target a column alone determines. */
export interface Determined {
  readonly column: string;
  /**
   * From 0, nothing, to 1, all. Of classes: the share of the mistakes that knowing the column spares whoever guesses the
   * most frequent class (Goodman and Kruskal's λ, 1954). Of numbers: the share of their variance (η²).
   */
  readonly share: number;
}

/** What is to be predicted: SQL of a class, or of a finite number. Its NULL says nothing. */
export type Predicted = { readonly classes: string } | { readonly amount: string };

/** A column that may tell it. */
export interface Clue {
  readonly name: string;
  readonly id: string;
  readonly physicalType: string;
  /** How many values are missing, and how many there are different ones. */
  readonly nulls: number;
  readonly distinct: number;
  /** SQL of a number that puts the values in order; absent where they have none. */
  readonly amount?: string | undefined;
}

const COLUMNS_AT_ONCE = 20;
/** Rows for each value on average, below which values tell rows rather than classes. */
const ROWS_PER_VALUE = 10;
/** Numbers are told apart by ranges of equally many rows. */
const RANGES = { most: 100, rows: 10 };

/**
 * Of each column, by its values where they are few, else by ranges of numbers and times, else by whether it is missing;
 * a missing value is one of its own. The strongest first; columns that tell nothing are left out.
 */
export async function determinedBy(
  database: Database,
  { relation, rows }: { readonly relation: string; readonly rows: number },
  predicted: Predicted,
  clues: readonly Clue[],
): Promise<Determined[]> {
  const guess = 'classes' in predicted ? label(predicted.classes) : amount(predicted.amount);
  const base = await guess.base(database, relation);
  const cells = clues.flatMap((clue) => {
    const cell = cellOf(clue, rows);
    return cell === undefined ? [] : [{ column: clue.name, cell }];
  });
  const found: Determined[] = [];
  for (const batch of inBatches(cells, COLUMNS_AT_ONCE)) {
    const queries = batch.map(
      ({ cell }, index) =>
        `SELECT ${index} AS place, * FROM (${guess.query(`(SELECT ${cell} AS cell, ${guess.value} AS y FROM ${relation})`)})`,
    );
    for (const row of await database.rows(queries.join(' UNION ALL '))) {
      const column = batch[Number(row['place'])]?.column ?? '';
      const share = coefficient(guess.share(row, base));
      if (share !== null) found.push({ column, share });
    }
  }
  return found.sort((a, b) => b.share - a.share || (a.column < b.column ? -1 : 1));
}

/** SQL that puts rows into cells; undefined where the column tells nothing. */
function cellOf({ id, physicalType, nulls, distinct, amount: value }: Clue, rows: number): string | undefined {
  const partly = nulls > 0 && distinct > 0;
  if (distinct * ROWS_PER_VALUE <= rows && !isNested(physicalType)) return distinct > 1 || partly ? id : undefined;
  if (value !== undefined) {
    const ranges = Math.max(1, Math.min(RANGES.most, Math.floor(rows / RANGES.rows)));
    // Equal values have one rank, so that no range parts them.
    const rank = `rank() OVER (PARTITION BY ${value} IS NULL ORDER BY ${value})`;
    return `CASE WHEN ${value} IS NOT NULL THEN (${rank} - 1) * ${ranges} // ${rows} END`;
  }
  return partly ? `${id} IS NULL` : undefined;
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

function label(value: string): Guess {
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

function amount(value: string): Guess {
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
