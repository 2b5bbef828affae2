import type { lowercase as declared } from '../../config/transforms/spelling';
import { replaced } from './table';
import { asText } from './texts';
import type { ParametersOf, Unfitted } from './transform';

export const lowercase: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns }, table) =>
    replaced(table, columns, (column) => ({ value: `lower(${asText(column)})`, type: column.type })),
};
