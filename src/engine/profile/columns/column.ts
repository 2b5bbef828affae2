/** One column by itself: what it holds, what that means, and the figures that describe it. */
import type { Row } from '../../duckdb';
import type { StageColumn } from '../../schema';
import type { SemanticType, ValueCount } from '../../../protocol';
import { audioFigures } from './media/audio';
import { categoricalFigures, modeOf, shortened } from './texts/categorical';
import type { ColumnFigures, ColumnContext } from '../context';
import { embeddingFigures, isEmbeddingColumn } from './nested/embedding';
import { firstPass, type FirstPass } from './firstPass';
import { firstLook, looked, withFrequencies, type Frequencies, type Values } from './frequencies';
import { imageFigures } from './media/image';
import { listFigures } from './nested/list';
import { numberCounts, numbersPass } from './numbers/numberCounts';
import { estimatedNumeric, numericFigures } from './numbers/numeric';
import { isRising, orderOf, type Ordered } from './order';
import { declaredSemantic, kindOf, numberTypeOf, semanticOfNumbers, semanticOfTexts, textOf } from '../../statistics';
import { holdObjects, structFigures } from './nested/struct';
import { sampledTemporal, temporalFigures, timeTypeOf } from './times/temporal';
import { lengthsOf, textFigures } from './texts/text';

/** What is said of every column. */
type Base = Pick<ColumnFigures, 'name' | 'type' | 'physicalType' | 'role' | 'nulls' | 'nullRatio'>;

/** Throws what the engine says of values that it cannot work on. */
export async function profileColumn(context: ColumnContext, column: StageColumn): Promise<ColumnFigures> {
  switch (kindOf(column)) {
    case 'number':
      return numberColumn(context, column);
    case 'boolean':
      return booleanColumn(context, column);
    case 'time':
      return timeColumn(context, column);
    case 'text':
      return textColumn(context, column);
    case 'list':
    case 'struct':
      return nestedColumn(context, column);
    case 'media':
      return mediaColumn(context, column);
  }
}

function baseOf({ rows }: ColumnContext, { name, type, physicalType, spec }: StageColumn, present: number): Base {
  const nulls = Math.max(0, rows - present);
  return {
    name,
    type,
    physicalType,
    ...(spec.role && { role: spec.role }),
    nulls,
    nullRatio: rows === 0 ? 0 : nulls / rows,
  };
}

const ofNothing = { semantic: 'empty', distinct: 0, distinctExact: true } as const;

/** One pass over the column. */
function pass({ database, relation }: ColumnContext, aggregates: readonly string[]): Promise<Row> {
  return database.row(`SELECT ${aggregates.join(', ')} FROM ${relation}`);
}

interface Distinct {
  readonly distinct: number;
  readonly distinctExact: boolean;
  /** Whether no value occurs twice, as far as can be seen. */
  readonly unique: boolean;
}

/** Of the values, where the sketch cannot tell whether all are different. */
const SKETCH_ERROR = 0.2;

/** Of a sample, the frequencies tell too few: then the engine's sketch (HyperLogLog) does. */
async function distinctOf(
  context: ColumnContext,
  { oneIn, count, estimate, value, where }: Values,
  frequencies: Frequencies,
): Promise<Distinct> {
  const unique = frequencies.highest < 2;
  if (oneIn === 1) return { distinct: frequencies.distinct, distinctExact: true, unique };
  const sketched = estimate ?? (await sketch(context, `${value}) FILTER (WHERE ${where}`));
  const distinct = Math.min(count, Math.max(frequencies.distinct, sketched));
  return { distinct, distinctExact: false, unique: unique && distinct >= count * (1 - SKETCH_ERROR) };
}

async function sketch(context: ColumnContext, values: string): Promise<number> {
  return Number((await pass(context, [`approx_count_distinct(${values}) AS estimate`]))['estimate']);
}

/** Keys of the document, for figures of a sample. */
function approximate(
  { oneIn }: Values,
  mode: ValueCount | undefined,
  figures: readonly string[],
): { approximate: string[] } | undefined {
  return oneIn === 1 ? undefined : { approximate: ['distinct', ...(mode ? ['mode'] : []), ...figures] };
}

