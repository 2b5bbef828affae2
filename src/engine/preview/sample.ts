/** The first rows of a dataset, cast as a build would cast them. */
import type { DatasetSpec } from '../../protocol';
import type { Database } from '../duckdb';
import { castColumns, uniteColumns } from '../schema';
import { openSource, USUAL_RECORD_BYTES, type OpenContext, type OpenSource, type SourceFile } from '../sources';
import { evenly } from '../staging';
import type { Table } from '../transforms';

/** Enough to see what a step does, and read in a moment. */
const SAMPLE_ROWS = 10_000;

const SAMPLE = 'sample_rows';

export interface Sample {
  readonly table: Table;
  readonly rows: number;
  /** Whether the dataset has no more rows. */
  readonly complete: boolean;
}

export interface SampleContext {
  readonly database: Database;
  readonly spec: DatasetSpec;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Rows with a cell that cannot be cast are left out, as they are in quarantine. Files beyond the sample are not opened. */
export function readSample(files: readonly SourceFile[], context: SampleContext): Promise<Sample> {
  return evenly((reading, onOpen) => readFirst(files, context, reading, onOpen), context.signal);
}

async function readFirst(
  files: readonly SourceFile[],
  { database, spec, scratch, signal }: SampleContext,
  reading: Pick<OpenContext, 'mixedNewlines'>,
  onOpen: (source: OpenSource) => void,
): Promise<Sample> {
  const { schema, name: dataset } = spec;
  const declared = new Map(Object.entries(schema.columns).flatMap(([name, { type }]) => (type ? [[name, type]] : [])));
  const sources: OpenSource[] = [];
  let expected = 0;
  for (const file of files) {
    if (expected > SAMPLE_ROWS) break;
    // Files beyond their first rows would be read by a statement for several of them.
    const { reader: _, ...opened } = await openSource(file, {
      database,
      dataset,
      scratch,
      declared,
      signal,
      maxRecordBytes: USUAL_RECORD_BYTES,
      parseValues: false,
      ...reading,
    });
    onOpen(opened);
    // Types that are not declared are inferred from these rows too: nothing looks further.
    const glance = `(SELECT * FROM ${opened.head ?? opened.glance} LIMIT ${SAMPLE_ROWS + 1})`;
    sources.push({ ...opened, glance });
    const counted = await database.row(`SELECT count(*) AS rows FROM ${glance}`);
    expected += Number(counted['rows']);
  }
  const { columns } = await uniteColumns(database, sources, schema, dataset);
  const types = columns.map(({ id, physicalType }) => `${id} ${physicalType}`);
  await database.run(
    `CREATE OR REPLACE TABLE ${SAMPLE}_read (${['id BIGINT', '__file UINTEGER', '__bad BOOLEAN', ...types].join(', ')})`,
  );
  let read = 0;
  for (const [index, source] of sources.entries()) {
    const { inner, failed } = castColumns(source, columns);
    const values = columns.map(({ id }) => `, ${id}`).join('');
    read += await database.run(
      `INSERT INTO ${SAMPLE}_read SELECT ${read} + row_number() OVER () - 1, ${index}, ${failed}${values} ` +
        `FROM (SELECT ${inner.join(', ')} FROM ${source.glance} LIMIT ${Math.max(0, SAMPLE_ROWS - read)})`,
    );
  }
  await database.run(
    `CREATE OR REPLACE VIEW ${SAMPLE} AS SELECT id AS __read, * EXCLUDE (__bad) FROM ${SAMPLE}_read WHERE NOT __bad`,
  );
  const kept = await database.row(`SELECT count(*) AS rows FROM ${SAMPLE}`);
  return {
    table: { relation: SAMPLE, columns },
    rows: Number(kept['rows']),
    complete: sources.length === files.length && expected <= SAMPLE_ROWS,
  };
}
