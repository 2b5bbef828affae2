/** JSON lines and JSON arrays: every record is checked to be an object; keys are those of all records, not of a sample. */
import { firstLine, pathLiteral, text } from '../duckdb';
import { evenNewlines, mixesNewlines } from './newlines';
import { unreadable, type OpenContext, type OpenSource, type SourceColumn } from './source';
import { keepRejects, passOverRejects, type TextInput } from './delimited';

/** A control character that valid JSON never holds unescaped, so that a line stays one field. */
const NEVER = '\x1f';

export async function openJson(input: TextInput, context: OpenContext): Promise<OpenSource> {
  const { file, format } = input;
  const { database } = context;
  const kinds = context.mixedNewlines.get(file.path);
  const mixed = format === 'jsonl' && (kinds !== undefined || mixesNewlines(input.head));
  const path = mixed ? await evenNewlines(input, 'lines', context) : input.path;
  const recordsOf = (rejects: string) =>
    format === 'jsonl' ? lines(path, context.maxRecordBytes, rejects) : array(path, context.maxRecordBytes);
  // Not AND, whose sides may be tried in any order: the type of what is no JSON is an error.
  const readable = `(CASE WHEN json_valid(line) THEN json_type(line) = 'OBJECT' ELSE false END)`;
  let structure: unknown;
  try {
    const row = await database.row(
      `SELECT json_group_structure((CASE WHEN ${readable} THEN line END)::JSON)::VARCHAR AS structure FROM ${recordsOf(passOverRejects)}`,
    );
    structure = JSON.parse(String(row['structure'] ?? '{}'));
  } catch (error) {
    throw unreadable(
      file,
      'source-unreadable',
      `It cannot be read as JSON: ${firstLine(error)}`,
      'Correct the file.',
      error,
    );
  }
  const keys = structure !== null && typeof structure === 'object' ? Object.entries(structure) : [];
  // A declared column is cast by the schema from its text; the rest keep the types that JSON itself has.
  const shape = Object.fromEntries(
    keys.map(([key, type]) => [key, context.declared.has(key) || type === 'NULL' ? 'VARCHAR' : wideInteger(type)]),
  );
  const relationOf = (rejects: string) =>
    `(SELECT json_transform(CASE WHEN ${readable} THEN line END, ${text(JSON.stringify(shape))}) AS record, line ` +
    `FROM ${recordsOf(rejects)})`;
  const glance = relationOf(passOverRejects);
  const expression = (key: string) => `struct_extract(record, ${text(key)})`;
  const types =
    keys.length === 0
      ? []
      : await database.describe(`SELECT ${keys.map(([key]) => expression(key)).join(', ')} FROM ${glance}`);
  const columns = keys.map(([name, structureOfKey], index): SourceColumn => {
    // A key that is null throughout has no type of its own.
    const text = context.declared.has(name) || structureOfKey === 'NULL';
    return { name, expression: expression(name), type: text ? 'text' : (types[index]?.type ?? 'VARCHAR') };
  });
  return {
    file,
    format,
    relation: relationOf(keepRejects),
    glance,
    columns,
    readable,
    rawText: 'line',
    ...(format === 'jsonl' && { text: { path, dialect: 'lines' as const, normalized: path !== file.path } }),
    options: { encoding: input.encoding },
    findings: [],
  };
}

function lines(path: string, maxRecordBytes: number, rejects: string): string {
  const options = `auto_detect = false, compression = 'uncompressed', header = false, delim = ${text(NEVER)}, quote = '', escape = '', strict_mode = true`;
  return (
    `(SELECT line FROM read_csv(${pathLiteral(path)}, ${options}, max_line_size = ${maxRecordBytes}, ` +
    `${rejects}, columns = {'line': 'VARCHAR'}) WHERE trim(line, E' \\t\\r') <> '')`
  );
}

function array(path: string, maxRecordBytes: number): string {
  return (
    `(SELECT json::VARCHAR AS line FROM read_json_objects(${pathLiteral(path)}, format = 'array', compression = 'uncompressed', ` +
    `maximum_object_size = ${maxRecordBytes}))`
  );
}

/** JSON has one kind of whole number; unsigned types would only surprise readers of the output. */
function wideInteger(type: unknown): unknown {
  if (type === 'UBIGINT') return 'BIGINT';
  if (Array.isArray(type)) return type.map(wideInteger);
  if (type !== null && typeof type === 'object') {
    return Object.fromEntries(Object.entries(type).map(([key, inner]) => [key, wideInteger(inner)]));
  }
  return type;
}
