/** JSON lines and JSON arrays: every record is checked to be an object; keys are those of all records, not of a sample. */
import { firstLine, pathLiteral, text } from '../duckdb';
import { keepRejects, passOverRejects, type TextInput } from './delimited';
import { readableShape, withExactNumbers, type Shape } from './jsonShape';
import { evenNewlines, mixesNewlines } from './newlines';
import { freeName, refuseTwins, unreadable, type OpenContext, type OpenSource, type SourceColumn } from './source';
import { mixOfNewlines, scanText } from '../text';
import { MldataError, type Finding } from '../../protocol';

/** A control character that valid JSON never holds unescaped, so that a line stays one field. */
const NEVER = '\x1f';

export async function openJson(input: TextInput, context: OpenContext): Promise<OpenSource> {
  const { file, format } = input;
  const { database, declared } = context;
  const kinds = context.mixedNewlines.get(file.path);
  const mixed = format === 'jsonl' && (kinds !== undefined || mixesNewlines(input.head));
  const path = mixed ? await evenNewlines(input, 'lines', context) : input.path;
  const recordsOf = (rejects: string) =>
    objects(format === 'jsonl' ? lines(path, context.maxRecordBytes, rejects) : array(path, context.maxRecordBytes));
  const seen = await look(recordsOf(passOverRejects), input, context).catch(async (error: unknown) => {
    // Line ends may differ where the first megabyte does not tell.
    const late =
      format === 'jsonl' && !mixed && mixOfNewlines((await scanText(path, 'lines', context.signal)).newlines);
    if (!late) throw error;
    return late;
  });
  if (typeof seen === 'string') {
    return openJson(input, { ...context, mixedNewlines: new Map([...context.mixedNewlines, [file.path, seen]]) });
  }
  const { structure, longNumbers, findings } = seen;
  const keys = Object.keys(structure);
  const names = keys.map((key, index) => (key === '' ? freeName(`column${index + 1}`, keys) : key));
  refuseTwins(names, file, context.dataset);
  // A declared column is cast by the schema from its text, and so is what has no type of its own.
  const isText = (key: string) => key === '' || declared.has(key) || structure[key] === 'NULL';
  let shape: Shape = Object.fromEntries(
    keys
      .filter((key) => key !== '')
      .map((key) => [key, isText(key) ? 'VARCHAR' : readableShape(structure[key] ?? 'VARCHAR')]),
  );
  if (longNumbers) shape = await withExactNumbers(database, shape, recordsOf(passOverRejects));
  // Without any object there are no columns, and every record is one to complain of.
  const record = Object.keys(shape).length === 0 ? 'NULL' : `json_transform(object, ${text(JSON.stringify(shape))})`;
  const relationOf = (rejects: string) => `(SELECT ${record} AS record, object, line FROM ${recordsOf(rejects)})`;
  const glance = relationOf(passOverRejects);
  // The engine has no struct with an empty name, but a pointer to it.
  const expressions = keys.map((key) =>
    key === '' ? "json_extract_string(object, '/')" : `struct_extract(record, ${text(key)})`,
  );
  const types = keys.length === 0 ? [] : await database.describe(`SELECT ${expressions.join(', ')} FROM ${glance}`);
  return {
    file,
    format,
    relation: relationOf(keepRejects),
    glance,
    columns: keys.map((key, index): SourceColumn => ({
      name: names[index] ?? key,
      expression: expressions[index] ?? 'NULL',
      type: isText(key) ? 'text' : (types[index]?.type ?? 'VARCHAR'),
    })),
    readable: '(object IS NOT NULL)',
    rawText: 'line',
    ...(format === 'jsonl' && { text: { path, dialect: 'lines' as const, normalized: path !== file.path } }),
    options: { encoding: input.encoding },
    findings: [...findings, ...(keys.includes('') ? [keyEmpty(file.name, names[keys.indexOf('')] ?? '')] : [])],
  };
}

interface Look {
  /** What all objects together look like. */
  readonly structure: Readonly<Record<string, Shape>>;
  /** Some line holds so many digits in a row that a number may be more than its type holds. */
  readonly longNumbers: boolean;
  readonly findings: readonly Finding[];
}

