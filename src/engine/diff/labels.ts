/** How the values of the target are spread over the splits. */
import type { Database } from '../duckdb';
import { asVarchar } from '../schema';
import type { DiffData, Manifest } from '../../protocol';
import type { SideTable } from './side';

type Labels = NonNullable<DiffData['labels']>;

/** Above this it is no set of classes. */
const MOST_VALUES = 100;

/** The column whose distribution is told, where one is named. */
export function labelColumn({ columns, config }: Manifest): string | undefined {
  return columns.find(({ role }) => role === 'target')?.name ?? config.split?.stratify;
}

export async function labelChanges(
  database: Database,
  before: SideTable,
  after: SideTable,
  column: string,
): Promise<Labels | undefined> {
  const [was, is] = [await countsOf(database, before, column), await countsOf(database, after, column)];
  if (was === undefined || is === undefined) return undefined;
  const values: Labels['values'] = [...new Map([...was, ...is]).values()].map(({ key, split, value }) => {
    const [then, now] = [was.get(key)?.rows, is.get(key)?.rows];
    return { split, value, ...(then !== undefined && { before: then }), ...(now !== undefined && { after: now }) };
  });
  if (values.length === 0) return undefined;
  return { column, values };
}

interface Count {
  readonly key: string;
  readonly split: string;
  readonly value: string | null;
  readonly rows: number;
}

/** Undefined where there are too many values; none where the table does not have the column. */
async function countsOf(
  database: Database,
  { name, columns }: SideTable,
  column: string,
): Promise<ReadonlyMap<string, Count> | undefined> {
  const found = columns.find((each) => each.name === column);
  if (!found) return new Map();
  const distinct = await database.row(`SELECT count(DISTINCT ${found.id}) AS values FROM ${name}`);
  if (Number(distinct['values']) > MOST_VALUES) return undefined;
  const rows = await database.rows(
    `FROM (SELECT split, ${asVarchar(found.id, found.physicalType)} AS value, count(*) AS rows FROM ${name} GROUP BY ALL) ` +
      `ORDER BY array_position(['train', 'validation', 'test'], split), value NULLS LAST`,
  );
  return new Map(
    rows.map((row): [string, Count] => {
      const [split, value] = [String(row['split']), row['value'] as string | null];
      const key = JSON.stringify([split, value]);
      return [key, { key, split, value, rows: Number(row['rows']) }];
    }),
  );
}
