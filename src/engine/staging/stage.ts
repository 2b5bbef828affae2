/**
 * Reads every source file once into one in-memory table (it spills to disk beyond the memory limit): the schema's
 * types are enforced on the way, and every record of every file is accounted for.
 */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../duckdb';
import { eachOf } from '../eachOf';
import type { Remembered, StagedCache } from '../incremental';
import {
  MOST_FILES,
  openKnown,
  openSource,
  runsOf,
  USUAL_RECORD_BYTES,
  type OpenSource,
  type SourceFile,
} from '../sources';
import { castColumns, uniteColumns, type Evidence, type StageColumn } from '../schema';
import type { Finding, Input, TableSchema } from '../../protocol';
import { readMany } from './readMany';
import {
  BROKEN,
  evenReading,
  isReadersComplaint,
  readOne,
  STAGE,
  type ReadContext,
  type Reading,
  type StagedFile,
} from './readOne';
import { findHits, hitsFrom, Keeper, readStaged, type Hit } from './readStaged';
import { trusting } from './trusting';

export { BROKEN, STAGE, type StagedFile } from './readOne';

/** The rows that go on: `id` orders them; `__read` says where they were read, also once steps have put them in another order. */
export const KEPT = 'kept';

export interface Stage {
  readonly columns: readonly StageColumn[];
  readonly files: readonly StagedFile[];
  readonly findings: readonly Finding[];
  /** How the files were read. */
  readonly reading: Reading;
  /** How many of the files were staged before. */
  readonly reused: number;
}

export type Guess = 'tested' | 'trusted';

export interface StageContext {
  readonly database: Database;
  readonly dataset: string;
  readonly schema: TableSchema;
  readonly scratch: string;
  readonly signal: AbortSignal;
  /** Share of all bytes read, 0–1, and the file being read. */
  readonly onProgress: (fraction: number, file: string) => void;
  /** Rows that earlier builds staged; absent: every file is parsed. */
  readonly cache?: StagedCache;
  /**
   * Undeclared types are guessed from some of the rows, which saves reading them twice; where a guess turns out to be
   * wrong, all is read again. `tested`: each value is held against the guess while it is read, so that types come out the
   * same; `trusted`: what the reader takes for a number or a boolean is one. Not with a cache.
   */
  readonly guess?: Guess | undefined;
}

/** Above so many columns, looking for common parts of their expressions takes longer than it saves: its time is quadratic. */
const WIDE = 500;

export async function stage(files: readonly SourceFile[], context: StageContext): Promise<Stage> {
  const fast = { maxRecordBytes: USUAL_RECORD_BYTES, parseValues: true };
  let reading: Reading = { ...fast, ...context.cache?.reading, mixedNewlines: new Map() };
  let { guess } = context;
  for (let attempt = 1; ; attempt++) {
    const scratch = join(context.scratch, `read-${attempt}`);
    await mkdir(scratch);
    const result = await stageWith(files, reading, { ...context, scratch, guess });
    // What breaks a trusted guess mostly breaks a tested one: to try that first would only be one reading more.
    if (result === 'misguessed') guess = undefined;
    else if ('columns' in result) return result;
    else reading = result;
    // The copies of another attempt would only take room.
    await rm(scratch, { recursive: true });
  }
}

/** Stages all files, or says how they have to be read instead. */
async function stageWith(
  files: readonly SourceFile[],
  reading: Reading,
  context: StageContext,
): Promise<Stage | Reading | 'misguessed'> {
  const { database, dataset, schema, scratch, signal, cache, guess } = context;
  const declared = new Map(Object.entries(schema.columns).flatMap(([name, { type }]) => (type ? [[name, type]] : [])));
  const opening = { database, dataset, scratch, declared, signal, ...reading };
  const opened: OpenSource[] = [];
  const known = new Map<OpenSource, Remembered>();
  const remembers = await eachOf(files, async (file) =>
    reading.mixedNewlines.has(file.path) ? undefined : cache?.find(file),
  );
  for (const [index, file] of files.entries()) {
    const remembered = remembers[index];
    const source = remembered ? openKnown(file, remembered.facts, opening) : await openSource(file, opening);
    opened.push(source);
    if (remembered) known.set(source, remembered);
  }
  const evidence = new Map([...known].map(([source, { fits, zones }]) => [source, evidenceOf(fits, zones)]));
  const united = await uniteColumns(database, opened, schema, dataset, evidence, guess !== undefined).catch(
    async (error: unknown) => {
      if (!isReadersComplaint(error)) throw error;
      // Whole files were looked at for their types: line ends may differ where the first megabyte does not tell.
      const even = await evenReading(opened, reading, signal);
      if (even.mixedNewlines.size === reading.mixedNewlines.size) throw error;
      return even;
    },
  );
  if (!('columns' in united)) return united;
  const { findings } = united;
  const { columns, sources } =
    guess === 'trusted' && reading.parseValues
      ? await trusting(united.columns, opened, opening)
      : { ...united, sources: opened };
  if (columns.length > WIDE) await database.run("SET disabled_optimizers = 'common_subexpressions'");
  await database.run(`CREATE OR REPLACE TABLE ${BROKEN} (file UINTEGER, record BIGINT, reason VARCHAR, text VARCHAR)`);
  await database.run(
    `CREATE OR REPLACE TABLE ${STAGE} (` +
      [...columns.map(({ id, physicalType }) => `${id} ${physicalType}`), '__file UINTEGER', '__bad BOOLEAN'].join(
        ', ',
      ) +
      ')',
  );
  const hits = cache ? await findHits(cache, sources, known, columns) : [];
  const keeper = cache && (await Keeper.open(cache, { database, columns }, united.evidence));
  try {
    const staged = await stageAll(sources, hits, keeper, { database, dataset, signal, columns, reading }, context);
    if (staged === 'misguessed' || !('files' in staged)) return staged;
    // A condition that holds for every row would still be tried in every look at them.
    const condition = staged.files.some(({ bad }) => bad > 0) ? ' WHERE NOT __bad' : '';
    await database.run(
      `CREATE OR REPLACE VIEW ${KEPT} AS SELECT rowid AS id, rowid AS __read, * FROM ${STAGE}${condition}`,
    );
    return { ...staged, columns, reading, findings: [...sources.flatMap((source) => source.findings), ...findings] };
  } finally {
    await keeper?.close();
  }
}

