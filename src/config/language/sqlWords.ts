/** Names in SQL, told from texts, numbers and comments by their form. */
import { quoteOf } from './scalars';

export interface SqlWord {
  /** The name that is meant, without quotes. */
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly quoted: boolean;
  /** Whether it surely is a column, where columns are all that an expression can name. */
  readonly sure: boolean;
}

const tokens =
  /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'?|\$\$[\s\S]*?\$\$|"(?:[^"]|"")*"?|[\p{L}_][\p{L}\p{N}_$]*|\d[\w.]*|::|\S/gu;

/** Words of the language that no column can be called without quotes. */
const reserved = new Set(
  (
    'all and any as asc between by case cast collate cross desc distinct else end except exists false from full group ' +
    'having in inner intersect interval is join lateral left like limit not null offset on or order outer qualify ' +
    'right select similar some then true union using when where window with'
  ).split(' '),
);

/** The names in an expression, or in a whole query, in their order. */
export function sqlWords(sql: string): SqlWord[] {
  const found = [...sql.matchAll(tokens)].filter(([text]) => !/^(?:--|\/\*)/.test(text));
  return found.flatMap((match, index): SqlWord[] => {
    const [text] = match;
    const quoted = text.startsWith('"');
    if (!quoted && (!/^[\p{L}_]/u.test(text) || reserved.has(text.toLowerCase()))) return [];
    const before = found[index - 1]?.[0] ?? '';
    const after = found[index + 1]?.[0] ?? '';
    const isAlias = /^as$/i.test(before);
    // `year(x)`, `row.field`, `x::date`, `CAST(x AS date)`, `date '2024-01-01'`, and the parameter of `x -> x + 1`.
    const isOther = after === '(' || before === '.' || after === '.' || before === '::' || after.startsWith("'");
    const isParameter = after === '-' && found[index + 2]?.[0] === '>';
    return [
      {
        name: quoted ? text.slice(1, text.endsWith('"') ? -1 : undefined).replaceAll('""', '"') : text,
        start: match.index,
        end: match.index + text.length,
        quoted,
        sure: !isAlias && !isParameter && (quoted ? before !== '.' : !isOther),
      },
    ];
  });
}

/** The names in an expression as YAML has it, with their places there; undefined in quotes, where places differ. */
export function writtenWords(written: string): SqlWord[] | undefined {
  if (quoteOf(written) !== '') return undefined;
  // The first line of a block says how it is to be read.
  const body = /^[|>][^\n]*\n?/.exec(written)?.[0].length ?? 0;
  return sqlWords(written.slice(body)).map((word) => ({ ...word, start: word.start + body, end: word.end + body }));
}

/** A column's name as SQL takes it: in quotes where it needs them, or had them. */
export function sqlName(name: string, quoted: boolean): string {
  const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name.toLowerCase());
  return plain && !quoted ? name : `"${name.replaceAll('"', '""')}"`;
}
