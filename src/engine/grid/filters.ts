/** Filters and orders of a view as SQL. */
import { text } from '../duckdb';
import { columnTypeOf, comparison, misfit, type StageColumn } from '../schema';
import { MldataError, type FilterOperator, type GridFilter, type GridView, type Scalar } from '../../protocol';
import { wholeText } from './cells';

/** SQL condition that holds for the rows of a view; undefined: for all. Throws `filter-invalid`. */
export function conditionOf({ filters }: GridView, columns: readonly StageColumn[]): string | undefined {
  if (filters.length === 0) return undefined;
  return filters.map((filter) => `(${condition(filter, columnNamed(columns, filter.column))})`).join(' AND ');
}

/** What rows of a view are ordered by, the order of the data last. Throws `filter-invalid`. */
export function orderOf({ sort }: GridView, columns: readonly StageColumn[]): string {
  const keys = sort.map(
    ({ column, descending }) => `${columnNamed(columns, column).id} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  return [...keys, '__row'].join(', ');
}

function columnNamed(columns: readonly StageColumn[], name: string): StageColumn {
  const column = columns.find((each) => each.name === name);
  if (!column) throw invalid(`There is no column ${name}.`);
  return column;
}

/** How many values each takes; `oneOf` takes any number but none. */
const counts: Readonly<Record<FilterOperator, number | undefined>> = {
  equals: 1,
  notEquals: 1,
  contains: 1,
  startsWith: 1,
  less: 1,
  greater: 1,
  between: 2,
  oneOf: undefined,
  missing: 0,
  present: 0,
  nan: 0,
  blank: 0,
};

function condition({ operator, values }: GridFilter, column: StageColumn): string {
  const { id, name, physicalType } = column;
  const count = counts[operator];
  if (count === undefined ? values.length === 0 : values.length !== count) {
    throw invalid(`The filter of ${name} takes ${count ?? 'at least 1'} value${count === 1 ? '' : 's'}.`);
  }
  const [first = ''] = values;
  switch (operator) {
    case 'missing':
      return `${id} IS NULL`;
    case 'present':
      return `${id} IS NOT NULL`;
    case 'nan':
      if (!isFloating(physicalType)) throw invalid(`No value of ${name} can be NaN: its values are ${physicalType}.`);
      return `isnan(${id})`;
    case 'blank':
      return `regexp_full_match(${wholeText(column)}, ${text(String.raw`[\s\p{Z}]*`)})`;
    case 'contains':
      return `contains(lower(${wholeText(column)}), lower(${text(first)}))`;
    case 'startsWith':
      return `starts_with(lower(${wholeText(column)}), lower(${text(first)}))`;
    case 'equals':
    case 'notEquals':
    case 'oneOf': {
      const { value, literals } = compared(column, values, false);
      if (operator === 'notEquals') return `${value} <> ${literals[0] ?? ''}`;
      return `${value} IN (${literals.join(', ')})`;
    }
    case 'less':
    case 'greater':
    case 'between': {
      const { value, literals } = compared(column, values, true);
      const [low = '', high = ''] = literals;
      const numbers = isFloating(physicalType) ? ` AND NOT isnan(${id})` : '';
      if (operator === 'between') return `${value} BETWEEN ${low} AND ${high}${numbers}`;
      return `${value} ${operator === 'less' ? '<' : '>'} ${low}${numbers}`;
    }
  }
}

/** Both sides of a comparison, or the sentence that says what would fit. Nested values are compared as their JSON. */
function compared(column: StageColumn, values: readonly string[], ordering: boolean) {
  const held = columnTypeOf(column.physicalType);
  if (!ordering && (held === 'object' || held === 'array'))
    return { value: wholeText(column), literals: values.map(text) };
  // Texts have an order as everything that can be sorted has.
  if (held === 'string' && column.type !== 'duration') {
    const value = column.physicalType === 'VARCHAR' ? column.id : wholeText(column);
    return { value, literals: values.map(text) };
  }
  const scalars = values.map((value) => scalarOf(column, value.trim()));
  for (const scalar of scalars) {
    const expected = misfit(column, scalar, ordering);
    if (expected !== undefined) throw invalid(`The values of ${column.name} are ${expected}; "${scalar}" is not.`);
  }
  return comparison(column.id, column, scalars, ordering);
}

function scalarOf({ physicalType }: StageColumn, value: string): Scalar {
  switch (columnTypeOf(physicalType)) {
    case 'boolean':
      return /^true$/i.test(value) || (/^false$/i.test(value) ? false : value);
    case 'integer': {
      // Whole numbers lie above and below others, too.
      const number = Number(value);
      return /^[-+]?\d+$/.test(value) || value === '' || !Number.isFinite(number) ? value : number;
    }
    case 'datetime':
      return value.replace(' ', 'T');
    default:
      return value;
  }
}

function isFloating(physicalType: string): boolean {
  return physicalType === 'FLOAT' || physicalType === 'DOUBLE';
}

function invalid(message: string): MldataError {
  return new MldataError('usage', 'filter-invalid', message);
}
