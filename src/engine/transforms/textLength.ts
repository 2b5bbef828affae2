import { lengthColumn, type textLength as declared } from '../../config/transforms/textLength';
import { text } from '../duckdb';
import { columnNamed, type NewColumn } from './table';
import { asText, WHITE_SPACE } from './texts';
import type { ParametersOf, Unfitted } from './transform';

type Parameters = ParametersOf<typeof declared>;

const counts: Readonly<Record<Parameters['unit'], (value: string) => string>> = {
  characters: (value) => `length(${value})`,
  words: (value) => `len(regexp_extract_all(${value}, ${text(`[^${WHITE_SPACE}]+`)}))`,
  bytes: (value) => `strlen(${value})`,
};

export const textLength: Unfitted<Parameters> = {
  apply: ({ columns, unit }, table) => {
    const made = [columns].flat().map((name): NewColumn => {
      const value = asText(columnNamed(table, name));
      return { name: lengthColumn(name, unit), value: `CAST(${counts[unit](value)} AS BIGINT)`, type: 'integer' };
    });
    return { columns: [...table.columns, ...made] };
  },
};
