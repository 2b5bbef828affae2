/** What texts are made of: words, characters, and patterns of them. */
import { literal, text } from '../../../duckdb';
import { ascii, unicode, wordOf, type Alphabet } from '../../../statistics';
import type { TextProfile } from '../../../../protocol';
import { mostFrequent } from './categorical';
import type { ColumnContext } from '../../context';
import type { Frequencies } from '../frequencies';
import type { Sizes } from './textFlags';

type Shapes = Pick<TextProfile, 'words' | 'characters' | 'patterns' | 'otherPatterns'>;

/** Different texts that are looked at, and bytes of them; of more, an even part, but never fewer than … */
const MOST = { texts: 10_000, bytes: 200_000 };
const FAST_MOST = { texts: 2_000, bytes: 50_000 };
const FEWEST = 100;
/** Characters at the beginning of a text that are looked at, and of which its pattern is made. */
const BEGINNING = 10_000;
const PATTERN_BEGINNING = 50;
const PATTERNS = 10;
const WORDS = 20;

/** SQL of the pattern of `v`: each character by its class, then the runs of more than four. */
function patternOf({ capital, small, digit }: Alphabet): string {
  const steps = [
    [`[${capital}]`, 'A'],
    [`[${small}]`, 'a'],
    [`[${digit}]`, '9'],
    ['A{5,}', 'A+'],
    ['a{5,}', 'a+'],
    ['9{5,}', '9+'],
  ] as const;
  return steps.reduce(
    (sql, [found, written]) => `regexp_replace(${sql}, ${text(found)}, ${text(written)}, 'g')`,
    `left(v, ${PATTERN_BEGINNING})`,
  );
}

/** `cut`: whether they are of a part of the texts. */
export async function shapesOf(
  context: ColumnContext,
  name: string,
  { table, distinct, values, weight }: Frequencies,
  { bytes, longest, isAscii }: Sizes & { readonly isAscii: boolean },
): Promise<Shapes & { cut: boolean }> {
  const alphabet = isAscii ? ascii : unicode;
  const { database, fast, seed } = context;
  const most = fast ? FAST_MOST : MOST;
  const wanted = Math.ceil(Math.max(bytes / most.bytes, distinct / most.texts));
  const oneIn = Math.max(1, Math.min(wanted, Math.floor(distinct / FEWEST)));
  const some = oneIn > 1 ? `WHERE hash(v, ${literal(seed)}) % ${oneIn} = 0` : '';
  const part = `texts_${name}`;
  await database.run(
    `CREATE OR REPLACE TEMP TABLE ${part} AS SELECT v, n, regexp_extract_all(v, ${text(wordOf(alphabet))}) AS words, ${patternOf(alphabet)} AS pattern ` +
      `FROM (SELECT left(v, ${BEGINNING}) AS v, n FROM ${table} ${some})`,
  );
  try {
    const row = await database.row(
      'SELECT CAST(coalesce(sum(n), 0) AS BIGINT) AS counted, count(DISTINCT pattern) AS patterns, ' +
        `min(k) AS least, max(k) AS most, sum(k * n) / sum(n) AS mean FROM (SELECT n, pattern, len(words) AS k FROM ${part})`,
    );
    const counted = Number(row['counted']);
    const scale = counted === 0 ? weight : (weight * values) / counted;
    const patterns = await mostFrequent(context, grouped('pattern', part), { limit: PATTERNS, weight: scale });
    return {
      words: {
        min: Number(row['least'] ?? 0),
        max: Number(row['most'] ?? 0),
        mean: typeof row['mean'] === 'number' ? row['mean'] : null,
        top: await mostFrequent(context, grouped('unnest(words).lower()', part), { limit: WORDS, weight: scale }),
      },
      characters: await charactersOf(context, part, alphabet),
      patterns,
      otherPatterns: Number(row['patterns']) - patterns.length,
      cut: oneIn > 1 || longest > BEGINNING,
    };
  } finally {
    await database.run(`DROP TABLE ${part}`);
  }
}

/** A relation of different values and how often each occurs. */
function grouped(value: string, part: string): string {
  return `(SELECT v, CAST(sum(n) AS BIGINT) AS n FROM (SELECT ${value} AS v, n FROM ${part}) GROUP BY v)`;
}

/** Each character once is told by its class, and counts as often as it occurs. */
async function charactersOf(
  { database }: ColumnContext,
  part: string,
  { capital, small, number, space, punctuation }: Alphabet,
): Promise<Shapes['characters']> {
  const classes = { letters: capital + small, digits: number, spaces: space, punctuation };
  const characters = `(SELECT c, sum(n) AS n FROM (SELECT unnest(string_split(v, '')) AS c, n FROM ${part}) WHERE c <> '' GROUP BY c)`;
  const cases = Object.entries(classes)
    .map(([name, members]) => `WHEN regexp_matches(c, ${text(`[${members}]`)}) THEN ${text(name)}`)
    .join(' ');
  const rows = await database.rows(
    `SELECT CASE ${cases} ELSE 'other' END AS class, CAST(sum(n * length(c)) AS BIGINT) AS n FROM ${characters} GROUP BY class`,
  );
  const total = rows.reduce((sum, { n }) => sum + Number(n), 0);
  const share = (name: string) => {
    const found = rows.find((row) => row['class'] === name);
    return found && total > 0 ? Number(found['n']) / total : 0;
  };
  return {
    letters: share('letters'),
    digits: share('digits'),
    spaces: share('spaces'),
    punctuation: share('punctuation'),
    other: share('other'),
  };
}
