/** Numbers of the training rows, for whoever scales or weighs; and what all rows take in memory. */
import type { Database, Value } from '../../duckdb';
import { inBatches } from '../../inBatches';
import { meansAndDeviations } from '../../transforms';
import { EXPORTED, type ReadData } from '../exported';
import type { StatsDocument } from './documents';
import type { PlannedColumn } from './kinds';
import { askColumns } from './passes';
import { isNumeric, numberOf, textOf, trainingOf } from './values';

type ColumnStats = StatsDocument['columns'][number];

export async function statsOf(data: ReadData, columns: readonly PlannedColumn[]): Promise<StatsDocument> {
  const { split, relation } = trainingOf(data);
  const { rows } = await data.database.row(`SELECT count(*) AS rows FROM ${relation}`);
  const moments = await momentsOf(data.database, relation, columns.filter(isNumeric));
  const asked = await askColumns(data.database, relation, columns, aggregates);
  return {
    ...{ kind: 'mldata/pytorch-stats', version: 1, split, rows: Number(rows) },
    columns: columns.map((column, index): ColumnStats => {
      const found = asked[index] ?? {};
      const { mean, deviation } = moments.get(column.name) ?? { mean: null, deviation: null };
      return {
        column: column.name,
        missing: Number(rows) - Number(found.present),
        ...(found.distinct !== undefined && { distinct: Number(found.distinct) }),
        ...(isNumeric(column) && {
          number: { mean, deviation, min: numeric(found.min), max: numeric(found.max), median: numeric(found.median) },
        }),
        ...(lengthOf(column) !== undefined && {
          length: { min: numeric(found.min), max: numeric(found.max), mean: numeric(found.mean) },
        }),
      };
    }),
  };
}

function aggregates(column: PlannedColumn) {
  if (isNumeric(column)) {
    const number = numberOf(column);
    return {
      present: `count(${number})`,
      min: `min(${number})`,
      max: `max(${number})`,
      median: `quantile_cont(${number}, 0.5)`,
    };
  }
  const present = `count(${column.kind === 'class' ? textOf(column) : column.id})`;
  if (column.kind === 'class' || column.kind === 'category') {
    return { present, distinct: `count(DISTINCT ${textOf(column)})` };
  }
  const length = lengthOf(column);
  if (length === undefined) return { present };
  const mean = `sum(${length})::DOUBLE / count(${length})`;
  return { present, min: `min(${length})::DOUBLE`, max: `max(${length})::DOUBLE`, mean };
}

/** Characters of a text, elements of a list. */
function lengthOf({ kind, id }: PlannedColumn): string | undefined {
  if (kind === 'text') return `length(CAST(${id} AS VARCHAR))`;
  return kind === 'numbers' || kind === 'texts' ? `len(${id})` : undefined;
}

function numeric(value: Value | undefined): number | null {
  const number = value === null ? NaN : Number(value);
  return Number.isFinite(number) ? number : null;
}

/** One thread adds the values of so many columns in the order of the rows. */
const COLUMNS_AT_ONCE = 50;

async function momentsOf(database: Database, relation: string, columns: readonly PlannedColumn[]) {
  const found = new Map<string, { readonly mean: number | null; readonly deviation: number | null }>();
  for (const some of inBatches(columns, COLUMNS_AT_ONCE)) {
    const list = some.map((column) => `${numberOf(column)} AS ${column.id}`);
    const training = `(SELECT __row AS id, ${list.join(', ')} FROM ${relation})`;
    for (const each of await meansAndDeviations(some, { database, training })) found.set(each.column, each);
  }
  return found;
}

/** What is so of the rows of all splits. */
export interface Extent {
  readonly nullable: boolean;
  /** Of lists: what all have, undefined where they differ. */
  readonly length?: number;
  /** Of numbers: how far from 0 they lie at most. */
  readonly largest?: number;
  /** In memory, as tensors and texts. */
  readonly bytes: number;
}

/** By the order of the columns. */
export async function extentsOf(data: ReadData, columns: readonly PlannedColumn[]): Promise<Extent[]> {
  const { rows } = data;
  const asked = await askColumns(data.database, EXPORTED, columns, (column) => ({
    present: isNumeric(column)
      ? `count(${numberOf(column)})`
      : `count(${column.kind === 'class' ? textOf(column) : column.id})`,
    ...(column.kind === 'number' && { largest: `max(abs(${numberOf(column)}))` }),
    ...(column.kind === 'numbers' && { least: `min(len(${column.id}))`, most: `max(len(${column.id}))` }),
    ...sizes(column),
  }));
  return columns.map((column, index) => {
    const { present, least, most, largest, held } = asked[index] ?? {};
    const nullable = Number(present) < rows;
    const even = column.kind === 'numbers' && !nullable && rows > 0 && least === most;
    const bytes =
      held === undefined ? rows * (column.kind === 'number' || column.kind === 'time' ? 4 : 8) : Number(held);
    return {
      nullable,
      ...(even && { length: Number(least) }),
      ...(largest !== undefined && { largest: Number(largest) }),
      bytes: bytes + (nullable ? rows : 0),
    };
  });
}

/** Of what has no fixed size. */
function sizes({ kind, id }: PlannedColumn): { readonly held?: string } {
  switch (kind) {
    case 'numbers':
      return { held: `coalesce(sum(len(${id})), 0)::DOUBLE * 4 + count(*) * 8` };
    case 'text':
    case 'texts':
    case 'object':
    case 'image':
    case 'audio':
      return { held: `coalesce(sum(strlen(CAST(${id} AS VARCHAR))), 0)::DOUBLE + count(*) * 8` };
    default:
      return {};
  }
}
