/** How many texts are blank, look like numbers or dates, or differ from others by letter case only. */
import { matches } from '../../../schema';
import { text } from '../../../duckdb';
import type { TextProfile } from '../../../../protocol';
import type { ProfileContext } from '../../context';
import type { Frequencies } from '../frequencies';

type Flags = Pick<
  TextProfile,
  'blank' | 'empty' | 'nonAscii' | 'surroundingBlanks' | 'numbers' | 'dates' | 'caseVariants'
>;

const white = String.raw`[\s\p{Z}]`;

/** With a point or comma, thousands in groups, an exponent, a percent sign; no leading zeros, as of codes like `007`. */
const number = String.raw`\s*[+-]?((0|[1-9][0-9]*|[1-9][0-9]{0,2}([,.' ][0-9]{3})+)([.,][0-9]*)?|[.,][0-9]+)([eE][+-]?[0-9]{1,3})?\s*%?\s*`;

const time = String.raw`[0-9]{1,2}:[0-9]{2}(:[0-9]{2}([.,][0-9]+)?)?(\s*[AaPp][Mm])?`;
const month = '(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*';
const day = [
  '[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}',
  '[0-9]{4}/[0-9]{1,2}/[0-9]{1,2}',
  '[0-9]{1,2}-[0-9]{1,2}-([0-9]{2}|[0-9]{4})',
  '[0-9]{1,2}/[0-9]{1,2}/([0-9]{2}|[0-9]{4})',
  String.raw`[0-9]{1,2}\.[0-9]{1,2}\.([0-9]{2}|[0-9]{4})`,
  String.raw`[0-9]{1,2}[- .]+${month}[- ,.]+([0-9]{2}|[0-9]{4})`,
].join('|');
const date = String.raw`\s*((${day})([T ]+${time}(\s*(Z|UTC|[+-][0-9]{2}(:?[0-9]{2})?))?)?|${time})\s*`;

/** Nothing longer is a number or a date. */
const LONGEST = 40;

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

/** Of different texts and how often each occurs. */
export async function flagsOf(
  context: ProfileContext,
  frequencies: Frequencies,
): Promise<{ figures: Flags; estimates: readonly (keyof Flags)[] }> {
  const { table, weight, distinct } = frequencies;
  // A digit, sign, point or blank begins it: all that comes before the colon.
  const short = `v < ':' AND strlen(v) BETWEEN 1 AND ${LONGEST}`;
  const conditions = {
    empty: "v = ''",
    blank: when("v < '!' OR strlen(v) <> length(v)", matches('v', `${white}*`)),
    nonAscii: 'strlen(v) <> length(v)',
    surroundingBlanks: when(mayBeSurrounded, `regexp_matches(v, ${text(`^${white}|${white}$`)})`),
    numbers: when(short, matches('v', number)),
    dates: when(short, matches('v', date)),
  };
  const aggregates = Object.entries(conditions).map(
    ([name, condition]) => `CAST(coalesce(sum(n) FILTER (WHERE ${condition}), 0) AS BIGINT) AS ${name}`,
  );
  const row = await context.database.row(`SELECT ${aggregates.join(', ')} FROM ${table}`);
  const count = (name: keyof typeof conditions) => Math.round(Number(row[name]) * weight);
  const oneIn = Math.ceil(distinct / CASE_VALUES);
  const variants = await caseVariants(context, table, oneIn);
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
    estimates: oneIn > 1 && variants > 0 ? ['caseVariants'] : [],
  };
}

/** Different texts that are another's but for letter case, from one of so many groups of them. */
async function caseVariants({ database, seed }: ProfileContext, table: string, oneIn: number): Promise<number> {
  if (oneIn > 1) {
    const { mixed } = await database.row(`SELECT count(*) AS mixed FROM ${table} WHERE v <> lower(v)`);
    if (Number(mixed) === 0) return 0;
  }
  const some = oneIn > 1 ? `WHERE hash(lower(v), ${seed}) % ${oneIn} = 0` : '';
  const { variants } = await database.row(
    'SELECT CAST(coalesce(sum(k) FILTER (WHERE k > 1), 0) AS BIGINT) AS variants ' +
      `FROM (SELECT count(*) AS k FROM ${table} ${some} GROUP BY lower(v))`,
  );
  return Number(variants) * oneIn;
}
