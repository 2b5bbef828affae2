/** Numbers as a report writes them: short enough to compare, in one locale. */

export interface Numbers {
  /** How many there are of something, in full. */
  readonly count: (value: number) => string;
  /** At most four significant figures. Not defined: `–`. */
  readonly figure: (value: number | null) => string;
  /** Of the whole, 0–1: `3.2 %`. What is there is never `0 %`, and what is not all never `100 %`. */
  readonly share: (fraction: number) => string;
  /** Binary units. */
  readonly bytes: (value: number) => string;
  /** A length of time in the largest unit of which there are two. */
  readonly span: (seconds: number) => string;
}

const sizes = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;
const spans = [
  { seconds: 365.2425 * 86_400, unit: 'years' },
  { seconds: 86_400, unit: 'days' },
  { seconds: 3600, unit: 'h' },
  { seconds: 60, unit: 'min' },
] as const;

/** @param locale absent: the person's own */
export function numbersFor(locale?: string): Numbers {
  const text = (value: number, options?: Intl.NumberFormatOptions) => value.toLocaleString(locale, options);
  const percent = (value: number) => `${text(value, { maximumFractionDigits: 1 })} %`;
  return {
    count: (value) => text(value),
    figure: (value) => {
      if (value === null) return '–';
      const size = Math.abs(value);
      if (Number.isInteger(value) && size < 1e6) return text(value);
      const few = { maximumSignificantDigits: 4 };
      return size >= 1e9 || size < 1e-4 ? text(value, { notation: 'scientific', ...few }) : text(value, few);
    },
    share: (fraction) => {
      const value = fraction * 100;
      if (value > 0 && value < 0.05) return `< ${percent(0.1)}`;
      return value > 99.95 && value < 100 ? `> ${percent(99.9)}` : percent(value);
    },
    bytes: (value) => {
      const power = Math.min(sizes.length - 1, Math.max(0, Math.floor(Math.log2(Math.max(1, value)) / 10)));
      const scaled = value / 1024 ** power;
      return `${text(scaled, { maximumFractionDigits: power === 0 || scaled >= 100 ? 0 : 1 })} ${sizes[power] ?? 'B'}`;
    },
    span: (seconds) => {
      const { seconds: size, unit } = spans.find((span) => Math.abs(seconds) >= 2 * span.seconds) ?? {
        seconds: 1,
        unit: 's',
      };
      return `${text(seconds / size, { maximumSignificantDigits: 3 })} ${unit}`;
    },
  };
}

/** Reports are read elsewhere, so their figures are in one form. */
export const reportNumbers = numbersFor('en');
