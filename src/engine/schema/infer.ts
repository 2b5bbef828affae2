/**
 * Types of undeclared text columns, from every row: a type is chosen only when it holds each value without loss,
 * so an inferred column never rejects a row.
 */
import type { Database } from '../duckdb';
import { runsOf, type OpenSource } from '../sources';
import { candidates, testOf, MAX_TESTS, type InferredType, type Inference, type Place } from './candidates';
import { tryTogether } from './inferTogether';

/** A column of texts in one file. */
export interface TextColumn {
  readonly source: OpenSource;
  readonly name: string;
  readonly expression: string;
}

/** What the texts of one file are, by column: the candidates that fit every value; null where there is no value. */
export type Fits = ReadonlyMap<string, readonly number[] | null>;

/** Values that a first look takes, over all columns; and rows, at most and at least. */
const SAMPLE_VALUES = 200_000;
const SAMPLE_ROWS = { most: 2000, least: 100 };
const TEXT: InferredType = { type: 'string', zoned: false };

export interface Inferred {
  /** The type of each column; undefined where it has no values. */
  readonly types: readonly (InferredType | undefined)[];
  readonly fits: ReadonlyMap<OpenSource, Fits>;
}

/**
 * The type of each column, given the files it stands in. Candidates that a first look rules out are not tried on the
 * whole. What is found of a file does not depend on the others, so that it can be kept.
 * @param known of files that were looked at before
 * @param guess only the first look is taken, at some of the files
 */
export async function inferTypes(
  database: Database,
  columns: readonly (readonly TextColumn[])[],
  known: ReadonlyMap<OpenSource, Fits>,
  guess = false,
): Promise<Inferred> {
  const fresh = new Map<OpenSource, Place[]>();
  const inferences = columns.map((places) =>
    places.map(({ source, name, expression }) => {
      const fits = known.get(source)?.get(name);
      if (fits !== undefined) return { possible: new Set(fits), present: fits !== null };
      const inference: Inference = { possible: new Set(candidates.keys()), present: false };
      fresh.set(source, [...(fresh.get(source) ?? []), { name, inference, expression }]);
      return inference;
    }),
  );
  const placesOf = (source: OpenSource) => fresh.get(source) ?? [];
  const kind = (source: OpenSource) => JSON.stringify(placesOf(source).map(({ expression }) => expression));
  if (guess) {
    const sources = [...fresh.keys()];
    for (const source of new Set([sources[0], sources[sources.length >> 1], sources.at(-1)]))
      if (source) await tryFirst(database, source.head ?? source.glance, placesOf(source));
  }
  for (const run of guess ? [] : runsOf([...fresh.keys()], kind)) {
    const [only, ...others] = run;
    if (only && others.length === 0) await tryOne(database, only, placesOf(only));
    else await tryTogether(database, run, run.map(placesOf));
  }
  const types = inferences.map((places) => {
    const present = places.filter((place) => place.present);
    if (present.length === 0) return undefined;
    const chosen = [...candidates.entries()].find(([index]) => present.every(({ possible }) => possible.has(index)));
    return chosen ? { type: chosen[1].type, zoned: chosen[1].zoned } : TEXT;
  });
  const found = [...fresh].map(([source, places]): [OpenSource, Fits] => [
    source,
    new Map(places.map(({ name, inference }) => [name, inference.present ? [...inference.possible] : null])),
  ]);
  return { types, fits: new Map([...known, ...found]) };
}

async function tryOne(database: Database, source: OpenSource, places: readonly Place[]): Promise<void> {
  const { complete } = await trySample(database, source.head ?? source.glance, places);
  if (!complete) await tryAll(database, source.glance, places);
}

/** Tries every candidate on a few rows, which rule most of them out, and what is left on those of a first look. */
async function tryFirst(database: Database, relation: string, places: readonly Place[]): Promise<void> {
  const limit = sampledRows(places);
  // Of many columns it would take several statements to try what is left.
  const isApart = limit >= 10 * SAMPLE_ROWS.least;
  const { complete } = await trySample(database, relation, places, isApart ? SAMPLE_ROWS.least : limit);
  if (isApart && !complete) await tryAll(database, `(SELECT * FROM ${relation} LIMIT ${limit})`, places);
}

function sampledRows({ length }: readonly Place[]): number {
  return Math.max(SAMPLE_ROWS.least, Math.min(SAMPLE_ROWS.most, Math.floor(SAMPLE_VALUES / length)));
}

/**
 * Tries every candidate on the first rows and says whether they are all there are. The columns stand below each other,
 * so that the statement stays short however many they are.
 */
async function trySample(
  database: Database,
  relation: string,
  places: readonly Place[],
  limit = sampledRows(places),
): Promise<{ complete: boolean }> {
  const fitting = candidates.map((_, index) => `${testOf(index, 'value')} AS f${index}`);
  const values = places.map(({ expression }) => expression).join(', ');
  const rows = await database.rows(
    `SELECT place, count(*) AS rows, count(value) > 0 AS present, ${fitting.join(', ')} FROM ` +
      `(SELECT unnest(range(${places.length})) AS place, unnest([${values}]) AS value ` +
      `FROM (SELECT * FROM ${relation} LIMIT ${limit})) GROUP BY place`,
  );
  for (const row of rows) {
    const inference = places[Number(row['place'])]?.inference;
    if (!inference) continue;
    inference.present ||= row['present'] === true;
    candidates.forEach((_, index) => {
      if (row[`f${index}`] === false) inference.possible.delete(index);
    });
  }
  return { complete: rows.every((row) => Number(row['rows']) < limit) };
}

/** Tries what is left on all rows. */
async function tryAll(database: Database, relation: string, places: readonly Place[]): Promise<void> {
  const tests = places.flatMap(({ inference, expression }) =>
    [...inference.possible].map((candidate) => ({ inference, candidate, expression })),
  );
  for (let start = 0; start < tests.length; start += MAX_TESTS) {
    const some = tests.slice(start, start + MAX_TESTS);
    const fitting = some.map(({ candidate, expression }, index) => `${testOf(candidate, expression)} AS f${index}`);
    const row = await database.row(`SELECT ${fitting.join(', ')} FROM ${relation}`);
    some.forEach(({ inference, candidate }, index) => {
      const fits = row[`f${index}`];
      if (fits === false) inference.possible.delete(candidate);
      if (fits !== null) inference.present = true;
    });
  }
}
