/** Types of PostgreSQL, and what they are here. */
import type { Client } from 'pg';
import { asJson, asText, checked, decimalForms, plain, type Form, type Forms, type ServerColumn } from './forms';

export interface PostgresColumn extends ServerColumn {
  /** SQL of the server that makes of the column the text that `forms` read. */
  readonly written: (column: string) => string;
}

interface TypeRow {
  readonly oid: number;
  readonly name: string;
  readonly base: string;
  readonly element: string | null;
  readonly modifier: number;
}

/**
 * The type of each column, domains resolved to what they stand for.
 * `format_type` names it as the server reads it back, quoted where its name asks for that.
 */
const typesQuery = `
  WITH RECURSIVE asked AS (
    SELECT place, oid::oid, modifier FROM unnest($1::bigint[], $2::int[]) WITH ORDINALITY AS a(oid, modifier, place)
  ), resolved AS (
    SELECT place, oid AS first, modifier AS first_modifier, oid, modifier FROM asked
    UNION ALL
    SELECT place, first, first_modifier, typbasetype, typtypmod FROM resolved JOIN pg_type t USING (oid) WHERE typtype = 'd'
  )
  SELECT r.oid::bigint, format_type(r.first, r.first_modifier) AS name, t.typname AS base, r.modifier,
    CASE WHEN t.typcategory = 'A' THEN e.typname END AS element
  FROM resolved r JOIN pg_type t ON t.oid = r.oid LEFT JOIN pg_type e ON e.oid = t.typelem
  WHERE t.typtype <> 'd' ORDER BY place`;

/** The columns of rows, which are not read. @param rows a query in parentheses */
export async function columnsOf(client: Client, rows: string): Promise<PostgresColumn[]> {
  // By the extended protocol, which takes one statement and no more.
  const description = { text: `SELECT * FROM ${rows} AS q LIMIT 0`, queryMode: 'extended' };
  const { fields } = await client.query(description);
  const types = await client.query<TypeRow>(typesQuery, [
    fields.map(({ dataTypeID }) => dataTypeID),
    fields.map(({ dataTypeModifier }) => dataTypeModifier),
  ]);
  return fields.map(({ name }, index) => {
    const type = types.rows[index];
    return { name, sourceType: type?.name ?? 'unknown', ...(type ? reading(type) : textual) };
  });
}

type Reading = Pick<PostgresColumn, 'forms' | 'written'>;

const asItIs = (column: string): string => column;
/** What the server says of types that `COPY` and a cast to text write alike. */
const textual: Reading = { forms: [asText], written: asItIs };

/** `0044-03-15 12:00:00 BC` is `0044-03-15 (BC) 12:00:00` to the engine. */
function dated(type: string): Form {
  return { type, value: (text) => `CAST(regexp_replace(${text}, '^(\\S+)(.*) BC$', '\\1 (BC)\\2') AS ${type})` };
}

/** A day of the server may end with 24:00. */
const time: Form = { ...plain('TIME'), fits: (text) => `NOT starts_with(${text}, '24:')` };
const uuid = plain('UUID');
const bytes: Form = { type: 'BLOB', value: (text) => `unhex(substr(${text}, 3))` };

const scalars: Readonly<Record<string, Forms>> = {
  bool: [plain('BOOLEAN')],
  int2: [plain('SMALLINT')],
  int4: [plain('INTEGER')],
  int8: [plain('BIGINT')],
  oid: [plain('UINTEGER')],
  float4: [plain('FLOAT')],
  float8: [plain('DOUBLE')],
  date: [checked(dated('DATE')), asText],
  timestamp: [checked(dated('TIMESTAMP')), asText],
  timestamptz: [checked(dated('TIMESTAMPTZ')), asText],
  time: [time, asText],
  uuid: [uuid],
  json: asJson,
  jsonb: asJson,
  bytea: [bytes],
};

function reading({ base, element, modifier }: TypeRow): Reading {
  if (element !== null) return { forms: arrayForms(element, modifier), written: arrayAsJson };
  const forms = base === 'numeric' ? numeric(modifier) : scalars[base];
  return forms === undefined ? textual : { forms, written: asItIs };
}

function numeric(modifier: number): Forms {
  if (modifier < 0) return ['decimal', asText];
  const packed = modifier - 4;
  // Eleven bits with a sign: -2 stands for hundreds.
  const scale = ((packed & 0x7ff) ^ 1024) - 1024;
  return decimalForms(packed >> 16, scale);
}

/** A list of texts, so that no number loses digits on its way. */
function arrayAsJson(column: string): string {
  return `array_to_json(${column}::text[])`;
}

/** The server does not say how deep an array is: one of more dimensions stays the JSON that it is. */
function arrayForms(element: string, modifier: number): Forms {
  const forms = element === 'numeric' ? numeric(modifier) : scalars[element];
  const [form] = forms ?? [asText];
  const { type, value, fits } = form === undefined || form === 'decimal' ? asText : form;
  const texts = (text: string): string => `CAST(CAST(${text} AS JSON) AS VARCHAR[])`;
  const flat = (text: string): string => `NOT regexp_matches(${text}, '^\\[\\s*\\[')`;
  return [
    {
      type: `${type}[]`,
      value: (text) => `list_transform(${texts(text)}, lambda x: ${value('x')})`,
      fits: (text) =>
        fits
          ? `(${flat(text)} AND coalesce(list_bool_and(list_transform(${texts(text)}, lambda x: ${fits('x')})), true))`
          : flat(text),
    },
    { type: 'VARCHAR[]', value: texts, fits: flat },
    ...asJson,
  ];
}
