/** How texts that read as numbers, dates or times are written: what turns them into values without changing what they say. */
import { text, type Database } from '../duckdb';
import { castText, matches, ZONED } from '../schema';
import type { TextProfile, TextReading } from '../../protocol';
import { inBatches } from '../inBatches';

/** Of fewer of the values nothing is said. */
const SHARE = 0.5;
/** Different texts by which the formats of dates are chosen. */
const CHOSEN_BY = 1000;
/** Formats of one statement: the planner's time grows faster than their number. */
const FORMATS_AT_ONCE = 60;

interface ReadingContext {
  readonly database: Pick<Database, 'row'>;
  /** Chooses the texts by which formats are chosen. */
  readonly seed: number;
}

/** The texts of a column, each once. */
interface Texts {
  /** What they can be selected from: text `v`, and how often it is there, `n`. */
  readonly table: string;
  /** All of them, and the different ones. */
  readonly values: number;
  readonly distinct: number;
  /** How many values each that was counted stands for. */
  readonly weight: number;
}

/** Undefined where few of the values read so, or neither a cast nor any format known here reads them. */
export async function readingOf(
  context: ReadingContext,
  texts: Texts,
  { numbers, dates }: Pick<TextProfile, 'numbers' | 'dates'>,
): Promise<TextReading | undefined> {
  const least = SHARE * texts.values * texts.weight;
  if (numbers > 0 && numbers >= least) return numbersRead(context, texts, numbers);
  return dates > 0 && dates >= least ? datesRead(context, texts) : undefined;
}

interface Way {
  readonly reading: Omit<TextReading, 'values'>;
  /** SQL condition on `v`. */
  readonly reads: string;
}

/** How many values each of the ways reads. */
async function counted<W extends Way>(
  { database }: ReadingContext,
  { weight }: Texts,
  relation: string,
  ways: readonly W[],
): Promise<(W & { readonly values: number })[]> {
  const counts = ways.map(
    ({ reads }, index) => `CAST(coalesce(sum(n) FILTER (WHERE ${reads}), 0) AS BIGINT) AS n${index}`,
  );
  const row = await database.row(`SELECT ${counts.join(', ')} FROM ${relation}`);
  return ways.map((way, index) => ({ ...way, values: Math.round(Number(row[`n${index}`]) * weight) }));
}

/** The one that reads most; of several the first. */
function most<W extends { readonly values: number }>(ways: readonly W[]): W | undefined {
  return ways.reduce<W | undefined>((best, way) => (way.values > (best?.values ?? 0) ? way : best), undefined);
}

/** What a step puts in the place of marks that a cast cannot read. */
type Replacing = NonNullable<TextReading['replacing']>;

const conventions: readonly { readonly thousands: string; readonly decimal: '.' | ',' }[] = [
  { thousands: '', decimal: ',' },
  { thousands: ',', decimal: '.' },
  { thousands: '.', decimal: ',' },
  ...["'", ' '].flatMap((thousands) => (['.', ','] as const).map((decimal) => ({ thousands, decimal }))),
];

/** What replaces marks would make other numbers of texts that use them otherwise: it has to read every number there is. */
async function numbersRead(context: ReadingContext, texts: Texts, numbers: number): Promise<TextReading | undefined> {
  const plain: Way = { reading: { type: 'number' }, reads: asNumber([]) };
  const percent: Replacing = [{ text: '%', with: '' }];
  const ways = [
    plain,
    ...conventions.map((convention) => writtenIn(convention, [])),
    ...[{ thousands: '', decimal: '.' as const }, ...conventions].map((convention) => writtenIn(convention, percent)),
  ];
  const found = await counted(context, texts, texts.table, ways);
  const best = most(found.filter(({ reading, values }) => !reading.replacing || values >= numbers));
  if (!best || best.values < SHARE * numbers) return undefined;
  // Of `1,234` in every row it cannot be told whether it is more or less than a thousand.
  const other = found.filter(({ reading, values }) => reading.replacing && values === best.values && values > 0);
  const meanings = new Set(other.map(({ reading }) => reading.replacing?.find((each) => each.text === ',')?.with));
  const ambiguous = best.reading.replacing !== undefined && meanings.has('') && meanings.has('.');
  return { ...best.reading, values: best.values, ...(ambiguous && { ambiguous }) };
}

