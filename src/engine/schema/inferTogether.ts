/** The types of the texts of many small files: a statement for each of them would take longer than its rows. */
import type { Database } from '../duckdb';
import { passOverRejects, readTogether, type OpenSource } from '../sources';
import { candidates, MAX_TESTS, testOf, type Place } from './candidates';

/** @param places of each file, alike but for what is known of them */
export async function tryTogether(
  database: Database,
  sources: readonly OpenSource[],
  places: readonly (readonly Place[])[],
): Promise<void> {
  const relation = readTogether(sources, passOverRejects);
  await tryWitnesses(database, relation, places);
  await tryAll(database, relation, places);
}

/**
 * Tries every candidate on some values of each column of each file, which rules out most. Which values these are does
 * not matter: what they leave is tried on all.
 */
async function tryWitnesses(
  database: Database,
  relation: string,
  places: readonly (readonly Place[])[],
): Promise<void> {
  const expressions = (places[0] ?? []).map(({ expression }) => expression);
  const witnesses = ['any_value', 'min', 'max'].flatMap((pick) => expressions.map((each) => `${pick}(${each})`));
  const fitting = candidates.map((_, index) => `${testOf(index, 'value')} AS f${index}`);
  const rows = await database.rows(
    `SELECT file, place, count(value) > 0 AS present, ${fitting.join(', ')} FROM ` +
      `(SELECT file, unnest(range(${witnesses.length})) % ${expressions.length} AS place, unnest(witnesses) AS value FROM ` +
      `(SELECT file_index AS file, [${witnesses.join(', ')}] AS witnesses FROM ${relation} GROUP BY file_index)) ` +
      `GROUP BY file, place`,
  );
  for (const row of rows) {
    const inference = places[Number(row['file'])]?.[Number(row['place'])]?.inference;
    if (!inference) continue;
    inference.present = row['present'] === true;
    candidates.forEach((_, index) => {
      if (row[`f${index}`] === false) inference.possible.delete(index);
    });
  }
}

/** Tries on all rows what is left in any of the files. */
async function tryAll(database: Database, relation: string, places: readonly (readonly Place[])[]): Promise<void> {
  const tests = (places[0] ?? []).flatMap(({ expression }, place) =>
    [...candidates.keys()]
      .filter((candidate) => places.some((file) => isOpen(file[place], candidate)))
      .map((candidate) => ({ place, candidate, expression })),
  );
  for (let start = 0; start < tests.length; start += MAX_TESTS) {
    const some = tests.slice(start, start + MAX_TESTS);
    const fitting = some.map(({ candidate, expression }, index) => `${testOf(candidate, expression)} AS f${index}`);
    const rows = await database.rows(
      `SELECT file_index AS file, ${fitting.join(', ')} FROM ${relation} GROUP BY file_index`,
    );
    for (const row of rows) {
      for (const [index, { place, candidate }] of some.entries())
        if (row[`f${index}`] === false) places[Number(row['file'])]?.[place]?.inference.possible.delete(candidate);
    }
  }
}

function isOpen(place: Place | undefined, candidate: number): boolean {
  return place !== undefined && place.inference.present && place.inference.possible.has(candidate);
}
