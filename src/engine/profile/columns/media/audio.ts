import { sum } from 'simple-statistics';
import { audioProperties } from '../../../media';
import type { StageColumn } from '../../../schema';
import type { AudioProfile } from '../../../../protocol';
import type { ColumnContext } from '../../context';
import { lookAtFiles, MOST_RECORDINGS } from '../../../statistics';
import { countsOf, spreadOf } from './mediaFiles';

/** What the recordings are like that a column names, each file counted once. */
export async function audioFigures(context: ColumnContext, column: StageColumn): Promise<AudioProfile> {
  const { files, ...looked } = await lookAtFiles(context, column, MOST_RECORDINGS, (file) =>
    audioProperties(file, context.signal),
  );
  const decoded = files.flatMap(({ samples }) => samples ?? []);
  const total = sum(decoded.map((samples) => samples.total));
  return {
    ...looked,
    formats: countsOf(files.map(({ format }) => format)),
    bytes: spreadOf(files.map(({ bytes }) => bytes)),
    durationSeconds: spreadOf(files.map(({ durationSeconds }) => durationSeconds)),
    sampleRates: countsOf(files.map(({ sampleRate }) => sampleRate)),
    channels: countsOf(files.map(({ channels }) => channels)),
    silence: total > 0 ? sum(decoded.map(({ silent }) => silent)) / total : null,
    clipping: total > 0 ? sum(decoded.map(({ clipped }) => clipped)) / total : null,
    decoded: decoded.length,
  };
}
