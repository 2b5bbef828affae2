/** Files whose rows an earlier build staged: they are taken from its cache, and those that are parsed go there. */
import { pathLiteral, targetLiteral, type Database } from '../duckdb';
import { eachOf } from '../eachOf';
import { digest, type Remembered, type StagedCache } from '../incremental';
import { castColumns, type Evidence, type StageColumn } from '../schema';
import type { OpenSource } from '../sources';
import { allOrNothing } from './allOrNothing';
import { BROKEN, isReadersComplaint, STAGE, type ReadContext, type StagedFile } from './readOne';

/** Rows of one file, ready to be taken. */
export interface Hit {
  readonly source: OpenSource;
  readonly path: string;
  readonly sha256: string;
  readonly rows: Remembered['rows'];
}

/** Of one statement. */
const MOST_FILES = 500;
/** More broken records than these are not kept beside the rows of a file. */
const MOST_BROKEN = 1000;
/** Types whose values come out of Parquet as they went in. */
const exact =
  /^(BOOLEAN|U?(TINY|SMALL|BIG)INT|U?INTEGER|FLOAT|DOUBLE|DECIMAL\(\d+,\d+\)|DATE|TIME|TIMESTAMP(_NS)?|TIMESTAMP WITH TIME ZONE|VARCHAR)$/;

/** What tells apart the ways in which the rows of a file can be staged. */
function castOf(source: OpenSource, columns: readonly StageColumn[]): string {
  const types = columns.map(({ id, physicalType }) => [id, physicalType]);
  return digest(JSON.stringify([types, castColumns(source, columns), source.reader]));
}

/** By the places of the sources: whose rows are there. */
export async function findHits(
  cache: StagedCache,
  sources: readonly OpenSource[],
  known: ReadonlyMap<OpenSource, Remembered>,
  columns: readonly StageColumn[],
): Promise<(Hit | undefined)[]> {
  return eachOf(sources, async (source) => {
    const remembered = known.get(source);
    if (!remembered) return undefined;
    const path = await cache.rowsOf(remembered, castOf(source, columns));
    return path === undefined ? undefined : { source, path, sha256: cache.hashOf(source.file), rows: remembered.rows };
  });
}

/** How many of the hits from `first` on stand beside each other and go into one statement. */
export function hitsFrom(hits: readonly (Hit | undefined)[], first: number): Hit[] {
  const run: Hit[] = [];
  for (let at = first; run.length < MOST_FILES; at++) {
    const hit = hits[at];
    if (hit === undefined) break;
    run.push(hit);
  }
  return run;
}

/** Stages them; undefined where one has gone since it was found. */
export async function readStaged(
  hits: readonly Hit[],
  { first, base }: { readonly first: number; readonly base: number },
  { database, columns }: Pick<ReadContext, 'database' | 'columns'>,
): Promise<StagedFile[] | undefined> {
  const paths = hits.map(({ path }) => pathLiteral(path)).join(', ');
  const values = columns.map(({ id }) => `${id}, `).join('');
  const expected = hits.reduce((sum, { rows }) => sum + rows.count, 0);
  return allOrNothing(database, async () => {
    try {
      const rows = await database.run(
        `INSERT INTO ${STAGE} SELECT ${values}${first} + file_index, __bad FROM read_parquet([${paths}], hive_partitioning = false)`,
      );
      if (rows !== expected) return undefined;
    } catch (error) {
      if (isReadersComplaint(error)) return undefined;
      throw error;
    }
    const broken = hits.flatMap(({ rows }, place) =>
      rows.broken.map(([record, reason, text]) => [BigInt(first + place), BigInt(record), reason, text] as const),
    );
    if (broken.length > 0) await database.append(BROKEN, broken);
    let next = base;
    return hits.map(({ source, sha256, rows: { count, bad, broken: lost } }, place): StagedFile => {
      const file = { source, index: first + place, base: next, rows: count, bad, broken: lost.length, sha256 };
      next += count;
      return file;
    });
  });
}

/** Keeps what was parsed for the next build, beside the work of this one. */
export class Keeper {
  private constructor(
    private readonly cache: StagedCache,
    /** Writes while the other session reads on. */
    private readonly session: Database,
    private readonly database: Database,
    private readonly columns: readonly StageColumn[],
    private readonly evidence: ReadonlyMap<OpenSource, Evidence>,
  ) {}

  static async open(
    cache: StagedCache,
    { database, columns }: Pick<ReadContext, 'database' | 'columns'>,
    evidence: ReadonlyMap<OpenSource, Evidence>,
  ): Promise<Keeper> {
    return new Keeper(cache, await database.connect(), database, columns, evidence);
  }

  async keep({ source, index, base, rows, bad, broken, sha256 }: StagedFile): Promise<void> {
    const { facts, file, findings } = source;
    const evidence = this.evidence.get(source);
    if (
      !facts ||
      !evidence ||
      broken > MOST_BROKEN ||
      !this.columns.every(({ physicalType }) => exact.test(physicalType))
    )
      return;
    const lost = broken === 0 ? [] : await this.database.rows(`SELECT * FROM ${BROKEN} WHERE file = ${index}`);
    const fresh = {
      file,
      sha256,
      facts: { ...facts, findings },
      evidence,
      rows: {
        cast: castOf(source, this.columns),
        count: rows,
        bad,
        broken: lost.map((row): [number, string, string | null] => [
          Number(row['record']),
          String(row['reason']),
          row['text'] as string | null,
        ]),
      },
    };
    const values = this.columns.map(({ id }) => `${id}, `).join('');
    this.cache.keep(fresh, async (path) => {
      await this.session.run(
        `COPY (SELECT ${values}__bad FROM ${STAGE} WHERE rowid >= ${base} AND rowid < ${base + rows}) ` +
          `TO ${targetLiteral(path)} (FORMAT parquet, COMPRESSION lz4)`,
      );
    });
  }

  /** The staged table may go once this is done. */
  async close(): Promise<void> {
    await this.cache.written();
    this.session.close();
  }
}
