/** How many texts are blank, look like numbers or dates, or differ from others by letter case only. */
import { matches } from '../../../schema';
import { readsAsDate, readsAsNumber } from '../../../statistics';
import { text } from '../../../duckdb';
import type { TextProfile } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import type { Frequencies } from '../frequencies';

type Flags = Pick<
  TextProfile,
  'blank' | 'empty' | 'nonAscii' | 'surroundingBlanks' | 'numbers' | 'dates' | 'caseVariants'
>;

const white = String.raw`[\s\p{Z}]`;

/** With more different values, those that differ by case only are looked for in a part of them. */
const CASE_VALUES = 100_000;

/** Blanks of texts that begin or end in plain ASCII; other white space has bytes beyond it. */
const mayBeSurrounded = [
  // Everything up to the space, by its first byte.
  "v < '!'",
  ...[32, 9, 10, 13].map((code) => `suffix(v, chr(${code}))`),
  'strlen(v) <> length(v)',
].join(' OR ');

/** SQL condition: a cheap one first, so that few texts meet the pattern. */
const when = (condition: string, pattern: string) => `CASE WHEN ${condition} THEN ${pattern} ELSE false END`;

/** Of different texts, in bytes: of all, and of the longest. */
export interface Sizes {
  readonly bytes: number;
  readonly longest: number;
}

/** Of different texts and how often each occurs. */
export async function flagsOf(
  context: ColumnContext,
  frequencies: Frequencies,
): Promise<{ figures: Flags; size: Sizes; estimates: readonly (keyof Flags)[] }> {
  const { table, weight, distinct } = frequencies;
  const conditions = {
    empty: "v = ''",
    blank: when("v < '!' OR strlen(v) <> length(v)", matches('v', `${white}*`)),
    nonAscii: 'strlen(v) <> length(v)',
    surroundingBlanks: when(mayBeSurrounded, `regexp_matches(v, ${text(`^${white}|${white}$`)})`),
    numbers: readsAsNumber('v'),
    dates: readsAsDate('v'),
  };
  const aggregates = Object.entries(conditions).map(
    ([name, condition]) => `CAST(coalesce(sum(n) FILTER (WHERE ${condition}), 0) AS BIGINT) AS ${name}`,
  );
  const row = await context.database.row(
    `SELECT ${aggregates.join(', ')}, sum(strlen(v)) AS bytes, max(strlen(v)) AS longest, count_if(v <> lower(v)) AS mixed FROM ${table}`,
  );
  const count = (name: keyof typeof conditions) => Math.round(Number(row[name]) * weight);
  const oneIn = Math.ceil(distinct / CASE_VALUES);
  // Two texts that differ by letter case only are not both in small letters.
  const variants = Number(row['mixed']) > 0 ? await caseVariants(context, table, oneIn) : 0;
  return {
    figures: {
      empty: count('empty'),
      blank: count('blank'),
      nonAscii: count('nonAscii'),
      surroundingBlanks: count('surroundingBlanks'),
      numbers: count('numbers'),
      dates: count('dates'),
      caseVariants: variants,
    },
    size: { bytes: Number(row['bytes']), longest: Number(row['longest']) },
    estimates: oneIn > 1 && variants > 0 ? ['caseVariants'] : [],
  };
}

/** Different texts that are another's but for letter case, from one of so many groups of them. */
async function caseVariants({ database, seed }: ColumnContext, table: string, oneIn: number): Promise<number> {
  const some = oneIn > 1 ? `WHERE hash(lower(v), ${seed}) % ${oneIn} = 0` : '';
  const { variants } = await database.row(
    'SELECT CAST(coalesce(sum(k) FILTER (WHERE k > 1), 0) AS BIGINT) AS variants ' +
      `FROM (SELECT count(*) AS k FROM ${table} ${some} GROUP BY lower(v))`,
  );
  return Number(variants) * oneIn;
}
