/** Rows of a DuckDB file, which the engine reads itself. */
import { stat } from 'node:fs/promises';
import { identifier, targetLiteral, text as literal, type Database } from '../duckdb';
import { MldataError } from '../../protocol';
import { asText, checked, plain, type Forms, type ServerColumn } from './forms';
import { limitOf, namesOf, watermarkIndex, withoutSemicolon, type ReadRequest } from './request';
import { troubleWith } from './troubles';

const NAME = 'mldata_source';

/**
 * Opens the file for reading and asks for the columns; from then on statements read nothing else.
 * @param path of the file, absolute
 * @param folders where statements may read and write
 * Throws `database-missing`, `database-busy`, `database-unreadable`, `query-failed` and `cancelled`.
 */
export async function openDuckdb(
  request: ReadRequest,
  path: string,
  database: Database,
  folders: readonly string[],
): Promise<{ relation: string; columns: ServerColumn[] }> {
  const { source, signal } = request;
  if (!(await stat(path).catch(() => undefined))?.isFile()) {
    throw new MldataError(
      'buildFailed',
      'database-missing',
      `${path} is no file. Correct the path, which is relative to the config.`,
    );
  }
  try {
    await database.run(`ATTACH ${targetLiteral(path)} AS ${NAME} (READ_ONLY); USE ${NAME}`);
  } catch (error) {
    throw troubleWith(error, { uri: source.uri, signal }, ({ message }) =>
      /lock/i.test(message) ? 'busy' : 'unreadable',
    );
  }
  try {
    await database.confine(folders, [path, `${path}.wal`]);
    const query = queryOf(request);
    const described = await database.describe(`SELECT * FROM ${query}`);
    const names = described.map((_, index) => `c${index}`);
    const columns = described.map(({ name, type }) => ({ name, sourceType: type, forms: formsOf(type) }));
    const rows = `(SELECT * FROM ${query} AS q(${names.join(', ')}))`;
    return { relation: restricted(rows, columns, request), columns };
  } catch (error) {
    throw troubleWith(error, { uri: source.uri, signal }, () => 'query');
  }
}

function queryOf({ source: { rows } }: ReadRequest): string {
  if ('query' in rows) return `(${withoutSemicolon(rows.query)}\n)`;
  return `(SELECT * FROM ${namesOf(rows.table).map(identifier).join('.')})`;
}

function restricted(rows: string, columns: readonly ServerColumn[], { after, source }: ReadRequest): string {
  if (after === undefined) return source.limit === undefined ? rows : `(SELECT * FROM ${rows}${limitOf(source)})`;
  const index = watermarkIndex(
    columns.map(({ name }) => name),
    after.column,
  );
  const where =
    after.value === undefined
      ? ''
      : ` WHERE c${index} >= CAST(${literal(after.value)} AS ${columns[index]?.sourceType}) OR c${index} IS NULL`;
  return `(SELECT * FROM ${rows}${where} ORDER BY c${index})`;
}

/** What Parquet has no form for; names of fields that look like it stand in quotes. */
const LOSSY = new RegExp(
  [
    `"(?:[^"]|"")*"`,
    `ENUM\\((?:'(?:[^']|'')*'(?:, )?)*\\)`,
    '\\b(?:U?HUGEINT|INTERVAL|BIGNUM|BIT|TIME WITH TIME ZONE|TIME_NS)\\b',
  ].join('|'),
  'g',
);

/** Whole numbers of 128 bits become decimals, as long as those can hold them; what else would lose something, texts. */
function formsOf(type: string): Forms {
  if (/\bUNION\(/.test(type)) return [asText];
  const written = (large: string): string =>
    type.replace(LOSSY, (found) => (found.startsWith('"') ? found : found.endsWith('HUGEINT') ? large : 'VARCHAR'));
  const [decimals, texts] = [written('DECIMAL(38,0)'), written('VARCHAR')];
  if (texts === type) return [{ type, value: (column) => column }];
  return decimals === texts ? [plain(texts)] : [checked(plain(decimals)), plain(texts)];
}
