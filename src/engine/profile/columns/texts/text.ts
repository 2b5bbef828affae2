/** The figures of a column of texts. */
import type { Row } from '../../../duckdb';
import type { TextProfile } from '../../../../protocol';
import { readingOf } from '../../../statistics';
import type { ColumnContext } from '../../context';
import { placesOfRanks, withFrequencies, type Frequencies, type Values } from '../frequencies';
import { readableEdges } from '../numbers/edges';
import { binCounts, histogramOf } from '../numbers/histogram';
import { shapesOf } from './textShapes';
import { flagsOf } from './textFlags';

/** In characters. */
export type Lengths = Pick<TextProfile, 'minLength' | 'maxLength' | 'meanLength' | 'medianLength' | 'lengthHistogram'>;

/** Those that are estimates where the frequencies are of a sample. */
export const sampledText = [
  'medianLength',
  'lengthHistogram',
  'blank',
  'empty',
  'nonAscii',
  'words',
  'characters',
  'patterns',
  'otherPatterns',
  'surroundingBlanks',
  'numbers',
  'dates',
  'reading',
  'caseVariants',
] as const;

/** @returns the figures, and which of them are estimates */
export async function textFigures(
  context: ColumnContext,
  { name, oneIn }: Values,
  lengths: Lengths,
  frequencies: Frequencies,
): Promise<{ figures: TextProfile; estimates: readonly (keyof TextProfile)[] }> {
  const flags = await flagsOf(context, frequencies);
  const reading = await readingOf(context, frequencies, flags.figures);
  const isAscii = flags.figures.nonAscii === 0;
  const { cut, ...shapes } = await shapesOf(context, name, frequencies, { ...flags.size, isAscii });
  return {
    figures: { ...lengths, ...flags.figures, ...(reading && { reading }), ...shapes },
    estimates:
      oneIn > 1
        ? sampledText.filter((key) => key !== 'reading' || reading)
        : [...(cut ? (['words', 'characters', 'patterns', 'otherPatterns'] as const) : []), ...flags.estimates],
  };
}

/** Different lengths that are read rather than put into a table. */
const FEW_LENGTHS = 1000;

/** Undefined where they are not few. */
async function fewLengths({ database }: ColumnContext, { table, values }: Frequencies): Promise<Lengths | undefined> {
  const rows = await database.rows(
    `SELECT length(v) AS length, CAST(sum(n) AS BIGINT) AS n FROM ${table} GROUP BY length ORDER BY length LIMIT ${FEW_LENGTHS + 1}`,
  );
  if (rows.length === 0 || rows.length > FEW_LENGTHS) return undefined;
  let upto = 0;
  const lengths = rows.map(({ length, n }) => ({ length: Number(length), n: Number(n), upto: (upto += Number(n)) }));
  const at = (rank: number) => lengths.find((each) => each.upto > rank)?.length ?? 0;
  const [minLength, maxLength] = [lengths[0]?.length ?? 0, lengths.at(-1)?.length ?? 0];
  const extent = { min: minLength, max: maxLength, values, distinct: lengths.length, integer: true };
  const edges = readableEdges(extent);
  const below = edges.slice(1, -1).map((edge) => lengths.findLast(({ length }) => length < edge)?.upto ?? 0);
  return {
    minLength,
    maxLength,
    meanLength: lengths.reduce((sum, { length, n }) => sum + length * n, 0) / values,
    medianLength: (at(Math.floor((values - 1) / 2)) + at(Math.ceil((values - 1) / 2))) / 2,
    lengthHistogram: { edges, counts: binCounts(below, { values, weight: 1 }) },
  };
}

/** The shortest, the longest and the mean are of all texts, the others of those whose frequencies are known. */
export async function lengthsOf(
  context: ColumnContext,
  values: Values & { readonly lengths?: Row },
  frequencies: Frequencies,
): Promise<Lengths> {
  const { name, value, where, count, oneIn, lengths: known } = values;
  const few = oneIn === 1 ? await fewLengths(context, frequencies) : undefined;
  if (few) return few;
  const counted = {
    name: `${name}_lengths`,
    value: 'length(v)',
    where: 'true',
    count,
    few: true,
    oneIn: 1,
    times: 'n',
  };
  return withFrequencies({ ...context, relation: frequencies.table }, counted, true, async (lengths) => {
    const all =
      oneIn > 1 ? `(SELECT length(${value}) AS v, 1 AS n FROM ${context.relation} WHERE ${where})` : lengths.table;
    const row =
      known ??
      (await context.database.row(
        `SELECT min(v) AS least, max(v) AS most, CAST(sum(v * n) AS DOUBLE) / CAST(sum(n) AS DOUBLE) AS mean FROM ${all}`,
      ));
    const middle = [Math.floor((lengths.values - 1) / 2), Math.ceil((lengths.values - 1) / 2)];
    const [low, high] = await placesOfRanks(context, lengths, middle);
    return {
      minLength: Number(row['least']),
      maxLength: Number(row['most']),
      meanLength: Number(row['mean']),
      medianLength: low && high ? (low.value + high.value) / 2 : null,
      lengthHistogram: await histogramOf(context, lengths, true),
    };
  });
}
