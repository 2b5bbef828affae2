import { partColumn, type DatetimePart, type datetimeParts as declared } from '../../config/transforms/datetimeParts';
import { text } from '../duckdb';
import { columnNamed, type NewColumn } from './table';
import type { ParametersOf, Unfitted } from './transform';

export const datetimeParts: Unfitted<ParametersOf<typeof declared>> = {
  apply: ({ columns, parts, drop }, table) => {
    const names = [columns].flat();
    const made = names.flatMap((name) =>
      parts.map((part): NewColumn => {
        const { id } = columnNamed(table, name);
        return { name: partColumn(name, part), value: `CAST(${partOf(id, part)} AS BIGINT)`, type: 'integer' };
      }),
    );
    const kept = drop ? table.columns.filter(({ name }) => !names.includes(name)) : table.columns;
    return { columns: [...kept, ...made] };
  },
};

function partOf(value: string, part: DatetimePart): string {
  // Monday is 0, as in pandas and in Python.
  return part === 'weekday' ? `date_part('isodow', ${value}) - 1` : `date_part(${text(part)}, ${value})`;
}
