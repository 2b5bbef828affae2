/** How far the versions of datasets were from what they were held against, as their `versions.yaml` say. */
import { documentHead } from './version';
import { underLock } from './versionChanges';
import { placesOf, VersionsFile } from './versions';
import type { DriftEntry, DriftHistory, DriftHistoryRequest } from '../protocol';

/** Oldest first. Throws what reading `versions.yaml` throws, and `dataset-locked` where entries are to be forgotten. */
export async function driftHistory(request: DriftHistoryRequest): Promise<DriftHistory> {
  const { keep } = request;
  const datasets: DriftHistory['datasets'] = [];
  for (const place of await placesOf(request)) {
    const { dataset, output } = place;
    const read = () => VersionsFile.read(output, dataset);
    const pruned = async (staging: string, last: number) => {
      const file = await read();
      file.pruneDrift(last);
      await file.save(staging);
      return file;
    };
    const file = keep === undefined ? await read() : await underLock(place, ({ staging }) => pruned(staging, keep));
    datasets.push({ dataset, entries: inTime(file.content.drift ?? []) });
  }
  return { ...documentHead('mldata/drift-history'), datasets };
}

/** What two branches added is merged in any order. */
function inTime(entries: readonly DriftEntry[]): DriftEntry[] {
  return entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}
