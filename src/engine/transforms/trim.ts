import type { trim as declared } from '../../config/transforms/spelling';
import { text } from '../duckdb';
import { replaced } from './table';
import { asText, WHITE_SPACE } from './texts';
import type { ParametersOf, Unfitted } from './transform';

export const trim: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns }, table) =>
    replaced(table, columns, (column) => ({
      value: `trim(${asText(column)}, ${text(WHITE_SPACE)})`,
      type: column.type,
    })),
};