const within = (key: string, figures: readonly string[]) => figures.map((figure) => `${key}.${figure}`);

/** What the first look at a column asks for; undefined where it is looked at otherwise. */
export function firstPassOf(context: ColumnContext, column: StageColumn): FirstPass | undefined {
  const { id } = column;
  switch (kindOf(column)) {
    case 'number':
      return numbersPass(context, id, numbersIn(column), numberTypeOf(column.physicalType));
    case 'boolean':
      return booleansPass(column);
    case 'time':
      return timesPass(context, column);
    case 'text':
      return textsPass(context, column);
    case 'media':
      return pathsPass(context, column);
    case 'list':
    case 'struct':
      return undefined;
  }
}

/** What of a column is put in order; undefined where its order is not told. */
export function orderedOf(column: StageColumn): Ordered | undefined {
  const { id, physicalType } = column;
  switch (kindOf(column)) {
    case 'number':
      return { id, ...numbersIn(column) };
    case 'time': {
      const { ticks, where } = timeTypeOf(physicalType);
      return { id, value: ticks(id), where: where(id) };
    }
    default:
      return undefined;
  }
}

function numbersIn({ id, physicalType }: StageColumn): Pick<Values, 'value' | 'where'> {
  const type = numberTypeOf(physicalType);
  return {
    value: type.held === physicalType ? id : `CAST(${id} AS ${type.held})`,
    where: type.floating ? `isfinite(${id})` : `${id} IS NOT NULL`,
  };
}

async function numberColumn(context: ColumnContext, column: StageColumn): Promise<ColumnFigures> {
  const { id, physicalType } = column;
  const type = numberTypeOf(physicalType);
  const { value, where } = numbersIn(column);
  const row = await firstPass(context, id, numbersPass(context, id, { value, where }, type));
  const counts = await numberCounts(context, id, type, row);
  const { present, count } = counts;
  const following = await orderOf(context, { id, value, where });
  const values = {
    ...{ name: id, value, where, count, rising: isRising(following), listed: shortened(textOf(type)) },
    ...looked(context, row, count),
  };
  return withFrequencies(context, values, true, async (frequencies) => {
    const numeric = await numericFigures(context, type, values, counts, following?.order, frequencies);
    const base = baseOf(context, column, present);
    if (present === 0) return { ...base, ...ofNothing, numeric };
    const { distinct: finite, distinctExact, unique } = await distinctOf(context, values, frequencies);
    const { nans, infinities, negativeInfinities } = counts;
    const distinct = finite + [nans, infinities, negativeInfinities].filter((each) => each > 0).length;
    const [min, max] = [counts.bounds?.min.value ?? 0, counts.bounds?.max.value ?? 0];
    const semantic = semanticOfNumbers(column, { integer: type.integer, count, distinct, unique, min, max });
    const isCategorical = semantic === 'categorical';
    const mode = await modeOf(context, frequencies, textOf(type));
    return {
      ...base,
      semantic,
      distinct,
      distinctExact,
      ...approximate(values, mode, [
        ...within('numeric', estimatedNumeric(context, numeric)),
        ...(isCategorical ? ['categorical'] : []),
      ]),
      ...(mode && { mode }),
      numeric,
      ...(isCategorical &&
        frequencies.distinct > 0 && {
          categorical: await categoricalFigures(context, frequencies, textOf(type), { count, distinct: finite }),
        }),
    };
  });
}

function booleansPass({ id }: StageColumn): FirstPass {
  return { inputs: { [id]: id }, figures: { yes: `count_if(${id})`, no: `count_if(NOT ${id})` } };
}

async function booleanColumn(context: ColumnContext, column: StageColumn): Promise<ColumnFigures> {
  const { id } = column;
  const row = await firstPass(context, id, booleansPass(column));
  const counts = { true: Number(row['yes']), false: Number(row['no']) };
  const base = baseOf(context, column, counts.true + counts.false);
  const distinct = [counts.true, counts.false].filter((count) => count > 0).length;
  if (distinct === 0) return { ...base, ...ofNothing };
  const value = counts.true > counts.false;
  const mode: ValueCount = { value: String(value), count: Math.max(counts.true, counts.false) };
  const semantic = declaredSemantic(column) === 'identifier' ? 'identifier' : 'boolean';
  return { ...base, semantic, distinct, distinctExact: true, ...(mode.count > 1 && { mode }), boolean: counts };
}

