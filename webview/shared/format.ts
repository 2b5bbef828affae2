/** Figures as people read them, in their locale; the full value is for the hover and for copies. */

let locale = 'en';

/** `tag` as the editor names its language; an unknown one is English. */
export function useLocale(tag: string): void {
  locale = Intl.NumberFormat.supportedLocalesOf([tag]).length > 0 ? tag : 'en';
}

/** How many there are of something, in full. */
export function count(value: number): string {
  return value.toLocaleString(locale);
}

/** At most four significant figures, but for whole numbers below a million. Not defined: `–`. */
export function figure(value: number | null): string {
  if (value === null) return '–';
  const size = Math.abs(value);
  if (Number.isInteger(value) && size < 1e6) return count(value);
  if (size >= 1e15 || size < 1e-4) {
    return value.toLocaleString(locale, { notation: 'scientific', maximumSignificantDigits: 4 });
  }
  const notation = size >= 1e6 ? 'compact' : 'standard';
  return value.toLocaleString(locale, { notation, maximumSignificantDigits: 4 });
}

/** A correlation: two decimals, and a zero without a sign. */
export function coefficient(value: number): string {
  const rounded = Math.round(value * 100) / 100 || 0;
  return rounded.toLocaleString(locale, { minimumFractionDigits: 2, maximumFractionDigits: 2 });
}

/** Every digit that tells the number from its neighbours. */
export function full(value: number | null): string {
  if (value === null) return '–';
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e21 || size < 1e-6)) return String(value);
  return value.toLocaleString(locale, { maximumFractionDigits: 20 });
}

/** A share of the whole, 0–1, as `3.2 %`; what is there is never `0 %`, and what is not all never `100 %`. */
export function share(fraction: number): string {
  const percent = fraction * 100;
  const shown = (value: number): string => value.toLocaleString(locale, { maximumFractionDigits: 1 });
  if (percent > 0 && percent < 0.05) return `< ${shown(0.1)} %`;
  if (percent > 99.95 && percent < 100) return `> ${shown(99.9)} %`;
  return `${shown(percent)} %`;
}

const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];

/** Binary units, at most three significant figures. */
export function bytes(value: number): string {
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
  const scaled = value / 1024 ** power;
  const digits = power === 0 ? 4 : 3;
  return `${scaled.toLocaleString(locale, { maximumSignificantDigits: digits })} ${units[power] ?? ''}`;
}

const spans = [
  { seconds: 365.2425 * 86_400, unit: 'year' },
  { seconds: 86_400, unit: 'day' },
  { seconds: 3600, unit: 'hour' },
  { seconds: 60, unit: 'minute' },
  { seconds: 1, unit: 'second' },
] as const;

/** A length of time in the largest unit of which there are two, or in milliseconds. */
export function duration(seconds: number | null): string {
  if (seconds === null) return '–';
  const { seconds: size, unit } =
    spans.find((span) => Math.abs(seconds) >= 2 * span.seconds) ??
    (Math.abs(seconds) >= 1 ? { seconds: 1, unit: 'second' } : { seconds: 0.001, unit: 'millisecond' });
  return (seconds / size).toLocaleString(locale, {
    style: 'unit',
    unit,
    unitDisplay: 'long',
    maximumSignificantDigits: 3,
  });
}

/** When something happened, to the minute, in the reader's time zone. */
export function moment(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : time.toLocaleString(locale, { dateStyle: 'medium', timeStyle: 'short' });
}

/** `2024-01-31T00:00:00.000Z` without what is all zeros; a time of day or a date stays as it is. */
export function time(iso: string): string {
  return iso
    .replace(/\.0*(?=Z|$)/, '')
    .replace('T', ' ')
    .replace(/(?<=\d) 00:00:00Z?$/, '')
    .replace(/Z$/, '');
}

/** Names of the days of the week, Monday first. */
export function weekdayNames(): string[] {
  const format = new Intl.DateTimeFormat(locale, { weekday: 'short', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, day) => format.format(Date.UTC(2024, 0, 1 + day)));
}