function writtenIn({ thousands, decimal }: (typeof conventions)[number], before: Replacing): Way {
  const point = `[${decimal}]`;
  const whole = thousands === '' ? '[0-9]+' : `([0-9]+|[0-9]{1,3}([${thousands}][0-9]{3})+)`;
  const end = before.length > 0 ? String.raw`\s*%\s*` : String.raw`\s*`;
  const pattern = String.raw`\s*[+-]?(${whole}(${point}[0-9]*)?|${point}[0-9]+)([eE][+-]?[0-9]{1,3})?${end}`;
  const replacing = [
    ...before,
    ...(thousands === '' ? [] : [{ text: thousands, with: '' }]),
    ...(decimal === ',' ? [{ text: ',', with: '.' }] : []),
  ];
  return {
    reading: { type: 'number', replacing },
    reads: `CASE WHEN ${matches('v', pattern)} THEN ${asNumber(replacing)} ELSE false END`,
  };
}

function asNumber(replacing: Replacing): string {
  const plain = replacing.reduce((value, each) => `replace(${value}, ${text(each.text)}, ${text(each.with)})`, 'v');
  return `${castText(plain, 'number', 'DOUBLE')} IS NOT NULL`;
}

const dayFormats = [
  ...['.', '/', '-'].flatMap((mark) => ['%y', '%Y'].map((year) => `%d${mark}%m${mark}${year}`)),
  ...['/', '-'].flatMap((mark) => ['%y', '%Y'].map((year) => `%m${mark}%d${mark}${year}`)),
  ...['%Y/%m/%d', '%Y-%m-%d'],
  ...[' ', '-', '. '].flatMap((mark) => ['%b', '%B'].map((month) => `%d${mark}${month}${mark === '-' ? '-' : ' '}%Y`)),
];
const timeFormats = ['', ' %H:%M', ' %H:%M:%S', ' %I:%M %p', ' %I:%M:%S %p', 'T%H:%M', 'T%H:%M:%S'];

/** What the engine reads by a format. A year of two digits is none of the first century. */
function byFormats(formats: readonly string[]): string {
  return `coalesce(year(try_strptime(v, [${formats.map(text).join(', ')}])) >= 1000, false)`;
}

async function datesRead(context: ReadingContext, texts: Texts): Promise<TextReading | undefined> {
  const casts: readonly Way[] = [
    { reading: { type: 'date' }, reads: `${castText('v', 'date', 'DATE')} IS NOT NULL` },
    { reading: { type: 'datetime' }, reads: `${castText('v', 'datetime', 'TIMESTAMP')} IS NOT NULL` },
    { reading: { type: 'time' }, reads: `${castText('v', 'time', 'TIME')} IS NOT NULL` },
    { reading: { type: 'datetime', zoned: true }, reads: `${castText('v', 'datetime', ZONED)} IS NOT NULL` },
  ];
  const formats = await formatsOf(context, texts);
  const found = await counted(context, texts, texts.table, [...casts, ...formats]);
  const best = most(found);
  if (!best) return undefined;
  const ambiguous =
    best.reading.formats !== undefined &&
    found.some(({ reading, values }) => reading !== best.reading && reading.formats && values === best.values);
  return { ...best.reading, values: best.values, ...(ambiguous && { ambiguous }) };
}

/** The order of day, month and year by which most of some of the texts are read, and the other one that reads as many. */
async function formatsOf(context: ReadingContext, texts: Texts): Promise<Way[]> {
  const oneIn = Math.ceil(texts.distinct / CHOSEN_BY);
  const some = `(SELECT v, n FROM ${texts.table} WHERE hash(v, ${context.seed}) % ${oneIn} = 0)`;
  const tried: readonly (Way & Readonly<Record<'day' | 'time', string>>)[] = dayFormats.flatMap((day) =>
    timeFormats.map((time) => ({ day, time, reads: byFormats([`${day}${time}`]), reading: { type: 'date' } })),
  );
  const read: ((typeof tried)[number] & { readonly values: number })[] = [];
  for (const batch of inBatches(tried, FORMATS_AT_ONCE)) read.push(...(await counted(context, texts, some, batch)));
  const days = dayFormats.map((day) => {
    const own = read.filter((each) => each.day === day && each.values > 0);
    return {
      day,
      formats: own.map(({ time }) => `${day}${time}`),
      values: own.reduce((sum, { values }) => sum + values, 0),
    };
  });
  const best = most(days);
  if (!best) return [];
  return days
    .filter(({ day, values }) => day === best.day || (day === otherOrder(best.day) && values === best.values))
    .map(({ formats }) => ({
      reading: { type: formats.every((format) => !/%[HI]/.test(format)) ? 'date' : 'datetime', formats },
      reads: byFormats(formats),
    }));
}

/** With day and month the other way round. */
function otherOrder(format: string): string {
  return format.replace(/%[dm]/g, (part) => (part === '%d' ? '%m' : '%d'));
}