/**
 * Looks at every record. Objects of one structure are represented by the shortest of them, so that no more of the file is
 * held at a time; keys stand in the order in which they first appear. Throws `source-unreadable` and `source-empty`.
 */
async function look(relation: string, { file }: TextInput, { database }: OpenContext): Promise<Look> {
  const alike =
    'SELECT json_structure(object) AS structure, len(json_keys(object)) AS keys, arg_min(object, strlen(object)) AS object, ' +
    'min(place) AS place, count(*) AS records, count(object) AS objects, ' +
    `bool_or(regexp_matches(object, '[^0-9.][0-9]{16}')) AS long_numbers, min(left(object, 200)) AS example ` +
    `FROM (SELECT object, row_number() OVER () AS place FROM ${relation}) GROUP BY structure, keys ORDER BY place`;
  const namesTwice = 'keys <> coalesce(len(json_keys(structure)), 0)';
  const row = await database
    .row(
      'SELECT json_group_structure(object::JSON)::VARCHAR AS structure, coalesce(sum(records), 0) AS records, ' +
        'coalesce(sum(objects), 0) AS objects, coalesce(bool_or(long_numbers), false) AS long_numbers, ' +
        `coalesce(sum(records) FILTER (WHERE ${namesTwice}), 0) AS twice, min(example) FILTER (WHERE ${namesTwice}) AS example ` +
        `FROM (${alike})`,
    )
    .catch((error: unknown) => {
      // Too little memory is nothing that is wrong with the file.
      if (error instanceof MldataError || firstLine(error).startsWith('Out of Memory')) throw error;
      const message = `It cannot be read as JSON: ${firstLine(error)}`;
      throw unreadable(file, 'source-unreadable', message, 'Correct the file.', error);
    });
  const found: unknown = JSON.parse(String(row['structure'] ?? 'null'));
  const structure = found !== null && typeof found === 'object' ? (found as Record<string, Shape>) : {};
  const [records, objects, twice] = [Number(row['records']), Number(row['objects']), Number(row['twice'])];
  if (Object.keys(structure).length === 0 && records === objects) {
    const message = records === 0 ? 'The file holds no records.' : 'The records of the file have no keys.';
    throw unreadable(file, 'source-empty', message, 'Remove it from the source or fill it.');
  }
  const findings = twice > 0 ? [keyTwice(file.name, twice, String(row['example']))] : [];
  return { structure, longNumbers: row['long_numbers'] === true, findings };
}

function keyTwice(file: string, count: number, example: string): Finding {
  return {
    code: 'json-duplicate-key',
    severity: 'warning',
    message: `${count === 1 ? '1 record names' : `${count} records name`} a key twice; the first value is taken.`,
    count,
    samples: [example],
    locations: [{ file, text: example }],
    suggestion: 'Give each key one value.',
  };
}

function keyEmpty(file: string, column: string): Finding {
  return {
    code: 'empty-column-name',
    severity: 'warning',
    message: `A key of the records is empty; its column is called ${column}.`,
    column,
    locations: [{ file }],
    suggestion: 'Name it in the file.',
  };
}

/** The records as text in `line`, and in `object` those that are valid JSON objects. */
function objects(records: string): string {
  // What begins so and is valid is an object: to ask for its type would parse it once more.
  const valid = `regexp_matches(line, '^[ \\t\\r\\n]*\\{') AND json_valid(line)`;
  return `(SELECT line, CASE WHEN ${valid} THEN line END AS object FROM ${records})`;
}

function lines(path: string, maxRecordBytes: number, rejects: string): string {
  const options = `auto_detect = false, compression = 'uncompressed', header = false, delim = ${text(NEVER)}, quote = '', escape = '', strict_mode = true`;
  return (
    `(SELECT line FROM read_csv(${pathLiteral(path)}, ${options}, hive_partitioning = false, max_line_size = ${maxRecordBytes}, ` +
    `${rejects}, columns = {'line': 'VARCHAR'}) WHERE regexp_matches(line, '[^ \\t\\r]'))`
  );
}

function array(path: string, maxRecordBytes: number): string {
  return (
    `(SELECT json::VARCHAR AS line FROM read_json_objects(${pathLiteral(path)}, format = 'array', compression = 'uncompressed', ` +
    `hive_partitioning = false, maximum_object_size = ${maxRecordBytes}))`
  );
}
