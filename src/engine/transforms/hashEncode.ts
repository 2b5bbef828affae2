import type { hashEncode as declared } from '../../config/transforms/hashEncode';
import { text } from '../duckdb';
import { categoryOf } from './categories';
import { replaced } from './table';
import type { ParametersOf, Unfitted } from './transform';

/** md5 rather than the engine's own hash, which may change with its version. A missing value stays missing. */
export const hashEncode: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns, buckets, seed }, table) =>
    replaced(table, columns, (column) => ({
      // `||` is missing where the value is; `concat` would take it for an empty text.
      value: `(md5_number_lower(${text(`${seed}|`)} || ${categoryOf(column)}) % ${buckets}::UBIGINT)::BIGINT`,
      type: 'integer',
    })),
};