function timesPass(context: ColumnContext, { id, physicalType }: StageColumn): FirstPass {
  const type = timeTypeOf(physicalType);
  const where = type.where(id);
  const [c, v] = [`c_${id}`, `v_${id}`];
  return {
    inputs: { [c]: id, [v]: `CASE WHEN ${where} THEN ${id} END` },
    figures: {
      present: `count(${c})`,
      count: `count(${v})`,
      infinite: `count(DISTINCT CASE WHEN ${v} IS NULL THEN ${c} END)`,
      ...firstLook(context, v, id),
      min: `CAST(${type.ticks(`min(${v})`)} AS VARCHAR)`,
      max: `CAST(${type.ticks(`max(${v})`)} AS VARCHAR)`,
    },
  };
}

async function timeColumn(context: ColumnContext, column: StageColumn): Promise<ColumnFigures> {
  const { id, physicalType } = column;
  const type = timeTypeOf(physicalType);
  const [value, where] = [type.ticks(id), type.where(id)];
  const row = await firstPass(context, id, timesPass(context, column));
  const count = Number(row['count']);
  const base = baseOf(context, column, Number(row['present']));
  const infinite = Number(row['infinite']);
  const semantic: SemanticType = declaredSemantic(column) === 'identifier' ? 'identifier' : 'datetime';
  // Where all are infinite, there is nothing to describe.
  if (count === 0) return { ...base, ...ofNothing, ...(infinite > 0 && { semantic, distinct: infinite }) };
  const bounds = { min: BigInt(String(row['min'])), max: BigInt(String(row['max'])) };
  const following = await orderOf(context, { id, value, where });
  const values = {
    ...{ name: id, value, where, count, rising: isRising(following), listed: shortened(type.text) },
    ...looked(context, row, count),
  };
  return withFrequencies(context, values, true, async (frequencies) => {
    const temporal = await temporalFigures(context, type, values, bounds, following?.order, frequencies);
    const { distinct, distinctExact } = await distinctOf(context, values, frequencies);
    const mode = await modeOf(context, frequencies, type.text);
    return {
      ...base,
      semantic,
      distinct: distinct + infinite,
      distinctExact,
      ...approximate(
        values,
        mode,
        within(
          'temporal',
          sampledTemporal.filter((key) => temporal[key] !== undefined),
        ),
      ),
      ...(mode && { mode }),
      temporal,
    };
  });
}

function textIn({ id, physicalType }: StageColumn): string {
  return physicalType === 'VARCHAR' ? id : `CAST(${id} AS VARCHAR)`;
}

function textsPass(context: ColumnContext, column: StageColumn): FirstPass {
  const { id } = column;
  const v = `v_${id}`;
  return {
    inputs: { [v]: textIn(column) },
    figures: {
      present: `count(${v})`,
      // Texts may be long: their hashes are looked at.
      ...firstLook(context, `CASE WHEN ${v} IS NOT NULL THEN hash(${v}) END`, id),
      bytes: `coalesce(sum(strlen(${v})), 0)`,
      // Of few values the frequencies tell.
      ...(context.fast &&
        context.drawn?.few.has(id) !== true && {
          least: `min(length(${v}))`,
          most: `max(length(${v}))`,
          mean: `avg(length(${v}))`,
        }),
    },
  };
}