function evidenceOf(fits: Remembered['fits'], zones: Remembered['zones']): Evidence {
  return { fits: new Map(fits), zones: new Map(zones) };
}

/** In the order of the files: neighbours that are staged already, neighbours that one statement can read, single ones. */
async function stageAll(
  sources: readonly OpenSource[],
  found: readonly (Hit | undefined)[],
  keeper: Keeper | undefined,
  reader: ReadContext,
  context: StageContext,
): Promise<Pick<Stage, 'files' | 'reused'> | Reading | 'misguessed'> {
  const hits = [...found];
  const files: StagedFile[] = [];
  let reused = 0;
  const guessed = reader.columns.some((column) => column.guessed !== undefined);
  const totalBytes = sources.reduce((sum, { file }) => sum + file.bytes, 0) || 1;
  let doneBytes = 0;
  const tell = (fraction: number, { name, bytes }: SourceFile) => {
    context.onProgress((doneBytes + fraction * bytes) / totalBytes, name);
  };
  const take = (staged: readonly StagedFile[]) => {
    files.push(...staged);
    doneBytes += staged.reduce((sum, { source }) => sum + source.file.bytes, 0);
  };
  const casts = (source: OpenSource) => JSON.stringify(castColumns(source, reader.columns));
  for (let next = sources[0]; next !== undefined; next = sources[files.length]) {
    const place = { first: files.length, base: endOf(files) };
    tell(0, next.file);
    const ready = hitsFrom(hits, place.first);
    if (ready.length > 0) {
      const taken = await readStaged(ready, place, reader);
      reused += taken?.length ?? 0;
      if (taken) take(taken);
      else hits.fill(undefined, place.first, place.first + ready.length);
      continue;
    }
    const near = sources.slice(place.first, place.first + MOST_FILES);
    const until = near.findIndex((_, ahead) => hits[place.first + ahead] !== undefined);
    const [run = []] = runsOf(until === -1 ? near : near.slice(0, until), casts);
    const together = run.length > 1 ? await readMany(run, place, reader) : undefined;
    const parsed = together ?? [];
    if (together) {
      for (const one of together) {
        tell(0, one.source.file);
        take([one]);
      }
    } else {
      for (const { file } of run) {
        const one = await readOne(sources, { index: files.length, base: endOf(files) }, reader, (fraction) => {
          tell(fraction, file);
        });
        if (!('source' in one)) return one;
        take([one]);
        parsed.push(one);
      }
    }
    if (guessed && parsed.some(({ bad }) => bad > 0)) return 'misguessed';
    for (const file of parsed) await keeper?.keep(file);
  }
  return { files, reused };
}

/** The `rowid` that comes next. */
function endOf(staged: readonly StagedFile[]): number {
  const last = staged.at(-1);
  return last ? last.base + last.rows : 0;
}

/** The inputs as the manifest names them. */
export function inputsOf(stage: Stage, rejectsBad: boolean): Input[] {
  return stage.files.map(({ source, rows, bad, broken, sha256 }) => ({
    path: source.file.name,
    bytes: source.file.bytes,
    sha256,
    format: source.format,
    rows: rejectsBad ? rows - bad : rows,
    rejected: rejectsBad ? bad + broken : broken,
    ...(source.options && { options: source.options }),
  }));
}
