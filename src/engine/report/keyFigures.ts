/** The few figures that matter for a column of each type, for a table of all columns. */
import type { ImageProfile, AudioProfile, ProfileColumn, SemanticType, Spread, ValueCount } from '../../protocol';
import type { Numbers } from './numbers';

export interface KeyFigure {
  readonly label: string;
  readonly text: string;
  /** A value of the data, which may hold anything; `text` stands behind it. */
  readonly value?: string;
}

/** Two or three of them; none for a column whose figures could not be calculated. */
export function keyFigures(column: ProfileColumn, numbers: Numbers): KeyFigure[] {
  return describe[column.semantic](column, numbers).filter((figure) => figure !== undefined);
}

/** How many different values there are; `–` where the column could not be described. */
export function distinctText(column: ProfileColumn, { count }: Numbers): string {
  if (column.alerts.some(({ code }) => code === 'column-failed' || code === 'column-unreadable')) return '–';
  return (column.distinctExact ? estimateMark(column, 'distinct') : ESTIMATE) + count(column.distinct);
}

const ESTIMATE = '≈ ';

/** @param key where the figure stands in the column, such as `numeric.mean` */
function estimateMark({ approximate = [] }: ProfileColumn, key: string): string {
  return approximate.some((each) => `${key}.`.startsWith(`${each}.`)) ? ESTIMATE : '';
}

type Describe = (column: ProfileColumn, numbers: Numbers) => (KeyFigure | undefined)[];

const numeric: Describe = (column, { figure }) => {
  const of = column.numeric;
  if (of === undefined) return [];
  const mark = (key: string) => estimateMark(column, `numeric.${key}`);
  return [
    { label: 'mean', text: mark('mean') + figure(of.mean) },
    { label: 'sd', text: mark('stddev') + figure(of.stddev) },
    { label: 'range', text: `${mark('min')}${figure(of.min)} … ${figure(of.max)}` },
  ];
};

const text: Describe = ({ text: of }, { count, figure }) =>
  of === undefined
    ? []
    : [
        { label: 'length', text: `${count(of.minLength)} … ${count(of.maxLength)}` },
        { label: 'mean length', text: figure(of.meanLength) },
        of.blank > 0 ? { label: 'blank', text: count(of.blank) } : undefined,
      ];

const describe: Readonly<Record<SemanticType, Describe>> = {
  numeric,
  boolean: ({ boolean: of }, { share }) =>
    of === undefined || of.true + of.false === 0
      ? []
      : [{ label: 'true', text: share(of.true / (of.true + of.false)) }],
  categorical: (column, numbers) => {
    const of = column.categorical;
    if (of === undefined) return [];
    const mark = estimateMark(column, 'categorical.top');
    return of.top.slice(0, 2).map((most) => valueFigure(most, total(of.top) + of.other, numbers, mark));
  },
  text,
  datetime: ({ temporal: of }, { span }) =>
    of === undefined
      ? []
      : [
          { label: 'from', text: time(of.min) },
          { label: 'to', text: time(of.max) },
          { label: 'span', text: span(of.spanSeconds) },
        ],
  identifier: (column, numbers) => [...(column.numeric ? numeric(column, numbers).slice(2) : text(column, numbers))],
  list: ({ list: of }, { count, figure }) =>
    of === undefined
      ? []
      : [
          { label: 'items', text: `${figure(of.lengths.min)} … ${figure(of.lengths.max)}` },
          { label: 'mean', text: figure(of.lengths.mean) },
          of.empty > 0 ? { label: 'empty', text: count(of.empty) } : undefined,
        ],
  embedding: ({ embedding: of }, numbers) =>
    of === undefined
      ? []
      : [
          { label: 'dimension', text: numbers.count(of.dimension) },
          { label: 'norm', text: spreadText(of.norms, numbers) },
        ],
  struct: ({ struct: of }, { count }) => (of === undefined ? [] : [{ label: 'fields', text: count(of.fields.length) }]),
  image: ({ image: of }, numbers) =>
    of === undefined
      ? []
      : [
          { label: 'size', text: `${numbers.figure(of.width.median)} × ${numbers.figure(of.height.median)}` },
          ...mediaFigures(of, numbers),
        ],
  audio: ({ audio: of }, numbers) =>
    of === undefined
      ? []
      : [{ label: 'seconds', text: spreadText(of.durationSeconds, numbers) }, ...mediaFigures(of, numbers)],
  empty: () => [],
};

function mediaFigures(
  { formats, missing, unreadable, sampled }: ImageProfile | AudioProfile,
  numbers: Numbers,
): (KeyFigure | undefined)[] {
  const { count } = numbers;
  const [most] = formats;
  return [
    most && valueFigure(most, total(formats), numbers),
    missing > 0 ? { label: 'missing files', text: count(missing) } : undefined,
    unreadable > 0 ? { label: 'unreadable', text: count(unreadable) } : undefined,
    sampled && { label: 'sample', text: `${count(sampled.values)} of ${count(sampled.of)} files` },
  ];
}

function valueFigure({ value, count }: ValueCount, of: number, { share }: Numbers, mark = ''): KeyFigure {
  return { label: '', value, text: mark + share(of === 0 ? 0 : count / of) };
}

function total(values: readonly ValueCount[]): number {
  return values.reduce((sum, { count }) => sum + count, 0);
}

function spreadText({ min, max }: Spread, { figure }: Numbers): string {
  return `${figure(min)} … ${figure(max)}`;
}

/** `2024-01-31T12:34:56.789Z` to the second, and a day by itself where it has no time. */
function time(iso: string): string {
  return iso
    .replace(/\.\d+(?=Z|$)/, '')
    .replace('T', ' ')
    .replace(/ 00:00:00Z?$|Z$/, '');
}
