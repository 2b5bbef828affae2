/** What texts are like: how long, of how many words and which characters, and how many words are new. */
import { literal, text, type Database } from '../../duckdb';
import { ascii, unicode, wordOf } from '../../statistics';
import type { DriftRows } from '../rows';
import { numbers, type VariableGroup, type Seen, type Side, type Values } from '../variable';

/** Different texts that are looked at, and characters of them: of more, those whose hashes come first. */
const MOST = 20_000;
const MOST_CHARACTERS = 4_000_000;
/** A text with more than this share of the rows is looked at in any case. */
const FREQUENT = 1000;
/** Characters at the beginning of a text of which words and characters are told. */
const BEGINNING = 2000;

const properties = ['length', 'words', 'unseenWords', 'letters', 'digits', 'spaces', 'punctuation'] as const;

export interface TextGroup extends VariableGroup {
  /**
   * The share of the words that (the other rows of) the baseline does not have, for both sides: if nothing has changed, that
   * of the current side is not the larger one. Null where a side has no words.
   */
  unseenWords(): Promise<{ readonly [Each in Side]: number | null }>;
}

/**
 * One row for each row that has a text; of more texts than are looked at, one for as many rows as that leaves out.
 * `unseenWords` is the share of a text's words that (the other rows of) the baseline does not have.
 * @param name begins the names of its tables
 */
export function textGroup(
  database: Database,
  name: string,
  column: string,
  sql: { readonly [Each in Side]: Values },
): TextGroup {
  const tables = (side: Side) => ({
    texts: `${name}_${side}_texts`,
    words: `${name}_${side}_words`,
    all: `${name}_${side}_all`,
  });
  const known = tables('baseline').words;
  return {
    variables: properties.map((property) => ({
      ...{ property, column },
      baseline: numbers(property, { integer: property === 'length' || property === 'words' }),
      current: numbers(property, { integer: property === 'length' || property === 'words' }),
    })),
    look: async (side, rows) => {
      const { texts, words, all } = tables(side);
      const { sampled, isAscii } = await drawTexts(database, texts, rows, sql[side].sql);
      await database.run(`CREATE OR REPLACE TEMP TABLE ${words} AS ${wordsOf(texts, isAscii)}`);
      await database.run(`CREATE OR REPLACE TEMP TABLE ${all} AS ${propertiesOf(side, texts, words, known, isAscii)}`);
      const { n } = await database.row(`SELECT count(*) AS n FROM ${all}`);
      return { relation: all, rows: Number(n), ...(sampled !== undefined && { of: sampled }) } satisfies Seen;
    },
    unseenWords: async () => {
      const share = async (side: Side) => {
        const row = await database.row(
          `SELECT CAST(sum(fresh) AS DOUBLE) / sum(words) AS share FROM ${tables(side).all}`,
        );
        return typeof row['share'] === 'number' ? row['share'] : null;
      };
      return { baseline: await share('baseline'), current: await share('current') };
    },
    release: async () => {
      for (const side of ['baseline', 'current'] as const)
        for (const table of Object.values(tables(side))) await database.run(`DROP TABLE IF EXISTS ${table}`);
    },
  };
}

/** @returns of how many texts these are some; undefined where they are all */
async function drawTexts(
  database: Database,
  table: string,
  { relation }: Pick<DriftRows, 'relation'>,
  sql: string,
): Promise<{ sampled: number | undefined; isAscii: boolean }> {
  const values = `(SELECT v FROM (SELECT ${sql} AS v FROM ${relation}) WHERE v IS NOT NULL)`;
  const row = await database.row(
    'SELECT count(*) AS n, approx_count_distinct(v) AS different, coalesce(sum(length(v)), 0) AS characters, ' +
      `coalesce(bool_and(length(v) = strlen(v)), true) AS plain FROM ${values}`,
  );
  const [n, different] = [Number(row['n']), Number(row['different'])];
  const looked = Math.min(Number(row['characters']), n * BEGINNING) * (n > 0 ? different / n : 0);
  const oneIn = Math.ceil(Math.max(1, different / MOST, looked / MOST_CHARACTERS));
  const frequent = `SELECT hash(v) FROM ${values} GROUP BY hash(v) HAVING count(*) * ${FREQUENT} > ${literal(n)}`;
  const some = oneIn > 1 ? `WHERE hash(v) % ${oneIn} = 0 OR hash(v) IN (${frequent})` : '';
  // A frequent text stands for all of its rows, so that it counts as many of them as the others do.
  const weight =
    oneIn > 1 ? `CASE WHEN n * ${FREQUENT} > ${literal(n)} THEN greatest(1, n // ${oneIn}) ELSE n END` : 'n';
  await database.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT v, ${weight} AS n FROM (SELECT v, count(*) AS n FROM ${values} ${some} GROUP BY v)`,
  );
  return { sampled: oneIn > 1 ? n : undefined, isAscii: row['plain'] === true };
}

/** Each word of each text, how often it stands there, and how many rows it stands for. */
function wordsOf(texts: string, isAscii: boolean): string {
  const found = `regexp_extract_all(lower(left(v, ${BEGINNING})), ${text(wordOf(isAscii ? ascii : unicode))})`;
  return `SELECT id, w, n, count(*) AS times FROM (SELECT rowid AS id, n, unnest(${found}) AS w FROM ${texts}) GROUP BY ALL`;
}

function propertiesOf(side: Side, texts: string, words: string, known: string, isAscii: boolean): string {
  const alphabet = isAscii ? ascii : unicode;
  const share = (members: string) =>
    `length(regexp_replace(b, ${text(`[^${members}]`)}, '', 'g')) / nullif(length(b), 0)::DOUBLE`;
  // A word of one row of the baseline is new to the others, as a word of none is to the current side.
  const least = side === 'baseline' ? 2 : 1;
  const seen = `SELECT w FROM ${known} GROUP BY w HAVING sum(n) >= ${least}`;
  const counted =
    `SELECT id, sum(times)::DOUBLE AS words, (sum(times) FILTER (WHERE seen.w IS NULL))::DOUBLE AS fresh ` +
    `FROM ${words} own LEFT JOIN (${seen}) seen ON own.w = seen.w GROUP BY id`;
  return (
    `SELECT * EXCLUDE (n), unnest(range(n)) AS copy FROM (SELECT n, length(v)::DOUBLE AS length, coalesce(words, 0) AS words, ` +
    `coalesce(fresh, 0) AS fresh, coalesce(fresh, 0) / words AS unseenWords, ${share(alphabet.capital + alphabet.small)} AS letters, ` +
    `${share(alphabet.number)} AS digits, ${share(alphabet.space)} AS spaces, ${share(alphabet.punctuation)} AS punctuation ` +
    `FROM (SELECT rowid AS id, v, left(v, ${BEGINNING}) AS b, n FROM ${texts}) t LEFT JOIN (${counted}) c USING (id))`
  );
}
