/** Which columns name images. */
import type { Database } from '../duckdb';
import type { Rows } from '../rows';

/** Values that are looked at. */
const LOOKED_AT = 100;
const ENDING = /\.(jpe?g|png|gif|webp|avif|tiff?|bmp|svg|heic)$/i;

/** Those that are declared so, and texts that end as names of images do. */
export async function imageColumns(database: Database, data: Rows): Promise<boolean[]> {
  const { relation, columns, rows } = data;
  const texts = columns.filter(({ type, physicalType }) => type === 'string' && physicalType === 'VARCHAR');
  if (texts.length === 0 || rows === 0) return columns.map(({ type }) => type === 'image');
  const values = texts.map(({ id }) => `right(${id}, 5) AS ${id}`).join(', ');
  const first = await database.rows(`SELECT ${values} FROM ${relation} WHERE ${data.between(0, LOOKED_AT - 1)}`);
  return columns.map(({ id, type }) => {
    const endings = first.flatMap((row) => row[id] ?? []);
    return type === 'image' || (endings.length > 0 && endings.every((ending) => ENDING.test(String(ending))));
  });
}