async function textColumn(context: ColumnContext, column: StageColumn): Promise<ColumnFigures> {
  const { id } = column;
  const row = await firstPass(context, id, textsPass(context, column));
  const count = Number(row['present']);
  const base = baseOf(context, column, count);
  if (count === 0) return { ...base, ...ofNothing };
  const values = {
    ...{ name: id, value: textIn(column), where: `${id} IS NOT NULL`, count, listed: shortened('v') },
    ...looked(context, row, count, Number(row['bytes'])),
    ...(row['least'] !== undefined && { lengths: row }),
  };
  return withFrequencies(context, values, false, async (frequencies) => {
    const lengths = await lengthsOf(context, values, frequencies);
    const { distinct, distinctExact, unique } = await distinctOf(context, values, frequencies);
    const semantic = semanticOfTexts(column, {
      count,
      distinct,
      unique,
      meanLength: lengths.meanLength ?? 0,
      maxLength: lengths.maxLength,
      spaced: unique && (await hasSpaces(context, frequencies)),
    });
    const { figures, estimates } = await textFigures(context, values, lengths, frequencies);
    const mode = await modeOf(context, frequencies, 'v');
    // Where no value occurs twice, none is more frequent than others.
    const isListed = mode !== undefined || semantic === 'categorical';
    const sampled = approximate(values, mode, isListed ? ['categorical'] : [])?.approximate ?? [];
    const estimated = [...sampled, ...within('text', estimates)];
    return {
      ...base,
      semantic,
      distinct,
      distinctExact,
      ...(estimated.length > 0 && { approximate: estimated }),
      ...(mode && { mode }),
      ...(isListed && {
        categorical: await categoricalFigures(context, frequencies, 'v', { count, distinct }),
      }),
      text: figures,
    };
  });
}

async function hasSpaces({ database }: ColumnContext, { table }: Frequencies): Promise<boolean> {
  const row = await database.row(`SELECT count(*) FILTER (WHERE contains(v, ' ')) > 0 AS spaced FROM ${table}`);
  return row['spaced'] === true;
}

/** Nested values are told apart by their hashes: they may be long, and no figure lists them. */
async function nestedColumn(context: ColumnContext, column: StageColumn): Promise<ColumnFigures> {
  const { id } = column;
  const estimate = context.fast
    ? `approx_count_distinct(${id})`
    : `count(DISTINCT hash(${id})) FILTER (WHERE ${id} IS NOT NULL)`;
  const row = await pass(context, [`count(${id}) AS present`, `${estimate} AS different`]);
  const present = Number(row['present']);
  const base = baseOf(context, column, present);
  if (present === 0) return { ...base, ...ofNothing };
  const distinct = {
    distinct: Math.min(present, Number(row['different'])),
    distinctExact: false,
    approximate: ['distinct'],
  };
  if (kindOf(column) === 'struct')
    return { ...base, semantic: 'struct', ...distinct, struct: await structFigures(context, column) };
  if (await isEmbeddingColumn(context, column))
    return { ...base, semantic: 'embedding', ...distinct, embedding: await embeddingFigures(context, column) };
  const list = await listFigures(context, column);
  return {
    ...base,
    semantic: 'list',
    ...distinct,
    list,
    ...(holdObjects(list) && { struct: await structFigures(context, column) }),
  };
}

function pathsPass(context: ColumnContext, { id }: StageColumn): FirstPass {
  return { inputs: { [id]: id }, figures: { present: `count(${id})`, ...firstLook(context, id, id) } };
}

/** Columns of paths. */
async function mediaColumn(context: ColumnContext, column: StageColumn): Promise<ColumnFigures> {
  const { id, type } = column;
  const row = await firstPass(context, id, pathsPass(context, column));
  const count = Number(row['present']);
  const base = baseOf(context, column, count);
  if (count === 0) return { ...base, ...ofNothing };
  const values = { name: id, value: id, where: `${id} IS NOT NULL`, count, ...looked(context, row, count) };
  return withFrequencies(context, values, false, async (frequencies) => {
    const { distinct, distinctExact } = await distinctOf(context, values, frequencies);
    const mode = await modeOf(context, frequencies, 'v');
    return {
      ...base,
      ...(type === 'image' ? { semantic: 'image' } : { semantic: 'audio' }),
      distinct,
      distinctExact,
      ...approximate(values, mode, []),
      ...(mode && { mode }),
      ...(type === 'image'
        ? { image: await imageFigures(context, column) }
        : { audio: await audioFigures(context, column) }),
    };
  });
}
