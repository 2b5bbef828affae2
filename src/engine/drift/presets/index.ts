/** The numbers of other tools, by their rules. */
import type { DriftPreset } from '../../../protocol';
import { asEvidently } from './evidently';
import { asNannyml } from './nannyml';
import type { PresetAnswer, PresetQuestion } from './preset';

export type { PresetAnswer, PresetQuestion } from './preset';

const tools: Readonly<Record<DriftPreset, (question: PresetQuestion) => Promise<PresetAnswer | undefined>>> = {
  evidently: asEvidently,
  nannyml: asNannyml,
};

/**
 * The figure that a tool has for the two sides of a column: of the metric asked for, else of the one that it chooses, with
 * its binning, its care for empty shares, its logarithms. Undefined where it has no such metric: then ours is the figure.
 * Rows without a value, NaN and infinite ones are left out. From when on it is drift are the levels of the settings.
 */
export function measureAs(preset: DriftPreset, question: PresetQuestion): Promise<PresetAnswer | undefined> {
  return tools[preset](question);
}
