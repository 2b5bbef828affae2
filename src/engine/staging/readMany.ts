/**
 * Several small files in one statement. Nothing of it stays unless every one of them turns out to be as it should be;
 * then they are read one by one, which tells what is the matter with which.
 */
import { keepRejects, readTogether, type OpenSource } from '../sources';
import {
  examine,
  forgetRejects,
  hasRejects,
  isReadersComplaint,
  longerRecords,
  overflowed,
  selection,
  STAGE,
  type Examined,
  type ReadContext,
  type StagedFile,
} from './readOne';
import { allOrNothing } from './allOrNothing';

/**
 * Stages files that {@link runsOf} put together and that are cast alike; undefined where one of them is odd.
 * @param first index of the first file, and `base` of its first row
 */
export async function readMany(
  run: readonly OpenSource[],
  { first, base }: { readonly first: number; readonly base: number },
  context: ReadContext,
): Promise<StagedFile[] | undefined> {
  const { database, columns, signal } = context;
  const [source] = run;
  if (!source) return [];
  const scanning = examineAll(run, signal);
  const relation = readTogether(run, keepRejects);
  await forgetRejects(database);
  const staged = await allOrNothing(database, async () => {
    try {
      await database.run(`INSERT INTO ${STAGE} ${selection(source, columns, `${first} + file_index`, relation)}`);
    } catch (error) {
      if (isReadersComplaint(error)) return undefined;
      throw error;
    }
    if (await hasRejects(database)) return undefined;
    const together = `${STAGE} WHERE __file >= ${first}`;
    if (await overflowed(database, together, source, columns)) return undefined;
    const counts = await database.rows(
      `SELECT __file AS file, count(*) AS rows, count_if(__bad) AS bad FROM ${together} GROUP BY __file`,
    );
    return stagedFiles(run, { first, base }, counts, await scanning, context);
  });
  await scanning;
  return staged;
}

function stagedFiles(
  run: readonly OpenSource[],
  { first, base }: { readonly first: number; readonly base: number },
  counts: readonly Readonly<Record<string, unknown>>[],
  scans: readonly Examined[] | undefined,
  { reading }: ReadContext,
): StagedFile[] | undefined {
  if (scans === undefined) return undefined;
  const byFile = new Map(counts.map((row) => [Number(row['file']), row]));
  const files: StagedFile[] = [];
  let next = base;
  for (const [place, source] of run.entries()) {
    const scan = scans[place];
    const row = byFile.get(first + place);
    const rows = Number(row?.['rows'] ?? 0);
    if (!scan || scan.mixedNewlines !== undefined || longerRecords(scan, reading)) return undefined;
    if (scan.records !== undefined && scan.records !== rows) return undefined;
    const bad = Number(row?.['bad'] ?? 0);
    files.push({ source, index: first + place, base: next, rows, bad, broken: 0, sha256: scan.sha256 });
    next += rows;
  }
  return files;
}

/** Undefined where one cannot be read: reading it by itself says why. */
async function examineAll(run: readonly OpenSource[], signal: AbortSignal): Promise<Examined[] | undefined> {
  const scans: Examined[] = [];
  try {
    for (const source of run) scans.push(await examine(source, signal));
    return scans;
  } catch {
    return undefined;
  }
}
