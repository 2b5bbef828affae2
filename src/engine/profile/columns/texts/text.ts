/** The figures of a column of texts. */
import type { Row } from '../../../duckdb';
import type { TextProfile } from '../../../../protocol';
import type { ProfileContext } from '../../context';
import { placesOfRanks, withFrequencies, type Frequencies, type Values } from '../frequencies';
import { histogramOf } from '../numbers/histogram';
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
  'caseVariants',
] as const;

/** @returns the figures, and which of them are estimates */
export async function textFigures(
  context: ProfileContext,
  { name, oneIn }: Values,
  lengths: Lengths,
  frequencies: Frequencies,
): Promise<{ figures: TextProfile; estimates: readonly (keyof TextProfile)[] }> {
  const flags = await flagsOf(context, frequencies);
  const isAscii = flags.figures.nonAscii === 0;
  const { cut, ...shapes } = await shapesOf(context, name, frequencies, isAscii);
  return {
    figures: { ...lengths, ...flags.figures, ...shapes },
    estimates:
      oneIn > 1
        ? sampledText
        : [...(cut ? (['words', 'characters', 'patterns', 'otherPatterns'] as const) : []), ...flags.estimates],
  };
}

/** The shortest, the longest and the mean are of all texts, the others of those whose frequencies are known. */
export async function lengthsOf(
  context: ProfileContext,
  values: Values & { readonly lengths?: Row },
  frequencies: Frequencies,
): Promise<Lengths> {
  const { name, value, where, count, oneIn, lengths: known } = values;
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
